// The block formats of llama.cpp whose numbers are places in tables: of single values (IQ4, MXFP4, NVFP4), of three
// (TQ), or of four or eight values that were found to be worth having (the other IQ, whose grids are in
// formats_grids.h). As `gguf.quants` of the gguf package reads them, to the bit.

#include "formats_blocks.h"
#include "formats_grid_iq1.h"
#include "formats_grids.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

INLINE uint16_t shortAt(const byte *bytes) {
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// MARK: - Tables of single values

static const float iq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// Floats of a sign, two bits of exponent and one of fraction, doubled.
static const float e2m1Values[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// `count` bytes' lower halves, then their upper ones, as entries of a table times a scale.
typedef void (*look_up)(const byte *nibbles, const float *table, float scale, float *out, int count);

static void lookUpPlain(const byte *nibbles, const float *table, float scale, float *out, int count) {
    for (int j = 0; j < count; j++) out[j] = table[nibbles[j] & 15] * scale;
    for (int j = 0; j < count; j++) out[j + count] = table[nibbles[j] >> 4] * scale;
}

#if defined(__x86_64__)
/// Eight bytes at a time, and the table's halves in two registers.
__attribute__((target("avx2"))) static void lookUpAVX2(const byte *nibbles, const float *table, float scale,
                                                       float *out, int count) {
    __m256 first = _mm256_loadu_ps(table), last = _mm256_loadu_ps(table + 8), scales = _mm256_set1_ps(scale);
    for (int j = 0; j < count; j += 8) {
        __m256i places = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(nibbles + j)));
        for (int half = 0; half < 2; half++) {
            __m256 isLast = _mm256_castsi256_ps(_mm256_slli_epi32(places, 28));
            __m256 found = _mm256_blendv_ps(_mm256_permutevar8x32_ps(first, places),
                                            _mm256_permutevar8x32_ps(last, places), isLast);
            _mm256_storeu_ps(out + half * count + j, _mm256_mul_ps(found, scales));
            places = _mm256_srli_epi32(places, 4);
        }
    }
}

/// The whole table in one register, which looks at the last four bits of a place alone.
__attribute__((target("avx512f"))) static void lookUpAVX512(const byte *nibbles, const float *table, float scale,
                                                            float *out, int count) {
    if (count != 16) return lookUpAVX2(nibbles, table, scale, out, count);
    __m512 entries = _mm512_loadu_ps(table), scales = _mm512_set1_ps(scale);
    __m512i low = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)nibbles));
    __m512i high = _mm512_srli_epi32(low, 4);
    _mm512_storeu_ps(out, _mm512_mul_ps(_mm512_permutexvar_ps(low, entries), scales));
    _mm512_storeu_ps(out + 16, _mm512_mul_ps(_mm512_permutexvar_ps(high, entries), scales));
}
#endif

static look_up widestLookUp(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return lookUpAVX512;
    if (__builtin_cpu_supports("avx2")) return lookUpAVX2;
#endif
    return lookUpPlain;
}

/// A format of table entries: `block`, `out` and `lookUp` are what its body has.
#define EXPAND_TABLES(NAME, ELEMENTS, BYTES)                                                              \
    INLINE void block_##NAME(const byte *block, float *out, look_up lookUp);                              \
    void lorikeet_expand_##NAME(const void *source, float *destination, size_t count) {                   \
        const byte *bytes = source;                                                                       \
        look_up lookUp = widestLookUp();                                                                  \
        for (size_t i = 0; i < count / ELEMENTS; i++) {                                                   \
            block_##NAME(bytes + i * BYTES, destination + i * ELEMENTS, lookUp);                          \
        }                                                                                                 \
    }                                                                                                     \
    INLINE void block_##NAME(const byte *block, float *out, look_up lookUp)

EXPAND_TABLES(iq4_nl, 32, 18) {
    lookUp(block + 2, iq4Values, halfAt(block), out, 16);
}

EXPAND_TABLES(iq4_xs, 256, 136) {
    float scale = halfAt(block);
    uint16_t high = shortAt(block + 2);
    for (int group = 0; group < 8; group++) {
        int low = block[4 + group / 2] >> (group % 2 * 4) & 15;
        int step = (low | (high >> (2 * group) & 3) << 4) - 32;
        lookUp(block + 8 + group * 16, iq4Values, scale * (float)step, out + group * 32, 16);
    }
}

