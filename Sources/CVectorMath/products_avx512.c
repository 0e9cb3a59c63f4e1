#include "products.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LEVEL __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define KERNEL lk_product_avx512
#define HAS_MASKS 1
#define TILE_ROWS 12  // 24 sums in registers, 2 vectors of b, and what is left for a
enum { tile_lanes = 2 };
#include "product_loop.h"
#endif
