#pragma once

// What the parts of a product share: products.c cuts it into tiles, product_packing.c lays out what a
// tile reads, product_tiles.c multiplies.

#if defined(__x86_64__) && defined(__linux__)
#include "vectorise.h"

#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define WIDE_INLINE static inline __attribute__((always_inline)) WIDE
#define UNROLL _Pragma("clang loop unroll(full)")

enum {
    lane = 16,         // floats in a vector
    tile_rows = 12,    // with tile_columns: 24 sums in registers, 2 vectors of b, and what is left for a
    tile_columns = 32,
    stretch = 16,      // steps of a tile between two requests for what comes next
};

typedef struct {
    const float *at;
    long stride;
    int is_transposed;
} matrix;

/// Rows of a, from `row` on, times alpha, to (k, rows); up to 15 floats behind them are written over.
void lk_pack_rows(matrix a, long row, int rows, long start, long k, float alpha, float *to);

/// Columns of b, from `column` on, to (k, tile_columns); what is not there has any value.
void lk_pack_columns(matrix b, long column, int columns, long start, long k, float *to);

/// Cache lines that are asked for a few at a time: `rows` rows of `row_lines` lines.
typedef struct {
    const float *row;
    long stride, row_lines, line, rows;
} fetch;

/// c = beta * c + a · b over `k`: a packed (k, rows), b packed (k, tile_columns), c (rows, columns).
///
/// On the way it asks for some of `lines`, `pace` of them every `stretch` steps.
void lk_multiply_tile(int rows, int columns, long k, const float *a, const float *b, float *c, long stride,
                      float beta, fetch *lines, long pace);

#endif
