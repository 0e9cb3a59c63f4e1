// A product for one level of instructions, after Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication" (2008), with what tuning asks for: the left matrix is a few hundred tokens, the right one a
// weight that comes from memory. A panel of the weight is packed while it is in the cache, and the next one is
// fetched while this one is multiplied.
//
// Included once by each level's file, which defines LEVEL (attributes of its functions), KERNEL (the name),
// TILE_ROWS and tile_lanes.

#define INLINE static inline __attribute__((always_inline)) LEVEL
#define UNROLL _Pragma("clang loop unroll(full)")

enum { tile_columns = tile_lanes * lane };

#include "product_packing.h"
#include "product_tiles.h"

static long width(long column, long n, long most) { return n - column < most ? n - column : most; }

/// A panel of b: `k` rows of its columns, or its columns where b is transposed.
static fetch panel_fetch(matrix b, long column, long columns, long start, long k) {
    if (b.is_transposed) {
        return (fetch){b.at + column * b.stride + start, b.stride, (k + lane - 1) / lane, 0, columns};
    }
    return (fetch){b.at + start * b.stride + column, b.stride, (columns + lane - 1) / lane, 0, k};
}

/// Rows of a part of the inner length; all parts are nearly as long.
static long part_length(long k) {
    long parts = (k + inner - 1) / inner;
    return ((k + parts - 1) / parts + lane - 1) / lane * lane;
}

/// Rows `first..<first + m` of the product, at most block_rows of them; b has few columns.
LEVEL static void multiply_narrow_block(const product *of, long first, long m, float *packed) {
    float *right = packed, *left = packed + packed_b;
    long groups = (m + narrow_rows - 1) / narrow_rows, part = part_length(of->k);
    for (long start = 0; start < of->k; start += part) {
        long length = of->k - start < part ? of->k - start : part;
        for (long column = 0; column < of->n; column += narrow_columns) {
            int columns = (int)width(column, of->n, narrow_columns);
            pack_narrow(of->b, column, columns, start, length, right);
            for (long group = 0, row = 0; group < groups; group++) {
                int rows = (int)((m - row) / (groups - group));
                if (column == 0) pack_rows(of->a, first + row, rows, start, length, of->alpha, left + row * length);
                multiply_narrow(rows, columns, length, left + row * length, right,
                                of->c + (first + row) * of->stride + column, of->stride,
                                start == 0 ? of->beta : 1);
                row += rows;
            }
        }
    }
}

/// Rows `first..<first + m` of the product, at most block_rows of them.
LEVEL static void multiply_block(const product *of, long first, long m, float *packed) {
    matrix b = of->b;
    long n = of->n, k = of->k;
    float *right = packed, *left = packed + packed_b;
    long groups = (m + TILE_ROWS - 1) / TILE_ROWS;
    // So that the last tile of a panel has asked for all of the next one.
    long pace = (inner * tile_columns / lane) / (groups * (inner / stretch)) + 1;
    long part = part_length(k);
    for (long start = 0; start < k; start += part) {
        long length = k - start < part ? k - start : part;
        for (long group = 0, row = 0; group < groups; group++) {
            int rows = (int)((m - row) / (groups - group));
            pack_rows(of->a, first + row, rows, start, length, of->alpha, left + row * length);
            row += rows;
        }
        for (long column = 0; column < n; column += tile_columns) {
            int columns = (int)width(column, n, tile_columns);
            pack_columns(b, column, columns, start, length, right);
            // Packed next: the panel beside this one, or the first one of the next part.
            long beside = column + tile_columns, below = start + part;
            fetch lines = {0};
            if (beside < n) {
                lines = panel_fetch(b, beside, width(beside, n, tile_columns), start, length);
            } else if (below < k) {
                lines = panel_fetch(b, 0, width(0, n, tile_columns), below, k - below < part ? k - below : part);
            }
            for (long group = 0, row = 0; group < groups; group++) {
                int rows = (int)((m - row) / (groups - group));
                multiply_tile(rows, columns, length, left + row * length, right,
                              of->c + (first + row) * of->stride + column, of->stride, start == 0 ? of->beta : 1,
                              &lines, pace);
                row += rows;
            }
        }
    }
}

LEVEL void KERNEL(const product *of, float *packed) {
    int is_narrow = 2 * of->n <= tile_columns;
    long blocks = (of->m + block_rows - 1) / block_rows;
    for (long block = 0, row = 0; block < blocks; block++) {
        long rows = (of->m - row) / (blocks - block);
        if (is_narrow) {
            multiply_narrow_block(of, row, rows, packed);
        } else {
            multiply_block(of, row, rows, packed);
        }
        row += rows;
    }
}
