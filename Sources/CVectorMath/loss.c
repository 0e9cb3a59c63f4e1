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