EXPAND_TABLES(mxfp4, 32, 17) {
    // A power of two, halved for the doubled values; the least two are subnormal.
    uint32_t exponent = block[0];
    float scale = floatOfBits(exponent < 2 ? 0x00200000u << exponent : (exponent - 1) << 23);
    lookUp(block + 1, e2m1Values, scale, out, 16);
}

/// Unsigned, four bits of exponent and three of fraction, halved; 0x7F stands for 0.
INLINE float halvedE4M3(byte code) {
    if (code == 0 || code == 0x7f) return 0;
    int exponent = code >> 3 & 15;
    float fraction = (float)(code & 7);
    if (exponent == 0) return fraction * 0x1p-10f;
    return (1.0f + fraction / 8.0f) * floatOfBits((uint32_t)(exponent - 8 + 127) << 23);
}

EXPAND_TABLES(nvfp4, 64, 36) {
    for (int group = 0; group < 4; group++) {
        lookUp(block + 4 + group * 8, e2m1Values, halvedE4M3(block[group]), out + group * 16, 8);
    }
}

// MARK: - Three values

/// A byte is five numbers of base three, as a fraction of 256: times three, what carries over is the first.
INLINE void trits(const byte *bytes, int count, int places, float scale, float *out) {
    byte power = 1;
    for (int place = 0; place < places; place++) {
        for (int j = 0; j < count; j++) {
            byte rest = (byte)(bytes[j] * power);
            out[place * count + j] = scale * (float)((rest * 3 >> 8) - 1);
        }
        power = (byte)(power * 3);
    }
}

EXPAND_BLOCKS(tq1_0, 256, 54) {
    float scale = halfAt(block + 52);
    trits(block, 32, 5, scale, out);
    trits(block + 32, 16, 5, scale, out + 160);
    trits(block + 48, 4, 4, scale, out + 240);
}

EXPAND_BLOCKS(tq2_0, 256, 66) {
    float scale = halfAt(block + 64);
    for (int group = 0; group < 8; group++) {
        const byte *from = block + group / 4 * 32;
        int shift = group % 4 * 2;
        for (int j = 0; j < 32; j++) out[group * 32 + j] = scale * (float)((from[j] >> shift & 3) - 1);
    }
}

// MARK: - Grids

/// Eight values of a grid whose numbers 0, 1, 2 stand for 8, 25 and 43, with a sign each.
INLINE void eight(uint16_t grid, byte signs, float scale, float *out) {
    for (int j = 0; j < 8; j++) {
        int place = grid >> (2 * j) & 3;
        float value = scale * (float)(8 + 17 * place + (place >> 1));
        out[j] = signs >> j & 1 ? -value : value;
    }
}

/// Eight signs of which the number of minuses is even, from the first seven.
INLINE byte evenSigns(uint32_t seven) {
    return (byte)(seven | (uint32_t)__builtin_parity(seven) << 7);
}

EXPAND_BLOCKS(iq2_xxs, 256, 66) {
    float scale = halfAt(block);
    for (int group = 0; group < 8; group++) {
        const byte *places = block + 2 + group * 8;
        uint32_t signs = wordAt(places + 4);
        float step = scale * (0.5f + (float)(signs >> 28)) * 0.25f;
        for (int j = 0; j < 4; j++) {
            eight(iq2xxsGrid[places[j]], evenSigns(signs >> (7 * j) & 127), step, out + group * 32 + j * 8);
        }
    }
}

/// The scales of two groups share a byte.
INLINE float quarterStep(float scale, const byte *scales, int group) {
    return scale * (0.5f + (float)(scales[group / 2] >> (group % 2 * 4) & 15)) * 0.25f;
}

EXPAND_BLOCKS(iq2_xs, 256, 74) {
    float scale = halfAt(block);
    for (int j = 0; j < 32; j++) {
        uint16_t place = shortAt(block + 2 + 2 * j);
        eight(iq2xsGrid[place & 511], evenSigns(place >> 9), quarterStep(scale, block + 66, j / 2), out + j * 8);
    }
}

