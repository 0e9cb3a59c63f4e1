#include "kernels.h"
#include "vectorise.h"

EVERY_CPU void lk_add(float *into, const float *x, long count) {
    for (long i = 0; i < count; i++) into[i] += x[i];
}

EVERY_CPU void lk_sum(float *out, const float *a, const float *b, long count) {
    for (long i = 0; i < count; i++) out[i] = a[i] + b[i];
}

EVERY_CPU void lk_scale(float *x, float factor, long count) {
    for (long i = 0; i < count; i++) x[i] *= factor;
}

EVERY_CPU void lk_add_scaled(float *into, const float *x, float factor, long count) {
    for (long i = 0; i < count; i++) into[i] += factor * x[i];
}

void lk_fill_rows(float *out, const float *row, long rows, long columns) {
    for (long r = 0; r < rows; r++) memcpy(out + r * columns, row, sizeof(float) * (size_t)columns);
}

EVERY_CPU void lk_add_row(float *x, const float *row, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = x + r * columns;
        for (long i = 0; i < columns; i++) line[i] += row[i];
    }
}

EVERY_CPU void lk_multiply_row(float *out, const float *x, const float *row, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        float *line = out + r * columns;
        const float *from = x + r * columns;
        for (long i = 0; i < columns; i++) line[i] = from[i] * row[i];
    }
}

EVERY_CPU void lk_sum_columns(float *into, const float *x, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = x + r * columns;
        for (long i = 0; i < columns; i++) into[i] += line[i];
    }
}

EVERY_CPU double lk_sum_of_squares(const float *x, long count) {
    double total = 0;
    for (long i = 0; i < count; i++) total += (double)x[i] * (double)x[i];
    return total;
}

EVERY_CPU int lk_all_finite(const float *x, long count) {
    uint32_t worst = 0;
    for (long i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bits &= 0x7f800000u;
        worst = bits > worst ? bits : worst;
    }
    return worst < 0x7f800000u;
}

EVERY_CPU long lk_largest(const float *x, long count) {
    float top = row_maximum(x, count);
    for (long i = 0; i < count; i++) {
        if (x[i] == top) return i;
    }
    return 0;
}
