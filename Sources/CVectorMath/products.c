#include "kernels.h"

#include <stdlib.h>

#if defined(__x86_64__) && defined(__linux__)
#include "vectorise.h"
#include <immintrin.h>
#include <pthread.h>

// Products of matrices for processors with AVX-512, after Goto and van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication" (2008), with what tuning asks for: the left matrix is a few hundred
// tokens, the right one a weight that comes from memory. A panel of the weight is packed while it
// is in the cache, and the next one is fetched while this one is multiplied.

#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define WIDE_INLINE static inline __attribute__((always_inline)) WIDE
#define UNROLL _Pragma("clang loop unroll(full)")

enum {
    lane = 16,           // floats in a vector
    tile_rows = 12,      // with tile_columns: 24 sums in registers, 2 vectors of b, and what is left for a
    tile_columns = 32,
    inner = 256,         // a panel of b, inner × tile_columns, stays in the first cache
    stretch = 16,        // steps of a tile between two requests for what comes next
    block_rows = 480,    // a block of a, block_rows × inner, stays in the second
    packed_a = block_rows * inner + lane,
    packed_b = inner * tile_columns,
};

typedef struct {
    const float *at;
    long stride;
    int is_transposed;
} matrix;

// MARK: - Fetching

/// Cache lines that are asked for a few at a time: `rows` rows of `row_lines` lines.
typedef struct {
    const float *row;
    long stride, row_lines, line, rows;
} fetch;

/// A panel of b: `k` rows of tile_columns, or its columns where b is transposed.
static fetch panel_fetch(matrix b, long column, int columns, long start, long k) {
    if (b.is_transposed) {
        return (fetch){b.at + column * b.stride + start, b.stride, (k + lane - 1) / lane, 0, columns};
    }
    return (fetch){b.at + start * b.stride + column, b.stride, (columns + lane - 1) / lane, 0, k};
}

static inline __attribute__((always_inline)) void fetch_next(fetch *lines, long count) {
    for (; count > 0 && lines->rows > 0; count--) {
        __builtin_prefetch(lines->row + lines->line * lane, 0, 2);
        if (++lines->line == lines->row_lines) {
            lines->line = 0;
            lines->row += lines->stride;
            lines->rows--;
        }
    }
}

// MARK: - One tile

/// c = beta * c + a · b over `k`: a packed (k, rows), b packed (k, tile_columns); on the way, some of `lines`.
WIDE_INLINE void multiply_tile(const int rows, long k, const float *a, const float *b, float *c, long stride,
                               float beta, fetch *lines, long pace) {
    lanes sums[tile_rows][2];
    UNROLL for (int i = 0; i < rows; i++) {
        sums[i][0] = sums[i][1] = (lanes){};
        __builtin_prefetch(c + i * stride, 1);
        __builtin_prefetch(c + i * stride + lane, 1);
    }
    while (k > 0) {
        fetch_next(lines, pace);
        long some = k < stretch ? k : stretch;
        k -= some;
        for (; some > 0; some--) {
            lanes left = ((const lanes *)b)[0], right = ((const lanes *)b)[1];
            UNROLL for (int i = 0; i < rows; i++) {
                sums[i][0] += left * a[i];
                sums[i][1] += right * a[i];
            }
            a += rows;
            b += tile_columns;
        }
    }
    UNROLL for (int i = 0; i < rows; i++) {
        lanes *to = (lanes *)(c + i * stride);
        if (beta == 0) {
            to[0] = sums[i][0];
            to[1] = sums[i][1];
        } else {
            to[0] = sums[i][0] + to[0] * beta;
            to[1] = sums[i][1] + to[1] * beta;
        }
    }
}

typedef void (*tile_kernel)(long, const float *, const float *, float *, long, float, fetch *, long);

#define TILE(rows)                                                                                      \
    WIDE static void tile_##rows(long k, const float *a, const float *b, float *c, long stride, float beta, \
                                 fetch *lines, long pace) {                                             \
        multiply_tile(rows, k, a, b, c, stride, beta, lines, pace);                                     \
    }
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)

static const tile_kernel tiles[tile_rows + 1] = {
    NULL, tile_1, tile_2, tile_3, tile_4, tile_5, tile_6, tile_7, tile_8, tile_9, tile_10, tile_11, tile_12,
};

