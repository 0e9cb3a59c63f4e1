// Floats to stored number formats, bit for bit as ggml's reference quantisers make them (`quants` of gguf-py).
//
// A product and a sum round separately here too, so that a block is the same on every CPU.

#include "formats_blocks.h"

/// The nearest half, ties to the even one; what is too large becomes infinite.
INLINE uint16_t halfOfFloat(float value) {
    uint32_t bits = bitsOfFloat(value);
    uint32_t sign = bits >> 16 & 0x8000;
    bits &= 0x7fffffff;
    // Below the least normal half steps are of 2^-24, which is the last place of a float in [1/2, 1).
    uint32_t small = bitsOfFloat(floatOfBits(bits) + 0.5f) - 0x3f000000;
    uint32_t normal = (bits + 0xfff + (bits >> 13 & 1) - 0x38000000) >> 13;
    uint32_t half = bits < 0x38800000 ? small : bits < 0x477ff000 ? normal : 0x7c00;
    return (uint16_t)(sign | (bits > 0x7f800000 ? 0x7e00 : half));
}

INLINE void writeHalf(byte *bytes, float value) {
    uint16_t half = halfOfFloat(value);
    memcpy(bytes, &half, sizeof half);
}

/// One over a scale; 0 for one so small that its half is 0, and for none.
INLINE float inverseOf(float scale) {
    float inverse = scale == 0.0f ? 0.0f : 1.0f / scale;
    return __builtin_fabsf(inverse) < __builtin_inff() ? inverse : 0.0f;
}

FOR_EACH_CPU void lorikeet_pack_f16(const float *source, void *destination, size_t count) {
    byte *out = destination;
    for (size_t i = 0; i < count; i++) writeHalf(out + 2 * i, source[i]);
}

FOR_EACH_CPU void lorikeet_pack_q8_0(const float *source, void *destination, size_t count) {
    byte *out = destination;
    for (size_t first = 0; first < count; first += 32, out += 34) {
        const float *values = source + first;
        float largest = 0;
        for (int j = 0; j < 32; j++) {
            float size = __builtin_fabsf(values[j]);
            largest = size > largest ? size : largest;
        }
        float scale = largest / 127.0f, inverse = inverseOf(scale);
        writeHalf(out, scale);
        for (int j = 0; j < 32; j++) {
            float scaled = values[j] * inverse;
            // Halves go away from zero.
            float size = __builtin_fabsf(scaled);
            int whole = (int)size;
            whole += size - (float)whole >= 0.5f;
            out[2 + j] = (byte)(int8_t)(scaled < 0.0f ? -whole : whole);
        }
    }
}

/// A place from 0 to 15 around 8, which stands for 0.
INLINE unsigned nibbleOf(float value, float inverse) {
    int place = (int)(float)((double)value * (double)inverse + 8.5);
    return (unsigned)(place < 0 ? 0 : place > 15 ? 15 : place);
}

FOR_EACH_CPU void lorikeet_pack_q4_0(const float *source, void *destination, size_t count) {
    byte *out = destination;
    for (size_t first = 0; first < count; first += 32, out += 18) {
        const float *values = source + first;
        // The value of the largest size, with its sign: it becomes -8.
        float largest = 0, extreme = 0;
        for (int j = 0; j < 32; j++) {
            float size = __builtin_fabsf(values[j]);
            extreme = size > largest ? values[j] : extreme;
            largest = size > largest ? size : largest;
        }
        float scale = extreme / -8.0f, inverse = inverseOf(scale);
        writeHalf(out, scale);
        for (int j = 0; j < 16; j++) {
            out[2 + j] = (byte)(nibbleOf(values[j], inverse) | nibbleOf(values[j + 16], inverse) << 4);
        }
    }
}
