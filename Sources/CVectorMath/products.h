#pragma once
#include "vectorise.h"

// What the parts of a product share. A kernel is product_loop.h, product_packing.h and product_tiles.h,
// compiled for one level of instructions (products_avx512.c and its neighbours); products.c picks one.

// A sum over the inner length has one order, whatever the level, the shape of a tile or the rows beside it:
// one element after the other from zero on, in parts that the inner length alone decides. Nothing of it may be
// reordered, or a row's bytes would depend on its neighbours.
#pragma clang fp reassociate(off) contract(fast)

enum {
    lane = 16,           // floats in a vector
    inner = 256,         // a panel of b, inner × tile_columns, stays in the first cache
    block_rows = 480,    // a block of a, block_rows × inner, stays in the second
    most_columns = 32,   // of a tile, at any level
    narrow_columns = 8,  // of a tile for a b of few columns
    narrow_rows = 12,
    // A vector, or a square of vectors, may be written behind what is asked for.
    packed_a = block_rows * inner + lane * lane,
    packed_b = inner * most_columns + lane * most_columns,
};

/// Half of a vector of packed matrices.
typedef float halves __attribute__((vector_size(32), aligned(4)));

typedef struct {
    const float *at;
    long stride;
    int is_transposed;
} matrix;

/// c = alpha * op(a) * op(b) + beta * c.
typedef struct {
    matrix a, b;
    long m, n, k;
    float alpha, beta;
    float *c;
    long stride;
} product;

/// - `packed`: packed_a + packed_b floats of the thread's own.
typedef void (*product_kernel)(const product *of, float *packed);

void lk_product_plain(const product *of, float *packed);
#if defined(__x86_64__)
void lk_product_avx(const product *of, float *packed);
void lk_product_avx2(const product *of, float *packed);
void lk_product_avx512(const product *of, float *packed);
#endif
