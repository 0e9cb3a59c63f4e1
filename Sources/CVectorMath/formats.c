// Stored number formats to float: what a checkpoint holds, exactly as its reference reads it.
//
// A product and a sum round separately here (no fused multiply-add), so that the result is bit
// for bit that of the reference, whatever the CPU.

#include "formats_blocks.h"

// MARK: - One number at a time

#define EXPAND_EACH(NAME, STORED, CONVERT)                                                 \
    FOR_EACH_CPU void lorikeet_expand_##NAME(const void *source, float *destination,       \
                                             size_t count) {                               \
        const byte *bytes = source;                                                        \
        for (size_t i = 0; i < count; i++) {                                               \
            STORED stored;                                                                 \
            memcpy(&stored, bytes + i * sizeof stored, sizeof stored);                     \
            destination[i] = CONVERT;                                                      \
        }                                                                                  \
    }

EXPAND_EACH(f16, uint16_t, floatOfHalf(stored))
EXPAND_EACH(bf16, uint16_t, floatOfBits((uint32_t)stored << 16))
EXPAND_EACH(f64, double, (float)stored)
EXPAND_EACH(i64, int64_t, (float)stored)
EXPAND_EACH(i32, int32_t, (float)stored)
EXPAND_EACH(i16, int16_t, (float)stored)
EXPAND_EACH(i8, int8_t, (float)stored)
EXPAND_EACH(u8, uint8_t, (float)stored)

// MARK: - Blocks of 32: a scale, perhaps a minimum, then the numbers

EXPAND_BLOCKS(q8_0, 32, 34) {
    float scale = halfAt(block);
    for (int j = 0; j < 32; j++) {
        out[j] = (float)(int8_t)block[2 + j] * scale;
    }
}

EXPAND_BLOCKS(q4_0, 32, 18) {
    float scale = halfAt(block);
    const byte *nibbles = block + 2;
    for (int j = 0; j < 16; j++) out[j] = (float)((nibbles[j] & 15) - 8) * scale;
    for (int j = 0; j < 16; j++) out[j + 16] = (float)((nibbles[j] >> 4) - 8) * scale;
}

EXPAND_BLOCKS(q4_1, 32, 20) {
    float scale = halfAt(block), minimum = halfAt(block + 2);
    const byte *nibbles = block + 4;
    for (int j = 0; j < 16; j++) out[j] = (float)(nibbles[j] & 15) * scale + minimum;
    for (int j = 0; j < 16; j++) out[j + 16] = (float)(nibbles[j] >> 4) * scale + minimum;
}

EXPAND_BLOCKS(q5_0, 32, 22) {
    float scale = halfAt(block);
    uint32_t fifth = wordAt(block + 2);
    const byte *nibbles = block + 6;
    for (int j = 0; j < 16; j++) {
        int low = (int)((nibbles[j] & 15u) | (fifth >> j & 1) << 4);
        int high = (int)((nibbles[j] >> 4) | (fifth >> (j + 16) & 1) << 4);
        out[j] = (float)(low - 16) * scale;
        out[j + 16] = (float)(high - 16) * scale;
    }
}

EXPAND_BLOCKS(q5_1, 32, 24) {
    float scale = halfAt(block), minimum = halfAt(block + 2);
    uint32_t fifth = wordAt(block + 4);
    const byte *nibbles = block + 8;
    for (int j = 0; j < 16; j++) {
        int low = (int)((nibbles[j] & 15u) | (fifth >> j & 1) << 4);
        int high = (int)((nibbles[j] >> 4) | (fifth >> (j + 16) & 1) << 4);
        out[j] = (float)low * scale + minimum;
        out[j + 16] = (float)high * scale + minimum;
    }
}

// MARK: - K formats: blocks of 256, whose scales are themselves stored in few bits

EXPAND_BLOCKS(q2_k, 256, 84) {
    const byte *scales = block, *pairs = block + 16;
    float scale = halfAt(block + 80), minimum = halfAt(block + 82);
    ONE_BLOCK_AT_A_TIME
    for (int group = 0; group < 16; group++) {
        // Eight groups of 16 share 32 bytes: two bits of a byte for each pair of groups.
        const byte *from = pairs + group / 8 * 32 + group % 2 * 16;
        int shift = group % 8 / 2 * 2;
        float step = scale * (float)(scales[group] & 15);
        float least = minimum * (float)(scales[group] >> 4);
        for (int j = 0; j < 16; j++) {
            out[group * 16 + j] = step * (float)(from[j] >> shift & 3) - least;
        }
    }
}

