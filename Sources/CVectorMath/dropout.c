#include "kernels.h"
#include "vectorise.h"

/// A 32-bit mix with full avalanche (the "lowbias32" construction: xor-shift, multiply, twice).
static inline __attribute__((always_inline)) uint32_t mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7feb352dU;
    x ^= x >> 15;
    x *= 0x846ca68bU;
    x ^= x >> 16;
    return x;
}

EVERY_CPU void lk_dropout(float *out, const float *x, const uint32_t *keys, uint32_t salt, float p,
                          long rows, long columns) {
    uint32_t threshold = (uint32_t)((double)p * 4294967295.0);
    float factor = 1.0f / (1.0f - p);
    for (long r = 0; r < rows; r++) {
        uint32_t key = mix(keys[r] ^ salt);
        const float *line = x + r * columns;
        float *to = out + r * columns;
        for (long i = 0; i < columns; i++) {
            uint32_t random = mix(key + (uint32_t)i * 0x9e3779b9U);
            to[i] = random < threshold ? 0.0f : line[i] * factor;
        }
    }
}

EVERY_CPU void lk_add_noise(float *x, const uint32_t *keys, const float *sizes, uint32_t salt, long rows,
                            long columns) {
    for (long r = 0; r < rows; r++) {
        uint32_t key = mix(keys[r] ^ salt);
        float size = sizes[r] * 4.656612873e-10f;
        float *to = x + r * columns;
        // From -2^31 to 2^31 - 1.
        for (long i = 0; i < columns; i++) to[i] += (float)(int32_t)mix(key + (uint32_t)i * 0x9e3779b9U) * size;
    }
}
