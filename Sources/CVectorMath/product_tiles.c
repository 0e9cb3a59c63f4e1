#include "products.h"

#if defined(__x86_64__) && defined(__linux__)

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

void lk_multiply_tile(int rows, int columns, long k, const float *a, const float *b, float *c, long stride,
                      float beta, fetch *lines, long pace) {
    if (columns == tile_columns) {
        tiles[rows](k, a, b, c, stride, beta, lines, pace);
    } else {
        multiply_edge(rows, columns, k, a, b, c, stride, beta, lines, pace);
    }
}

#endif
