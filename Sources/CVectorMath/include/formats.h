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

void lorikeet_expand_f64(const void *source, float *destination, size_t count);
void lorikeet_expand_i64(const void *source, float *destination, size_t count);
void lorikeet_expand_i32(const void *source, float *destination, size_t count);
void lorikeet_expand_i16(const void *source, float *destination, size_t count);
void lorikeet_expand_i8(const void *source, float *destination, size_t count);
void lorikeet_expand_u8(const void *source, float *destination, size_t count);

#endif
