// Multiplies what is packed: part of product_loop.h, compiled for one level.

enum { stretch = 16 };  // steps of a tile between two requests for what comes next

/// Cache lines that are asked for a few at a time: `rows` rows of `row_lines` lines.
typedef struct {
    const float *row;
    long stride, row_lines, line, rows;
} fetch;

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
INLINE void whole_tile(const int rows, long k, const float *a, const float *b, float *c, long stride, float beta,
                       fetch *lines, long pace) {
    lanes sums[TILE_ROWS][tile_lanes];
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < tile_lanes; j++) {
            sums[i][j] = (lanes){};
            __builtin_prefetch(c + i * stride + j * lane, 1);
        }
    }
    while (k > 0) {
        fetch_next(lines, pace);
        long some = k < stretch ? k : stretch;
        k -= some;
        for (; some > 0; some--) {
            lanes right[tile_lanes];
            UNROLL for (int j = 0; j < tile_lanes; j++) right[j] = ((const lanes *)b)[j];
            UNROLL for (int i = 0; i < rows; i++) {
                UNROLL for (int j = 0; j < tile_lanes; j++) sums[i][j] += right[j] * a[i];
            }
            a += rows;
            b += tile_columns;
        }
    }
    UNROLL for (int i = 0; i < rows; i++) {
        lanes *to = (lanes *)(c + i * stride);
        if (beta == 0) {
            UNROLL for (int j = 0; j < tile_lanes; j++) to[j] = sums[i][j];
        } else {
            UNROLL for (int j = 0; j < tile_lanes; j++) to[j] = sums[i][j] + to[j] * beta;
        }
    }
}

/// to = a · b over `k`: a packed (k, rows), b packed (k, narrow_columns); to (rows, narrow_columns).
INLINE void narrow_tile(const int rows, long k, const float *a, const float *b, float *to) {
    halves sums[narrow_rows];
    UNROLL for (int i = 0; i < rows; i++) sums[i] = (halves){};
    for (; k > 0; k--) {
        halves right = *(const halves *)b;
        UNROLL for (int i = 0; i < rows; i++) sums[i] += right * a[i];
        a += rows;
        b += narrow_columns;
    }
    UNROLL for (int i = 0; i < rows; i++) ((halves *)to)[i] = sums[i];
}

typedef void (*tile_kernel)(long, const float *, const float *, float *, long, float, fetch *, long);
typedef void (*narrow_kernel)(long, const float *, const float *, float *);

#define WHOLE(rows)                                                                                            \
    LEVEL static void whole_##rows(long k, const float *a, const float *b, float *c, long stride, float beta,  \
                                   fetch *lines, long pace) {                                                  \
        whole_tile(rows, k, a, b, c, stride, beta, lines, pace);                                               \
    }
#define NARROW(rows)                                                                                           \
    LEVEL static void narrow_##rows(long k, const float *a, const float *b, float *to) {                       \
        narrow_tile(rows, k, a, b, to);                                                                        \
    }

WHOLE(1) WHOLE(2)
#if TILE_ROWS > 2
WHOLE(3) WHOLE(4) WHOLE(5) WHOLE(6)
#endif
#if TILE_ROWS > 6
WHOLE(7) WHOLE(8) WHOLE(9) WHOLE(10) WHOLE(11) WHOLE(12)
#endif
NARROW(1) NARROW(2) NARROW(3) NARROW(4) NARROW(5) NARROW(6)
NARROW(7) NARROW(8) NARROW(9) NARROW(10) NARROW(11) NARROW(12)

static const tile_kernel whole_tiles[TILE_ROWS + 1] = {
    NULL, whole_1, whole_2,
#if TILE_ROWS > 2
    whole_3, whole_4, whole_5, whole_6,
#endif
#if TILE_ROWS > 6
    whole_7, whole_8, whole_9, whole_10, whole_11, whole_12,
#endif
};

static const narrow_kernel narrow_tiles[narrow_rows + 1] = {
    NULL, narrow_1, narrow_2, narrow_3, narrow_4, narrow_5, narrow_6,
    narrow_7, narrow_8, narrow_9, narrow_10, narrow_11, narrow_12,
};

/// c = beta * c + sums, of which each row lies `room` floats after the one before.
static void add_sums(const float *sums, long room, int rows, int columns, float *c, long stride, float beta) {
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            float *to = c + i * stride + j;
            float sum = sums[i * room + j];
            *to = beta == 0 ? sum : sum + beta * *to;
        }
    }
}

/// c = beta * c + a · b over `k`, by way of a whole tile at the right edge.
static void multiply_tile(int rows, int columns, long k, const float *a, const float *b, float *c, long stride,
                          float beta, fetch *lines, long pace) {
    if (columns == tile_columns) {
        whole_tiles[rows](k, a, b, c, stride, beta, lines, pace);
        return;
    }
    float sums[TILE_ROWS * tile_columns];
    whole_tiles[rows](k, a, b, sums, tile_columns, 0, lines, pace);
    add_sums(sums, tile_columns, rows, columns, c, stride, beta);
}

/// As `multiply_tile`, at most narrow_columns of them.
static void multiply_narrow(int rows, int columns, long k, const float *a, const float *b, float *c, long stride,
                            float beta) {
    float sums[narrow_rows * narrow_columns];
    narrow_tiles[rows](k, a, b, sums);
    add_sums(sums, narrow_columns, rows, columns, c, stride, beta);
}