EXPAND_BLOCKS(iq2_s, 256, 82) {
    float scale = halfAt(block);
    const byte *low = block + 2, *signs = block + 34, *high = block + 66;
    for (int j = 0; j < 32; j++) {
        int place = low[j] | (high[j / 4] >> (j % 4 * 2) & 3) << 8;
        eight(iq2sGrid[place], signs[j], quarterStep(scale, block + 74, j / 2), out + j * 8);
    }
}

/// Four values of a grid, `first + step * number`, where the last of eight numbers may be `more` than that.
INLINE void four(uint16_t grid, int signs, int first, int step, int more, float scale, float *out) {
    for (int j = 0; j < 4; j++) {
        int place = grid >> (4 * j) & 7;
        float value = scale * (float)(first + step * place + (place == 7 ? more : 0));
        out[j] = signs >> j & 1 ? -value : value;
    }
}

EXPAND_BLOCKS(iq3_xxs, 256, 98) {
    float scale = halfAt(block);
    const byte *places = block + 2;
    for (int group = 0; group < 8; group++) {
        uint32_t word = wordAt(block + 66 + group * 4);
        float step = scale * (0.5f + (float)(word >> 28)) * 0.5f;
        for (int j = 0; j < 4; j++) {
            byte signs = evenSigns(word >> (7 * j) & 127);
            const byte *pair = places + group * 8 + j * 2;
            four(iq3xxsGrid[pair[0]], signs, 4, 8, 2, step, out + group * 32 + j * 8);
            four(iq3xxsGrid[pair[1]], signs >> 4, 4, 8, 2, step, out + group * 32 + j * 8 + 4);
        }
    }
}

EXPAND_BLOCKS(iq3_s, 256, 110) {
    float scale = halfAt(block);
    const byte *low = block + 2, *high = block + 66, *signs = block + 74, *scales = block + 106;
    for (int j = 0; j < 64; j++) {
        int group = j / 8, place = low[j] | (high[j / 8] >> (j % 8) & 1) << 8;
        float step = scale * (float)(1 + 2 * (scales[group / 2] >> (group % 2 * 4) & 15));
        four(iq3sGrid[place], signs[j / 2] >> (j % 2 * 4), 1, 2, 0, step, out + j * 4);
    }
}

/// Eight values of -1, 0 and 1, moved by an eighth.
INLINE void moved(uint16_t grid, float scale, float by, float *out) {
    for (int j = 0; j < 8; j++) out[j] = scale * ((float)((grid >> (2 * j) & 3) - 1) + by);
}

EXPAND_BLOCKS(iq1_s, 256, 50) {
    float scale = halfAt(block);
    const byte *low = block + 2;
    for (int group = 0; group < 8; group++) {
        uint16_t high = shortAt(block + 34 + group * 2);
        float step = scale * (float)(2 * (high >> 12 & 7) + 1), by = high & 0x8000 ? -0.125f : 0.125f;
        for (int j = 0; j < 4; j++) {
            int place = low[group * 4 + j] | (high >> (3 * j) & 7) << 8;
            moved(iq1sGrid[place], step, by, out + group * 32 + j * 8);
        }
    }
}

EXPAND_BLOCKS(iq1_m, 256, 56) {
    const byte *low = block, *high = block + 32, *scales = block + 48;
    // The scale's sixteen bits lie four by four in the upper ends of the groups' scales.
    uint16_t bits = 0;
    for (int j = 0; j < 4; j++) bits |= (uint16_t)(shortAt(scales + 2 * j) >> 12 << (4 * j));
    float scale = floatOfHalf(bits);
    for (int j = 0; j < 32; j++) {
        int nibble = high[j / 2] >> (j % 2 * 4) & 15;
        int step = shortAt(scales + j / 8 * 2) >> (j / 2 % 4 * 3) & 7;
        moved(iq1sGrid[low[j] | (nibble & 7) << 8], scale * (float)(2 * step + 1),
              nibble & 8 ? -0.125f : 0.125f, out + j * 8);
    }
}
