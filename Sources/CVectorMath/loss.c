#include "kernels.h"
#include "vectorise.h"

static inline __attribute__((always_inline)) float log_sum_exp(const float *restrict line, long columns) {
    float top = row_maximum(line, columns);
    float sum = 0;
    for (long i = 0; i < columns; i++) sum += fast_exp(line[i] - top);
    return top + logf(sum);
}

EVERY_CPU void lk_cross_entropy(float *losses, const float *logits, const int32_t *labels, long rows,
                                long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = logits + r * columns;
        losses[r] = log_sum_exp(line, columns) - line[labels[r]];
    }
}

EVERY_CPU void lk_cross_entropy_gradient(float *losses, float *logits, const int32_t *labels,
                                         const float *factors, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = logits + r * columns;
        float shift = log_sum_exp(line, columns), factor = factors[r];
        losses[r] = shift - line[labels[r]];
        for (long i = 0; i < columns; i++) line[i] = factor * fast_exp(line[i] - shift);
        line[labels[r]] -= factor;
    }
}

EVERY_CPU void lk_cross_entropy_smoothed(float *losses, double *spreads, float *logits, const int32_t *labels,
                                         const float *factors, const float *spread_factors,
                                         const float *weights, long rows, long columns) {
    double all = 0;
    for (long i = 0; i < columns; i++) all += (double)weights[i];
    for (long r = 0; r < rows; r++) {
        float *restrict line = logits + r * columns;
        float shift = log_sum_exp(line, columns), spread_factor = spread_factors[r];
        losses[r] = shift - line[labels[r]];
        double spread = 0;
        for (long i = 0; i < columns; i++) spread += (double)(weights[i] * (shift - line[i]));
        spreads[r] = spread;
        float factor = factors[r] + spread_factor * (float)all;
        for (long i = 0; i < columns; i++) {
            line[i] = factor * fast_exp(line[i] - shift) - spread_factor * weights[i];
        }
        line[labels[r]] -= factors[r];
    }
}
