#include "products.h"

// What every processor of the architecture has: SSE2, or NEON, which has twice the registers and fused
// multiply-add.
#define LEVEL
#define KERNEL lk_product_plain
#if defined(__aarch64__)
#define TILE_ROWS 6
#else
#define TILE_ROWS 2
#endif
enum { tile_lanes = 1 };
#include "product_loop.h"
