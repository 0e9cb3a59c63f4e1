// Lays out what a tile reads: part of product_loop.h, compiled for one level.

#define PICK __builtin_shufflevector

#ifdef HAS_MASKS
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
INLINE void transpose(const float *from, long stride, int rows, float *to, long step) {
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
#else
/// As below, 8 columns of up to 8 rows.
INLINE void transpose_square(const float *from, long stride, int rows, float *to, long step) {
    halves r[8], t[8];
    UNROLL for (int i = 0; i < 8; i++) r[i] = *(const halves *)(from + (i < rows ? i : 0) * stride);
    UNROLL for (int i = 0; i < 8; i += 2) {
        t[i] = PICK(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        t[i + 1] = PICK(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    UNROLL for (int i = 0; i < 8; i += 4) {
        r[i] = PICK(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        r[i + 1] = PICK(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        r[i + 2] = PICK(t[i + 1], t[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        r[i + 3] = PICK(t[i + 1], t[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    UNROLL for (int j = 0; j < 4; j++) *(halves *)(to + j * step) = PICK(r[j], r[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    UNROLL for (int j = 0; j < 4; j++) {
        *(halves *)(to + (j + 4) * step) = PICK(r[j], r[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// Writes 16 columns of up to 16 rows as vectors, `step` floats apart, in order: what one has too much, the next one
/// overwrites. So do the first rows with what the last ones had too much.
INLINE void transpose(const float *from, long stride, int rows, float *to, long step) {
    for (int half = rows > 8 ? 8 : 0; half >= 0; half -= 8) {
        for (int column = 0; column < lane; column += 8) {
            int count = rows - half < 8 ? rows - half : 8;
            transpose_square(from + half * stride + column, stride, count, to + column * step + half, step);
        }
    }
}
#endif

/// Up to 16 floats, and anything behind them.
INLINE void load_some(float *to, const float *from, long count) {
#ifdef HAS_MASKS
    _mm512_storeu_ps(to, _mm512_maskz_loadu_ps((__mmask16)((1 << count) - 1), from));
#else
    if (count == lane) {
        *(lanes *)to = *(const lanes *)from;
        return;
    }
    long i = 0;
    if (count >= 8) {
        memcpy(to, from, 8 * sizeof *to);
        i = 8;
    }
    for (; i < count; i++) to[i] = from[i];
#endif
}

/// `rows` rows of `k` floats, at most 16, as (k, rows), `step` floats apart; behind them up to 16 × step floats
/// are written over.
INLINE void pack_transposed(const float *from, long stride, int rows, long k, float *to, long step) {
    long p = 0;
    for (; p + lane <= k; p += lane) transpose(from + p, stride, rows, to + p * step, step);
    if (p == k) return;
    float rest[lane * lane];
    for (int i = 0; i < rows; i++) load_some(rest + i * lane, from + i * stride + p, k - p);
    transpose(rest, lane, rows, to + p * step, step);
}

/// Rows of a, from `row` on, times alpha, to (k, rows).
LEVEL static void pack_rows(matrix a, long row, int rows, long start, long k, float alpha, float *to) {
    if (a.is_transposed) {
        const float *from = a.at + start * a.stride + row;
        for (long p = 0; p < k; p++) load_some(to + p * rows, from + p * a.stride, rows);
    } else {
        pack_transposed(a.at + row * a.stride + start, a.stride, rows, k, to, rows);
    }
    if (alpha != 1) {
        for (long i = 0; i < k * rows; i++) to[i] *= alpha;
    }
}

/// Columns of b, from `column` on, to (k, tile_columns); what is not there has any value.
LEVEL static void pack_columns(matrix b, long column, int columns, long start, long k, float *to) {
    if (b.is_transposed) {
        const float *from = b.at + column * b.stride + start;
        for (int half = 0; half < columns; half += lane) {
            int count = columns - half < lane ? columns - half : lane;
            pack_transposed(from + half * b.stride, b.stride, count, k, to + half, tile_columns);
        }
        return;
    }
    const float *from = b.at + start * b.stride + column;
    if (columns < tile_columns) {
        for (long p = 0; p < k; p++) {
            for (int half = 0; half < columns; half += lane) {
                load_some(to + p * tile_columns + half, from + p * b.stride + half,
                          columns - half < lane ? columns - half : lane);
            }
        }
        return;
    }
    for (long p = 0; p < k; p++) {
        const lanes *line = (const lanes *)(from + p * b.stride);
        UNROLL for (int i = 0; i < tile_lanes; i++) ((lanes *)to)[tile_lanes * p + i] = line[i];
    }
}

/// As `pack_columns`, to (k, narrow_columns).
LEVEL static void pack_narrow(matrix b, long column, int columns, long start, long k, float *to) {
    if (b.is_transposed) {
        pack_transposed(b.at + column * b.stride + start, b.stride, columns, k, to, narrow_columns);
        return;
    }
    const float *from = b.at + start * b.stride + column;
    for (long p = 0; p < k; p++) load_some(to + p * narrow_columns, from + p * b.stride, columns);
}
