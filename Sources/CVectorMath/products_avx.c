#include "products.h"

// Without fused multiply-add: each product is rounded before it is added.
#if defined(__x86_64__)
#define LEVEL __attribute__((target("avx")))
#define KERNEL lk_product_avx
#define TILE_ROWS 6
enum { tile_lanes = 1 };
#include "product_loop.h"
#endif
