#include "kernels.h"
#include "vectorise.h"

EVERY_CPU void lk_cross_entropy(float *losses, float *log_sum, const float *logits, const int32_t *labels,
                                long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = logits + r * columns;
        float top = row_maximum(line, columns);
        float sum = 0;
        for (long i = 0; i < columns; i++) sum += fast_exp(line[i] - top);
        log_sum[r] = top + logf(sum);
        losses[r] = log_sum[r] - line[labels[r]];
    }
}

EVERY_CPU void lk_cross_entropy_backward(float *logits, const float *log_sum, const int32_t *labels,
                                         const float *factors, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        float *restrict line = logits + r * columns;
        float shift = log_sum[r], factor = factors[r];
        for (long i = 0; i < columns; i++) line[i] = factor * fast_exp(line[i] - shift);
        line[labels[r]] -= factor;
    }
}
