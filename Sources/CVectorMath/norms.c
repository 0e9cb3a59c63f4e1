#include "kernels.h"
#include "vectorise.h"

EVERY_CPU void lk_layer_norm(float *out, float *mean, float *inverse, const float *x, const float *weight,
                             const float *bias, float epsilon, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = x + r * columns;
        float *restrict to = out + r * columns;
        float sum = 0;
        for (long i = 0; i < columns; i++) sum += line[i];
        float centre = sum / (float)columns;
        float squares = 0;
        for (long i = 0; i < columns; i++) squares += (line[i] - centre) * (line[i] - centre);
        float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
        for (long i = 0; i < columns; i++) to[i] = (line[i] - centre) * scale * weight[i] + bias[i];
        mean[r] = centre;
        inverse[r] = scale;
    }
}

EVERY_CPU void lk_layer_norm_backward(float *into, int adds, const float *gradient, const float *x,
                                      const float *mean, const float *inverse, const float *weight,
                                      long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict g = gradient + r * columns;
        const float *restrict line = x + r * columns;
        float *to = into + r * columns;
        float centre = mean[r], scale = inverse[r], sum = 0, dot = 0;
        for (long i = 0; i < columns; i++) {
            float gw = g[i] * weight[i];
            sum += gw;
            dot += gw * (line[i] - centre);
        }
        float shift = sum / (float)columns;
        float slope = dot * scale * scale / (float)columns;
        if (adds) {
            for (long i = 0; i < columns; i++)
                to[i] += scale * (g[i] * weight[i] - shift - (line[i] - centre) * slope);
        } else {
            for (long i = 0; i < columns; i++)
                to[i] = scale * (g[i] * weight[i] - shift - (line[i] - centre) * slope);
        }
    }
}

EVERY_CPU void lk_layer_norm_weights(float *weight_gradient, float *bias_gradient, const float *gradient,
                                     const float *x, const float *mean, const float *inverse, long rows,
                                     long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict g = gradient + r * columns;
        const float *restrict line = x + r * columns;
        float centre = mean[r], scale = inverse[r];
        for (long i = 0; i < columns; i++) {
            weight_gradient[i] += g[i] * (line[i] - centre) * scale;
            bias_gradient[i] += g[i];
        }
    }
}

EVERY_CPU void lk_rms_norm(float *out, float *inverse, const float *x, const float *weight, float epsilon,
                           long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict line = x + r * columns;
        float *restrict to = out + r * columns;
        float squares = 0;
        for (long i = 0; i < columns; i++) squares += line[i] * line[i];
        float scale = 1.0f / sqrtf(squares / (float)columns + epsilon);
        for (long i = 0; i < columns; i++) to[i] = line[i] * scale * weight[i];
        inverse[r] = scale;
    }
}

EVERY_CPU void lk_rms_norm_backward(float *into, int adds, const float *gradient, const float *x,
                                    const float *inverse, const float *weight, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict g = gradient + r * columns;
        const float *restrict line = x + r * columns;
        float *to = into + r * columns;
        float scale = inverse[r], dot = 0;
        for (long i = 0; i < columns; i++) dot += g[i] * weight[i] * line[i];
        float slope = dot * scale * scale / (float)columns;
        if (adds) {
            for (long i = 0; i < columns; i++) to[i] += scale * (g[i] * weight[i] - line[i] * slope);
        } else {
            for (long i = 0; i < columns; i++) to[i] = scale * (g[i] * weight[i] - line[i] * slope);
        }
    }
}

EVERY_CPU void lk_rms_norm_weights(float *weight_gradient, const float *gradient, const float *x,
                                   const float *inverse, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *restrict g = gradient + r * columns;
        const float *restrict line = x + r * columns;
        float scale = inverse[r];
        for (long i = 0; i < columns; i++) weight_gradient[i] += g[i] * line[i] * scale;
    }
}