// MARK: - Packing

#define PICK __builtin_shufflevector
#define PAIRS(x, y, first) PICK(x, y, first, first + 16, first + 1, first + 17, first + 4, first + 20, \
    first + 5, first + 21, first + 8, first + 24, first + 9, first + 25, first + 12, first + 28, first + 13, \
    first + 29)
#define FOURS(x, y, first) PICK(x, y, first, first + 1, first + 16, first + 17, first + 4, first + 5, \
    first + 20, first + 21, first + 8, first + 9, first + 24, first + 25, first + 12, first + 13, first + 28, \
    first + 29)
#define EIGHTS(x, y, first) PICK(x, y, first, first + 1, first + 2, first + 3, first + 16, first + 17, \
    first + 18, first + 19, first + 4, first + 5, first + 6, first + 7, first + 20, first + 21, first + 22, \
    first + 23)
#define HALVES(x, y, first) PICK(x, y, first, first + 1, first + 2, first + 3, first + 4, first + 5, \
    first + 6, first + 7, first + 16, first + 17, first + 18, first + 19, first + 20, first + 21, first + 22, \
    first + 23)

/// Writes 16 columns of up to 16 rows as vectors, `step` floats apart, in order: where step is below 16, each
/// overwrites what its predecessor had too much. Vectors are filled up with copies of the first row.
WIDE_INLINE void transpose(const float *from, long stride, int rows, float *to, long step) {
    lanes r[lane], t[lane];
    UNROLL for (int i = 0; i < lane; i++) r[i] = *(const lanes *)(from + (i < rows ? i : 0) * stride);
    UNROLL for (int i = 0; i < lane; i += 2) {
        t[i] = PAIRS(r[i], r[i + 1], 0);
        t[i + 1] = PAIRS(r[i], r[i + 1], 2);
    }
    UNROLL for (int i = 0; i < lane; i += 4) {
        r[i] = FOURS(t[i], t[i + 2], 0);
        r[i + 1] = FOURS(t[i], t[i + 2], 2);
        r[i + 2] = FOURS(t[i + 1], t[i + 3], 0);
        r[i + 3] = FOURS(t[i + 1], t[i + 3], 2);
    }
    UNROLL for (int j = 0; j < 4; j++) {
        t[j] = EIGHTS(r[j], r[j + 4], 0);
        t[j + 4] = EIGHTS(r[j], r[j + 4], 8);
        t[j + 8] = EIGHTS(r[j + 8], r[j + 12], 0);
        t[j + 12] = EIGHTS(r[j + 8], r[j + 12], 8);
    }
    UNROLL for (int j = 0; j < 4; j++) *(lanes *)(to + j * step) = HALVES(t[j], t[j + 8], 0);
    UNROLL for (int j = 0; j < 4; j++) *(lanes *)(to + (j + 4) * step) = HALVES(t[j], t[j + 8], 8);
    UNROLL for (int j = 0; j < 4; j++) *(lanes *)(to + (j + 8) * step) = HALVES(t[j + 4], t[j + 12], 0);
    UNROLL for (int j = 0; j < 4; j++) *(lanes *)(to + (j + 12) * step) = HALVES(t[j + 4], t[j + 12], 8);
}

/// As `transpose`, for fewer than 16 columns.
WIDE_INLINE void transpose_rest(const float *from, long stride, int rows, int columns, float *to, long step) {
    float whole[lane * lane], turned[lane * lane];
    __mmask16 there = (__mmask16)((1 << columns) - 1);
    for (int i = 0; i < rows; i++) {
        _mm512_storeu_ps(whole + i * lane, _mm512_maskz_loadu_ps(there, from + i * stride));
    }
    transpose(whole, lane, rows, turned, lane);
    for (int j = 0; j < columns; j++) memcpy(to + j * step, turned + j * lane, rows * sizeof *to);
}

