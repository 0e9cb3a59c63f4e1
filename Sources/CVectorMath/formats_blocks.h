// What the readers of stored number formats share.
#pragma once

#include "formats.h"

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !__has_feature(thread_sanitizer)
#define FOR_EACH_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_CPU
#endif

#define INLINE static inline __attribute__((always_inline))

typedef uint8_t byte;

INLINE float floatOfBits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint32_t bitsOfFloat(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// A half's exponent and fraction, read as a float's, are the value times 2^-112, also for
/// subnormals; infinity and NaN then get their exponent filled up.
INLINE float floatOfHalf(uint16_t half) {
    uint32_t scaled = (uint32_t)(half & 0x7fff) << 13;
    uint32_t bits = bitsOfFloat(floatOfBits(scaled) * 0x1p112f);
    uint32_t special = (half & 0x7c00) == 0x7c00 ? 0x7f800000u : 0;
    return floatOfBits(bits | special | (uint32_t)(half & 0x8000) << 16);
}

INLINE float halfAt(const byte *bytes) {
    uint16_t half;
    memcpy(&half, bytes, sizeof half);
    return floatOfHalf(half);
}

INLINE uint32_t wordAt(const byte *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

// Vectors within a block, not across blocks: those would gather byte by byte.
#ifdef __clang__
#define ONE_BLOCK_AT_A_TIME _Pragma("clang loop vectorize(disable) interleave(disable)")
#else
#define ONE_BLOCK_AT_A_TIME
#endif

#define EXPAND_BLOCKS(NAME, ELEMENTS, BYTES)                                               \
    INLINE void block_##NAME(const byte *block, float *out);                               \
    FOR_EACH_CPU void lorikeet_expand_##NAME(const void *source, float *destination,       \
                                             size_t count) {                               \
        const byte *bytes = source;                                                        \
        ONE_BLOCK_AT_A_TIME                                                                \
        for (size_t i = 0; i < count / ELEMENTS; i++) {                                    \
            block_##NAME(bytes + i * BYTES, destination + i * ELEMENTS);                   \
        }                                                                                  \
    }                                                                                      \
    INLINE void block_##NAME(const byte *restrict block, float *restrict out)
