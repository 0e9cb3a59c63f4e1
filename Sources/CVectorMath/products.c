#include "kernels.h"
#include "products.h"

#include <stdlib.h>

// Products of matrices for processors with AVX-512, after Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008), with what tuning asks for: the left matrix is a few
// hundred tokens, the right one a weight that comes from memory. A panel of the weight is packed while
// it is in the cache, and the next one is fetched while this one is multiplied.

#if defined(__x86_64__) && defined(__linux__)
#include <pthread.h>

enum {
    inner = 256,         // a panel of b, inner × tile_columns, stays in the first cache
    block_rows = 480,    // a block of a, block_rows × inner, stays in the second
    packed_a = block_rows * inner + lane,
    packed_b = inner * tile_columns,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t workspace_key;
static int is_wide;

static void prepare(void) {
    __builtin_cpu_init();
    is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("avx512cd") && pthread_key_create(&workspace_key, free) == 0;
}

/// This thread's room for packed pieces, kept until the thread ends.
static float *workspace(void) {
    float *space = pthread_getspecific(workspace_key);
    if (space == NULL) {
        space = aligned_alloc(64, (packed_a + packed_b) * sizeof *space);
        if (space != NULL) pthread_setspecific(workspace_key, space);
    }
    return space;
}

static int width(long column, long n) { return n - column < tile_columns ? (int)(n - column) : tile_columns; }

/// A panel of b: `k` rows of tile_columns, or its columns where b is transposed.
static fetch panel_fetch(matrix b, long column, int columns, long start, long k) {
    if (b.is_transposed) {
        return (fetch){b.at + column * b.stride + start, b.stride, (k + lane - 1) / lane, 0, columns};
    }
    return (fetch){b.at + start * b.stride + column, b.stride, (columns + lane - 1) / lane, 0, k};
}

/// Rows `first..<first + m` of the product, at most block_rows of them.
static void multiply_block(matrix a, matrix b, long first, long m, long n, long k, float alpha, float beta,
                           float *c, long stride, float *packed) {
    float *right = packed, *left = packed + packed_b;
    long groups = (m + tile_rows - 1) / tile_rows;
    // So that the last tile of a panel has asked for all of the next one.
    long pace = (inner * tile_columns / lane) / (groups * (inner / stretch)) + 1;
    long parts = (k + inner - 1) / inner;
    long part = ((k + parts - 1) / parts + lane - 1) / lane * lane;
    for (long start = 0; start < k; start += part) {
        long length = k - start < part ? k - start : part;
        for (long group = 0, row = 0; group < groups; group++) {
            int rows = (int)((m - row) / (groups - group));
            lk_pack_rows(a, first + row, rows, start, length, alpha, left + row * length);
            row += rows;
        }
        for (long column = 0; column < n; column += tile_columns) {
            lk_pack_columns(b, column, width(column, n), start, length, right);
            // Packed next: the panel beside this one, or the first one of the next part.
            long beside = column + tile_columns, below = start + part;
            fetch lines = {0};
            if (beside < n) {
                lines = panel_fetch(b, beside, width(beside, n), start, length);
            } else if (below < k) {
                lines = panel_fetch(b, 0, width(0, n), below, k - below < part ? k - below : part);
            }
            for (long group = 0, row = 0; group < groups; group++) {
                int rows = (int)((m - row) / (groups - group));
                lk_multiply_tile(rows, width(column, n), length, left + row * length, right,
                                 c + (first + row) * stride + column, stride, start == 0 ? beta : 1, &lines, pace);
                row += rows;
            }
        }
    }
}

/// Measured beside OpenBLAS, which reads small matrices where they lie, except b when transposed.
static int is_worth_packing(long m, long n, long k, int transpose_b) {
    if (n < 24) return 0;
    return transpose_b ? m * n * k >= 50000 : m > 1 && m * n * k >= 1000000;
}

int lk_multiply(int transpose_a, int transpose_b, long m, long n, long k, float alpha, const float *a,
                long a_stride, const float *b, long b_stride, float beta, float *c, long c_stride) {
    pthread_once(&once, prepare);
    if (!is_wide || !is_worth_packing(m, n, k, transpose_b)) return 0;
    float *packed = workspace();
    if (packed == NULL) return 0;
    matrix left = {a, a_stride, transpose_a}, right = {b, b_stride, transpose_b};
    long blocks = (m + block_rows - 1) / block_rows;
    for (long block = 0, row = 0; block < blocks; block++) {
        long rows = (m - row) / (blocks - block);
        multiply_block(left, right, row, rows, n, k, alpha, beta, c, c_stride, packed);
        row += rows;
    }
    return 1;
}

#else

int lk_multiply(int transpose_a, int transpose_b, long m, long n, long k, float alpha, const float *a,
                long a_stride, const float *b, long b_stride, float beta, float *c, long c_stride) {
    return 0;
}

#endif
