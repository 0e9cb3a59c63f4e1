#include "kernels.h"
#include "vectorise.h"

static inline __attribute__((always_inline)) long width_of(long row, long columns, long visible, long step) {
    long width = visible + row * step;
    return width < columns ? width : columns;
}

EVERY_CPU void lk_softmax(float *scores, float *log_sum, float scale, long rows, long columns, long stride,
                          long visible, long step) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = scores + r * stride;
        long width = width_of(r, columns, visible, step);
        float top = row_maximum(line, width);
        float sum = 0;
        for (long i = 0; i < width; i++) {
            float e = fast_exp((line[i] - top) * scale);
            line[i] = e;
            sum += e;
        }
        float factor = 1.0f / sum;
        for (long i = 0; i < width; i++) line[i] *= factor;
        for (long i = width; i < columns; i++) line[i] = 0;
        if (log_sum) log_sum[r] = top * scale + logf(sum);
    }
}

EVERY_CPU void lk_attend(float *out, const float *q, const float *keys, const float *values, float *scores,
                         float scale, long heads, long seen, long width, long stride) {
    for (long i = 0; i < seen; i++) {
        const float *restrict key = keys + i * stride;
        for (long h = 0; h < heads; h++) {
            const float *restrict query = q + h * width;
            float sum = 0;
            for (long j = 0; j < width; j++) sum += query[j] * key[j];
            scores[h * seen + i] = sum;
        }
    }
    for (long h = 0; h < heads; h++) {
        float *restrict line = scores + h * seen;
        float top = row_maximum(line, seen);
        float sum = 0;
        for (long i = 0; i < seen; i++) {
            float e = fast_exp((line[i] - top) * scale);
            line[i] = e;
            sum += e;
        }
        float *restrict to = out + h * width;
        for (long j = 0; j < width; j++) to[j] = 0;
        for (long i = 0; i < seen; i++) {
            const float *restrict value = values + i * stride;
            float weight = line[i];
            for (long j = 0; j < width; j++) to[j] += weight * value[j];
        }
        float factor = 1.0f / sum;
        for (long j = 0; j < width; j++) to[j] *= factor;
    }
}

EVERY_CPU void lk_softmax_again(float *scores, const float *log_sum, float scale, long rows, long columns,
                                long stride, long visible, long step) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = scores + r * stride;
        long width = width_of(r, columns, visible, step);
        float shift = log_sum[r];
        for (long i = 0; i < width; i++) line[i] = fast_exp(line[i] * scale - shift);
        for (long i = width; i < columns; i++) line[i] = 0;
    }
}

EVERY_CPU void lk_softmax_backward(float *into, const float *p, const float *dots, float scale, long rows,
                                   long columns, long stride) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = into + r * stride;
        const float *restrict weights = p + r * stride;
        float dot = dots[r];
        for (long i = 0; i < columns; i++) line[i] = scale * weights[i] * (line[i] - dot);
    }
}

EVERY_CPU void lk_row_dots(float *dots, const float *a, const float *b, long rows, long columns, long stride) {
    for (long r = 0; r < rows; r++) {
        const float *restrict x = a + r * stride;
        const float *restrict y = b + r * stride;
        float sum = 0;
        for (long i = 0; i < columns; i++) sum += x[i] * y[i];
        dots[r] = sum;
    }
}

EVERY_CPU void lk_rotate(float *x, const int32_t *positions, const float *cosines, const float *sines,
                         float sign, long rows, long heads, long half) {
    for (long r = 0; r < rows; r++) {
        const float *restrict c = cosines + positions[r] * half;
        const float *restrict s = sines + positions[r] * half;
        for (long h = 0; h < heads; h++) {
            float *restrict low = x + (r * heads + h) * 2 * half;
            float *restrict high = low + half;
            for (long i = 0; i < half; i++) {
                float a = low[i], b = high[i], turn = sign * s[i];
                low[i] = a * c[i] - b * turn;
                high[i] = b * c[i] + a * turn;
            }
        }
    }
}
