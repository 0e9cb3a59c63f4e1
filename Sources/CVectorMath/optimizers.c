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