/// Rows of a, from `row` on, times alpha, to (k, rows).
WIDE static void pack_rows(matrix a, long row, int rows, long start, long k, float alpha, float *to) {
    long p = 0;
    if (a.is_transposed) {
        const float *from = a.at + start * a.stride + row;
        __mmask16 there = (__mmask16)((1 << rows) - 1);
        for (; p < k; p++) _mm512_storeu_ps(to + p * rows, _mm512_maskz_loadu_ps(there, from + p * a.stride));
    } else {
        const float *from = a.at + row * a.stride + start;
        for (; p + lane <= k; p += lane) transpose(from + p, a.stride, rows, to + p * rows, rows);
        if (p < k) transpose_rest(from + p, a.stride, rows, (int)(k - p), to + p * rows, rows);
    }
    if (alpha != 1) {
        for (long i = 0; i < k * rows; i++) to[i] *= alpha;
    }
}

/// Columns of b, from `column` on, to (k, tile_columns); what is not there has any value.
WIDE static void pack_columns(matrix b, long column, int columns, long start, long k, float *to) {
    if (b.is_transposed) {
        const float *from = b.at + column * b.stride + start;
        for (int half = 0; half < columns; half += lane) {
            const float *rows = from + half * b.stride;
            int count = columns - half < lane ? columns - half : lane;
            long p = 0;
            for (; p + lane <= k; p += lane) {
                transpose(rows + p, b.stride, count, to + p * tile_columns + half, tile_columns);
            }
            if (p < k) {
                transpose_rest(rows + p, b.stride, count, (int)(k - p), to + p * tile_columns + half, tile_columns);
            }
        }
        return;
    }
    const float *from = b.at + start * b.stride + column;
    if (columns < tile_columns) {
        for (long p = 0; p < k; p++) memcpy(to + p * tile_columns, from + p * b.stride, columns * sizeof *to);
        return;
    }
    for (long p = 0; p < k; p++) {
        const lanes *line = (const lanes *)(from + p * b.stride);
        ((lanes *)to)[2 * p] = line[0];
        ((lanes *)to)[2 * p + 1] = line[1];
    }
}

// MARK: - The whole

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

/// One tile at the right edge, by way of a whole one.
static void multiply_edge(int rows, int columns, long k, const float *a, const float *b, float *c, long stride,
                          float beta, fetch *lines, long pace) {
    float whole[tile_rows * tile_columns];
    tiles[rows](k, a, b, whole, tile_columns, 0, lines, pace);
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            float *to = c + i * stride + j;
            float sum = whole[i * tile_columns + j];
            *to = beta == 0 ? sum : sum + beta * *to;
        }
    }
}

static int width(long column, long n) { return n - column < tile_columns ? (int)(n - column) : tile_columns; }

/// Rows `first..<first + m` of the product, at most block_rows of them.
static void multiply_block(matrix a, matrix b, long first, long m, long n, long k, float alpha, float beta,
                           float *c, long stride, float *packed) {
    float *right = packed, *left = packed + packed_b;
    long groups = (m + tile_rows - 1) / tile_rows;
    long parts = (k + inner - 1) / inner;
    long part = ((k + parts - 1) / parts + lane - 1) / lane * lane;
    for (long start = 0; start < k; start += part) {
        long length = k - start < part ? k - start : part;
        for (long group = 0, row = 0; group < groups; group++) {
            int rows = (int)((m - row) / (groups - group));
            pack_rows(a, first + row, rows, start, length, alpha, left + row * length);
            row += rows;
        }
        float keep = start == 0 ? beta : 1;
        for (long column = 0; column < n; column += tile_columns) {
            int columns = width(column, n);
            pack_columns(b, column, columns, start, length, right);
            // What is packed next: the panel beside this one, or the first one below.
            int is_last = column + tile_columns >= n;
            long next = is_last ? 0 : column + tile_columns;
            long next_start = is_last ? start + part : start;
            long next_length = k - next_start < part ? k - next_start : part;
            fetch lines = panel_fetch(b, next, width(next, n), next_start, next_length > 0 ? next_length : 0);
            if (next_length <= 0) lines.rows = 0;
            long pace = (inner * tile_columns / lane) / (groups * (inner / stretch)) + 1;
            for (long group = 0, row = 0; group < groups; group++) {
                int rows = (int)((m - row) / (groups - group));
                float *to = c + (first + row) * stride + column;
                const float *from = left + row * length;
                if (columns == tile_columns) {
                    tiles[rows](length, from, right, to, stride, keep, &lines, pace);
                } else {
                    multiply_edge(rows, columns, length, from, right, to, stride, keep, &lines, pace);
                }
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