EXPAND_BLOCKS(q3_k, 256, 110) {
    const byte *high = block, *pairs = block + 32, *packed = block + 96;
    float scale = halfAt(block + 108);
    ONE_BLOCK_AT_A_TIME
    for (int group = 0; group < 16; group++) {
        int low = packed[group % 8] >> (group / 8 * 4) & 15;
        int top = packed[8 + group % 4] >> (group / 4 * 2) & 3;
        float step = scale * (float)((low | top << 4) - 32);
        const byte *from = pairs + group / 8 * 32 + group % 2 * 16;
        const byte *third = high + group % 2 * 16;
        int shift = group % 8 / 2 * 2, bit = group / 2;
        for (int j = 0; j < 16; j++) {
            int number = (from[j] >> shift & 3) - ((third[j] >> bit & 1) ? 0 : 4);
            out[group * 16 + j] = step * (float)number;
        }
    }
}

/// Eight 6-bit scales and eight 6-bit minimums in twelve bytes.
INLINE void unpackScales(const byte *packed, float scale, float minimum, float *steps,
                         float *least) {
    for (int j = 0; j < 4; j++) {
        steps[j] = scale * (float)(packed[j] & 63);
        least[j] = minimum * (float)(packed[j + 4] & 63);
        steps[j + 4] = scale * (float)((packed[j + 8] & 15) | packed[j] >> 6 << 4);
        least[j + 4] = minimum * (float)(packed[j + 8] >> 4 | packed[j + 4] >> 6 << 4);
    }
}

EXPAND_BLOCKS(q4_k, 256, 144) {
    float steps[8], least[8];
    unpackScales(block + 4, halfAt(block), halfAt(block + 2), steps, least);
    const byte *nibbles = block + 16;
    ONE_BLOCK_AT_A_TIME
    for (int group = 0; group < 4; group++) {
        const byte *from = nibbles + group * 32;
        float *to = out + group * 64;
        for (int j = 0; j < 32; j++) {
            to[j] = steps[2 * group] * (float)(from[j] & 15) - least[2 * group];
        }
        for (int j = 0; j < 32; j++) {
            to[j + 32] = steps[2 * group + 1] * (float)(from[j] >> 4) - least[2 * group + 1];
        }
    }
}

EXPAND_BLOCKS(q5_k, 256, 176) {
    float steps[8], least[8];
    unpackScales(block + 4, halfAt(block), halfAt(block + 2), steps, least);
    const byte *fifth = block + 16, *nibbles = block + 48;
    ONE_BLOCK_AT_A_TIME
    for (int group = 0; group < 4; group++) {
        const byte *from = nibbles + group * 32;
        float *to = out + group * 64;
        for (int j = 0; j < 32; j++) {
            int number = (from[j] & 15) | (fifth[j] >> (2 * group) & 1) << 4;
            to[j] = steps[2 * group] * (float)number - least[2 * group];
        }
        for (int j = 0; j < 32; j++) {
            int number = from[j] >> 4 | (fifth[j] >> (2 * group + 1) & 1) << 4;
            to[j + 32] = steps[2 * group + 1] * (float)number - least[2 * group + 1];
        }
    }
}

EXPAND_BLOCKS(q6_k, 256, 210) {
    float scale = halfAt(block + 208);
    for (int half = 0; half < 2; half++) {
        const byte *low = block + half * 64, *high = block + 128 + half * 32;
        const byte *scales = block + 192 + half * 8;
        for (int quarter = 0; quarter < 4; quarter++) {
            const byte *nibbles = low + quarter % 2 * 32;
            float *to = out + half * 128 + quarter * 32;
            for (int part = 0; part < 2; part++) {
                float step = scale * (float)(int8_t)scales[quarter * 2 + part];
                for (int j = part * 16; j < part * 16 + 16; j++) {
                    int number = (nibbles[j] >> (quarter / 2 * 4) & 15)
                        | (high[j] >> (2 * quarter) & 3) << 4;
                    to[j] = step * (float)(number - 32);
                }
            }
        }
    }
}
