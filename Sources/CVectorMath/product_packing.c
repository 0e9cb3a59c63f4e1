#include "products.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

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

WIDE void lk_pack_rows(matrix a, long row, int rows, long start, long k, float alpha, float *to) {
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

WIDE void lk_pack_columns(matrix b, long column, int columns, long start, long k, float *to) {
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

#endif
