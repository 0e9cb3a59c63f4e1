#include "products.h"

#if defined(__x86_64__)
#define LEVEL __attribute__((target("avx2,fma")))
#define KERNEL lk_product_avx2
#define TILE_ROWS 6  // 12 sums of 8 in registers, 2 vectors of b, one of a
enum { tile_lanes = 1 };
#include "product_loop.h"
#endif
