#include "kernels.h"
#include "vectorise.h"

/// Phi(x), the normal distribution's cumulative probability, by Abramowitz & Stegun 7.1.26
/// (absolute error of erf at most 1.5e-7). `density` is exp(-x*x/2).
static inline __attribute__((always_inline)) float normal_cdf(float x, float density) {
    float z = __builtin_fabsf(x) * 0.707106781f;
    float t = 1.0f / (1.0f + 0.3275911f * z);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    float tail = 0.5f * p * t * density;
    return x < 0 ? tail : 1.0f - tail;
}

EVERY_CPU void lk_gelu(float *out, const float *x, long count) {
    for (long i = 0; i < count; i++) {
        float v = x[i];
        out[i] = v * normal_cdf(v, fast_exp(-0.5f * v * v));
    }
}

EVERY_CPU void lk_gelu_backward(float *into, const float *gradient, const float *x, long count) {
    for (long i = 0; i < count; i++) {
        float v = x[i];
        float density = fast_exp(-0.5f * v * v);
        into[i] = gradient[i] * (normal_cdf(v, density) + v * 0.398942280f * density);
    }
}

static const float root = 0.797884561f;  // sqrt(2 / pi)
static const float cubic = 0.044715f;

EVERY_CPU void lk_gelu_tanh(float *out, const float *x, long count) {
    for (long i = 0; i < count; i++) {
        float v = x[i];
        out[i] = v * fast_sigmoid(2.0f * root * (v + cubic * v * v * v));
    }
}

EVERY_CPU void lk_gelu_tanh_backward(float *into, const float *gradient, const float *x, long count) {
    for (long i = 0; i < count; i++) {
        float v = x[i];
        float s = fast_sigmoid(2.0f * root * (v + cubic * v * v * v));
        float slope = 2.0f * root * (1.0f + 3.0f * cubic * v * v);
        into[i] = gradient[i] * (s + v * s * (1.0f - s) * slope);
    }
}

EVERY_CPU void lk_relu(float *out, const float *x, long count) {
    for (long i = 0; i < count; i++) out[i] = x[i] > 0 ? x[i] : 0;
}

EVERY_CPU void lk_relu_backward(float *into, const float *gradient, const float *x, long count) {
    for (long i = 0; i < count; i++) into[i] = x[i] > 0 ? gradient[i] : 0;
}

EVERY_CPU void lk_silu(float *out, const float *x, long count) {
    for (long i = 0; i < count; i++) out[i] = x[i] * fast_sigmoid(x[i]);
}

EVERY_CPU void lk_silu_backward(float *into, const float *gradient, const float *x, long count) {
    for (long i = 0; i < count; i++) {
        float s = fast_sigmoid(x[i]);
        into[i] = gradient[i] * s * (1.0f + x[i] * (1.0f - s));
    }
}

EVERY_CPU void lk_swiglu(float *out, const float *gate, const float *up, long count) {
    for (long i = 0; i < count; i++) out[i] = gate[i] * fast_sigmoid(gate[i]) * up[i];
}

EVERY_CPU void lk_swiglu_backward(float *gate_gradient, float *up_gradient, const float *gradient,
                                  const float *gate, const float *up, long count) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i], z = gate[i], u = up[i];
        float s = fast_sigmoid(z);
        up_gradient[i] = g * z * s;
        gate_gradient[i] = g * u * s * (1.0f + z * (1.0f - s));
    }
}

EVERY_CPU void lk_tanh(float *out, const float *x, long count) {
    for (long i = 0; i < count; i++) out[i] = fast_tanh(x[i]);
}

EVERY_CPU void lk_tanh_backward(float *into, const float *gradient, const float *out, long count) {
    for (long i = 0; i < count; i++) into[i] = gradient[i] * (1.0f - out[i] * out[i]);
}
