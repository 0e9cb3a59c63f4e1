#pragma once

// One binary for every CPU: each kernel is compiled for three levels of x86, and the loader picks,
// which comes before ThreadSanitizer can be asked anything.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define EVERY_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_CPU
#endif

// Sums may be reordered into lanes: that is what makes them vectors.
#pragma clang fp reassociate(on) contract(fast)

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// e^x to about 1e-7 relative: 2^n times a polynomial of the rest, |rest| <= ln(2)/2.
///
/// Clamped to the range of normal floats, so that masked scores (-1e30) give a plain zero weight.
static inline __attribute__((always_inline)) float fast_exp(float x) {
    float clamped = x < -87.0f ? -87.0f : x;
    clamped = clamped > 88.0f ? 88.0f : clamped;
    float scaled = clamped * 1.44269504f;
    float whole = __builtin_rintf(scaled);
    float rest = clamped - whole * 0.693145752f - whole * 1.42860677e-6f;
    float p = 1.0f / 5040.0f;
    p = p * rest + 1.0f / 720.0f;
    p = p * rest + 1.0f / 120.0f;
    p = p * rest + 1.0f / 24.0f;
    p = p * rest + 1.0f / 6.0f;
    p = p * rest + 0.5f;
    p = p * rest + 1.0f;
    p = p * rest + 1.0f;
    union { int32_t i; float f; } power = {((int32_t)whole + 127) << 23};
    return p * power.f;
}

static inline __attribute__((always_inline)) float fast_sigmoid(float x) {
    return 1.0f / (1.0f + fast_exp(-x));
}

static inline __attribute__((always_inline)) float fast_tanh(float x) {
    return 1.0f - 2.0f / (fast_exp(2.0f * x) + 1.0f);
}

typedef float lanes __attribute__((vector_size(64), aligned(4)));

/// The largest of `count` floats, -3e38 when there are none; a NaN is passed over.
static inline __attribute__((always_inline)) float row_maximum(const float *x, long count) {
    float top = -3.0e38f;
    long i = 0;
    if (count >= 16) {
        lanes best = *(const lanes *)x;
        for (i = 16; i + 16 <= count; i += 16) {
            best = __builtin_elementwise_max(best, *(const lanes *)(x + i));
        }
        for (int j = 0; j < 16; j++) top = best[j] > top ? best[j] : top;
    }
    for (; i < count; i++) top = x[i] > top ? x[i] : top;
    return top;
}
