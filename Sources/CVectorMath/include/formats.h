#ifndef LORIKEET_FORMATS_H
#define LORIKEET_FORMATS_H

#include <stddef.h>

// Stored numbers to float. `source` may have any alignment; `count` is in elements and, for the
// block formats, a multiple of the block (32; 256 for the K formats).

void lorikeet_expand_f16(const void *source, float *destination, size_t count);
void lorikeet_expand_bf16(const void *source, float *destination, size_t count);

void lorikeet_expand_q8_0(const void *source, float *destination, size_t count);
void lorikeet_expand_q4_0(const void *source, float *destination, size_t count);
void lorikeet_expand_q4_1(const void *source, float *destination, size_t count);
void lorikeet_expand_q5_0(const void *source, float *destination, size_t count);
void lorikeet_expand_q5_1(const void *source, float *destination, size_t count);

void lorikeet_expand_q2_k(const void *source, float *destination, size_t count);
void lorikeet_expand_q3_k(const void *source, float *destination, size_t count);
void lorikeet_expand_q4_k(const void *source, float *destination, size_t count);
void lorikeet_expand_q5_k(const void *source, float *destination, size_t count);
void lorikeet_expand_q6_k(const void *source, float *destination, size_t count);

// formats_grids.c; blocks of 256, of 32 for iq4_nl and mxfp4, of 64 for nvfp4.
void lorikeet_expand_iq4_nl(const void *source, float *destination, size_t count);
void lorikeet_expand_iq4_xs(const void *source, float *destination, size_t count);
void lorikeet_expand_mxfp4(const void *source, float *destination, size_t count);
void lorikeet_expand_nvfp4(const void *source, float *destination, size_t count);
void lorikeet_expand_tq1_0(const void *source, float *destination, size_t count);
void lorikeet_expand_tq2_0(const void *source, float *destination, size_t count);
void lorikeet_expand_iq2_xxs(const void *source, float *destination, size_t count);
void lorikeet_expand_iq2_xs(const void *source, float *destination, size_t count);
void lorikeet_expand_iq2_s(const void *source, float *destination, size_t count);
void lorikeet_expand_iq3_xxs(const void *source, float *destination, size_t count);
void lorikeet_expand_iq3_s(const void *source, float *destination, size_t count);
void lorikeet_expand_iq1_s(const void *source, float *destination, size_t count);
void lorikeet_expand_iq1_m(const void *source, float *destination, size_t count);

void lorikeet_expand_f64(const void *source, float *destination, size_t count);
void lorikeet_expand_i64(const void *source, float *destination, size_t count);
void lorikeet_expand_i32(const void *source, float *destination, size_t count);
void lorikeet_expand_i16(const void *source, float *destination, size_t count);
void lorikeet_expand_i8(const void *source, float *destination, size_t count);
void lorikeet_expand_u8(const void *source, float *destination, size_t count);

// formats_writing.c: floats to what is stored; `count` as above.
void lorikeet_pack_f16(const float *source, void *destination, size_t count);
void lorikeet_pack_q8_0(const float *source, void *destination, size_t count);
void lorikeet_pack_q4_0(const float *source, void *destination, size_t count);

// four_bit.c
/// Elements `first` to `first + count` of a tensor, wherever they stand in a block and a byte.
///
/// - `source`: of the whole tensor; `scales`: one a block, from the block of `first` on; `table`: sixteen.
void lorikeet_expand_four_bit(const void *source, const float *scales, const float *table, float *destination,
                              size_t first, size_t count, size_t block);
/// Scales that are quantised themselves, `map[code] * nested + offset`: those of `first` to `first + count`.
///
/// - `source`: the codes of all; `map`: of 256; `nested`: one a block.
void lorikeet_expand_scales(const void *source, const float *map, const float *nested, float offset,
                            float *destination, size_t first, size_t count, size_t block);
/// The nearest of sixteen for each value, and the scale of each block.
///
/// - `bounds`: the fifteen middles between neighbours; `block`: even, at most 4096; `count`: whole blocks, but at the
///   tensor's end.
void lorikeet_quantise_four_bit(const float *values, const float *bounds, void *destination, float *scales,
                                size_t count, size_t block);
/// The nearest values of a half, in place.
void lorikeet_round_bf16(float *values, size_t count);
void lorikeet_round_f16(float *values, size_t count);

#endif
