// Weights in four bits as bitsandbytes has them (QLoRA, Dettmers et al. 2023): blocks of the whole tensor's values in
// their order share a scale, and a value is a place in a table of sixteen. Two values a byte, the first in its upper
// half.
//
// A value is its table's entry times its scale, one product: it is the same to the bit at every level of instructions.

#include "formats.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && !__has_feature(thread_sanitizer)
#define FOR_EACH_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_CPU
#endif

#define INLINE static inline __attribute__((always_inline))

typedef uint8_t byte;

// MARK: - To floats

/// Blocks of `pairs` bytes each to twice as many floats.
typedef void (*expand_blocks)(const byte *codes, const float *scales, const float *table, float *out, size_t blocks,
                              size_t pairs);

INLINE void expandPairs(const byte *codes, float scale, const float *table, float *out, size_t from, size_t pairs) {
    for (size_t i = from; i < pairs; i++) {
        out[2 * i] = table[codes[i] >> 4] * scale;
        out[2 * i + 1] = table[codes[i] & 15] * scale;
    }
}

static void expandPlain(const byte *codes, const float *scales, const float *table, float *out, size_t blocks,
                        size_t pairs) {
    for (size_t block = 0; block < blocks; block++, codes += pairs, out += 2 * pairs) {
        expandPairs(codes, scales[block], table, out, 0, pairs);
    }
}

#if defined(__x86_64__)
/// Four bytes at a time: each in a lane of 64 bits, its upper half in one place of 32 and its lower in the next.
__attribute__((target("avx2"))) static void expandAVX2(const byte *codes, const float *scales, const float *table,
                                                       float *out, size_t blocks, size_t pairs) {
    __m256 first = _mm256_loadu_ps(table), last = _mm256_loadu_ps(table + 8);
    __m256i shifts = _mm256_setr_epi32(4, 0, 4, 0, 4, 0, 4, 0);
    for (size_t block = 0; block < blocks; block++, codes += pairs, out += 2 * pairs) {
        __m256 scale = _mm256_set1_ps(scales[block]);
        size_t i = 0;
        for (; i + 4 <= pairs; i += 4) {
            int four;
            memcpy(&four, codes + i, sizeof four);
            __m256i wide = _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four));
            wide = _mm256_srlv_epi32(_mm256_or_si256(wide, _mm256_slli_epi64(wide, 32)), shifts);
            __m256 isLast = _mm256_castsi256_ps(_mm256_slli_epi32(wide, 28));
            __m256 entries = _mm256_blendv_ps(_mm256_permutevar8x32_ps(first, wide),
                                              _mm256_permutevar8x32_ps(last, wide), isLast);
            _mm256_storeu_ps(out + 2 * i, _mm256_mul_ps(entries, scale));
        }
        expandPairs(codes, scales[block], table, out, i, pairs);
    }
}

/// Eight bytes at a time, and the whole table in one register.
__attribute__((target("avx512f"))) static void expandAVX512(const byte *codes, const float *scales,
                                                            const float *table, float *out, size_t blocks,
                                                            size_t pairs) {
    __m512 entries = _mm512_loadu_ps(table);
    __m512i shifts = _mm512_setr_epi32(4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0);
    for (size_t block = 0; block < blocks; block++, codes += pairs, out += 2 * pairs) {
        __m512 scale = _mm512_set1_ps(scales[block]);
        size_t i = 0;
        for (; i + 8 <= pairs; i += 8) {
            __m512i wide = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(codes + i)));
            wide = _mm512_srlv_epi32(_mm512_or_si512(wide, _mm512_slli_epi64(wide, 32)), shifts);
            _mm512_storeu_ps(out + 2 * i, _mm512_mul_ps(_mm512_permutexvar_ps(wide, entries), scale));
        }
        expandPairs(codes, scales[block], table, out, i, pairs);
    }
}
#endif

static expand_blocks widest(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return expandAVX512;
    if (__builtin_cpu_supports("avx2")) return expandAVX2;
#endif
    return expandPlain;
}

void lorikeet_expand_four_bit(const void *source, const float *scales, const float *table, float *destination,
                              size_t first, size_t count, size_t block) {
    const byte *codes = source;
    expand_blocks expand = widest();
    size_t end = first + count, firstBlock = first / block;
    for (size_t i = first; i < end;) {
        const float *own = scales + (i / block - firstBlock);
        // Whole blocks together, and what is cut at either end by itself.
        size_t whole = i % block == 0 ? (end - i) / block : 0;
        if (whole > 0) {
            expand(codes + i / 2, own, table, destination, whole, block / 2);
            destination += whole * block;
            i += whole * block;
            continue;
        }
        size_t blockEnd = (i / block + 1) * block, until = blockEnd < end ? blockEnd : end;
        if (i % 2 == 1) *destination++ = table[codes[i++ / 2] & 15] * *own;
        size_t pairs = (until - i) / 2;
        expand(codes + i / 2, own, table, destination, 1, pairs);
        destination += 2 * pairs;
        i += 2 * pairs;
        if (i < until) *destination++ = table[codes[i++ / 2] >> 4] * *own;
    }
}

