#include "kernels.h"
#include "vectorise.h"

EVERY_CPU void lk_adamw(float *restrict weights, float *restrict first, float *restrict second,
                        const float *restrict gradient,
                        float gradient_scale, float decay, float step_size, float root_correction,
                        float beta1, float beta2, float epsilon, long count) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i] * gradient_scale;
        float m = beta1 * first[i] + (1.0f - beta1) * g;
        float v = beta2 * second[i] + (1.0f - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        float root = sqrtf(v) / root_correction + epsilon;
        weights[i] = weights[i] * (1.0f - decay) - step_size * m / root;
    }
}

EVERY_CPU void lk_adam(float *restrict weights, float *restrict first, float *restrict second,
                       const float *restrict gradient,
                       float gradient_scale, float decay, float step_size, float root_correction,
                       float beta1, float beta2, float epsilon, long count) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i] * gradient_scale + decay * weights[i];
        float m = beta1 * first[i] + (1.0f - beta1) * g;
        float v = beta2 * second[i] + (1.0f - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] -= step_size * m / (sqrtf(v) / root_correction + epsilon);
    }
}

EVERY_CPU void lk_lion(float *restrict weights, float *restrict mean, const float *restrict gradient,
                       float gradient_scale, float decay, float lr, float beta1, float beta2, long count) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i] * gradient_scale;
        float c = beta1 * mean[i] + (1.0f - beta1) * g;
        // A mean of 0 has no direction, and no step.
        float sign = (float)(c > 0.0f) - (float)(c < 0.0f);
        mean[i] = beta2 * mean[i] + (1.0f - beta2) * g;
        weights[i] = weights[i] * (1.0f - decay) - lr * sign;
    }
}

EVERY_CPU void lk_rmsprop(float *restrict weights, float *restrict square, float *restrict mean,
                          float *restrict sum, const float *restrict gradient,
                          float gradient_scale, float decay, float lr, float rho, float momentum,
                          float epsilon, long count) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i] * gradient_scale + decay * weights[i];
        float v = rho * square[i] + (1.0f - rho) * g * g;
        square[i] = v;
        if (mean != NULL) {
            float m = mean[i] + (1.0f - rho) * (g - mean[i]);
            mean[i] = m;
            // Rounding may take it below nothing.
            v = fmaxf(v - m * m, 0.0f);
        }
        float step = g / (sqrtf(v) + epsilon);
        if (sum != NULL) {
            step += momentum * sum[i];
            sum[i] = step;
        }
        weights[i] -= lr * step;
    }
}

EVERY_CPU void lk_adafactor_means(float *restrict row_means, double *restrict column_sums,
                                  const float *restrict gradient, float gradient_scale, float epsilon,
                                  float kept, float taken, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = gradient + r * columns;
        double sum = 0;
        for (long i = 0; i < columns; i++) {
            float g = line[i] * gradient_scale;
            double square = (double)(g * g + epsilon);
            sum += square;
            column_sums[i] += square;
        }
        if (row_means != NULL) row_means[r] = kept * row_means[r] + taken * (float)(sum / (double)columns);
    }
}

EVERY_CPU double lk_adafactor_norm(const float *restrict row_factors, const float *restrict column_factors,
                                   const float *restrict gradient, float gradient_scale, long rows,
                                   long columns) {
    double total = 0;
    for (long r = 0; r < rows; r++) {
        const float *restrict line = gradient + r * columns;
        float factor = row_factors[r];
        for (long i = 0; i < columns; i++) {
            float u = factor * column_factors[i] * (line[i] * gradient_scale);
            total += (double)u * (double)u;
        }
    }
    return total;
}

EVERY_CPU void lk_adafactor(float *restrict weights, float *restrict mean, const float *restrict row_factors,
                            const float *restrict column_factors, const float *restrict gradient,
                            float gradient_scale, float lr, float decay, float beta1, long rows,
                            long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = gradient + r * columns;
        float *restrict to = weights + r * columns;
        float *restrict kept = mean == NULL ? NULL : mean + r * columns;
        float factor = row_factors[r];
        for (long i = 0; i < columns; i++) {
            float u = factor * column_factors[i] * (line[i] * gradient_scale) * lr;
            if (kept != NULL) {
                u = beta1 * kept[i] + (1.0f - beta1) * u;
                kept[i] = u;
            }
            to[i] = to[i] * (1.0f - decay) - u;
        }
    }
}