void lorikeet_expand_scales(const void *source, const float *map, const float *nested, float offset,
                            float *destination, size_t first, size_t count, size_t block) {
    const byte *codes = source;
    size_t end = first + count;
    for (size_t i = first; i < end;) {
        size_t blockEnd = (i / block + 1) * block, until = blockEnd < end ? blockEnd : end;
        float scale = nested[i / block];
        // The product rounds before the sum, as in two operations of the reference.
        for (; i < until; i++) *destination++ = map[codes[i]] * scale + offset;
    }
}

// MARK: - From floats

typedef float lanes __attribute__((vector_size(64), aligned(4)));
typedef int32_t counts __attribute__((vector_size(64), aligned(4)));

/// The places of values among fifteen ascending bounds, two a byte; one that lies on a bound goes below it.
///
/// - `scaled`: whole vectors of sixteen are read, and so many are there.
FOR_EACH_CPU static void places(const float *scaled, const float *bounds, byte *codes, size_t pairs) {
    int32_t found[32];
    for (size_t start = 0; start < pairs; start += 16) {
        for (int half = 0; half < 2; half++) {
            lanes values = *(const lanes *)(scaled + 2 * start + 16 * half);
            counts above = {0};
            // A comparison that holds is -1.
            for (int j = 0; j < 15; j++) above -= values > bounds[j];
            *(counts *)(found + 16 * half) = above;
        }
        size_t here = pairs - start < 16 ? pairs - start : 16;
        for (size_t i = 0; i < here; i++) codes[start + i] = (byte)(found[2 * i] << 4 | found[2 * i + 1]);
    }
}

FOR_EACH_CPU static float largest(const float *values, size_t count) {
    lanes top = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        top = __builtin_elementwise_max(top, __builtin_elementwise_abs(*(const lanes *)(values + i)));
    }
    float most = 0;
    for (int j = 0; j < 16; j++) most = top[j] > most ? top[j] : most;
    for (; i < count; i++) most = __builtin_fabsf(values[i]) > most ? __builtin_fabsf(values[i]) : most;
    return most;
}

/// A block over its scale, which the reference divides by where a last block is not whole, and else multiplies by the
/// inverse of; between -1 and 1.
FOR_EACH_CPU static void normalise(const float *values, float divisor, int isWhole, float *out, size_t count) {
    float factor = 1.0f / divisor;
    for (size_t i = 0; i < count; i++) {
        float value = isWhole ? values[i] * factor : values[i] / divisor;
        value = value < -1.0f ? -1.0f : value;
        out[i] = value > 1.0f ? 1.0f : value;
    }
}

void lorikeet_quantise_four_bit(const float *values, const float *bounds, void *destination, float *scales,
                                size_t count, size_t block) {
    // Room for a whole vector behind the last value.
    float scaled[4096 + 32];
    byte *codes = destination;
    for (size_t start = 0; start < count; start += block) {
        size_t length = count - start < block ? count - start : block;
        int isWhole = length == block;
        float top = largest(values + start, length), divisor = top < 1e-38f ? 1e-38f : top;
        normalise(values + start, divisor, isWhole, scaled, length);
        memset(scaled + length, 0, 32 * sizeof *scaled);
        places(scaled, bounds, codes + start / 2, (length + 1) / 2);
        // Nothing but zeros keeps the scale 0, but at the end.
        scales[start / block] = isWhole ? top : divisor;
    }
}

// MARK: - As halves hold them

FOR_EACH_CPU void lorikeet_round_bf16(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
        memcpy(values + i, &bits, sizeof bits);
    }
}

FOR_EACH_CPU void lorikeet_round_f16(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float size = __builtin_fabsf(values[i]);
        uint32_t bits;
        memcpy(&bits, &size, sizeof bits);
        bits = (bits + 0xfff + (bits >> 13 & 1)) & 0xffffe000u;
        float normal;
        memcpy(&normal, &bits, sizeof normal);
        // Below the least normal half steps are of 2^-24, which is the last place of a float in [1/2, 1).
        float rounded = size < 0x1p-14f ? (size + 0.5f) - 0.5f : normal;
        values[i] = __builtin_copysignf(rounded > 65504.0f ? __builtin_inff() : rounded, values[i]);
    }
}
