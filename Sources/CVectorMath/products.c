#include "kernels.h"
#include "products.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t workspace_key;
static int has_key;

static const product_kernel kernels[] = {
    lk_product_plain,
#if defined(__x86_64__)
    lk_product_avx, lk_product_avx2, lk_product_avx512,
#endif
};

/// The highest level of this processor, a place in `kernels`.
static int best;

static void prepare(void) {
    has_key = pthread_key_create(&workspace_key, free) == 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx")) return;
    best = lk_level_avx;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
    best = lk_level_avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512cd")) {
        best = lk_level_avx512;
    }
#endif
}

/// This thread's room for packed pieces, kept until the thread ends.
static float *workspace(void) {
    if (!has_key) return NULL;
    float *space = pthread_getspecific(workspace_key);
    if (space == NULL) {
        space = aligned_alloc(64, (packed_a + packed_b) * sizeof *space);
        if (space != NULL) pthread_setspecific(workspace_key, space);
    }
    return space;
}

int lk_product_level(void) {
    pthread_once(&once, prepare);
    return best;
}

/// Measured beside OpenBLAS, which reads small matrices where they lie, except b when transposed.
static int is_worth_packing(long m, long n, long k, int transpose_b) {
    if (n < 24) return 0;
    return transpose_b ? m * n * k >= 50000 : m > 1 && m * n * k >= 1000000;
}

int lk_multiply(int transpose_a, int transpose_b, long m, long n, long k, float alpha, const float *a,
                long a_stride, const float *b, long b_stride, float beta, float *c, long c_stride) {
    if (lk_product_level() != lk_level_avx512 || !is_worth_packing(m, n, k, transpose_b)) return 0;
    float *packed = workspace();
    if (packed == NULL) return 0;
    product of = {{a, a_stride, transpose_a}, {b, b_stride, transpose_b}, m, n, k, alpha, beta, c, c_stride};
    kernels[best](&of, packed);
    return 1;
}

int lk_multiply_rows(int level, int transpose_b, long m, long n, long k, float alpha, const float *a,
                     long a_stride, const float *b, long b_stride, int adds, float *c, long c_stride) {
    float *packed = level <= lk_product_level() ? workspace() : NULL;
    if (packed == NULL) return 0;
    product of = {{a, a_stride, 0}, {b, b_stride, transpose_b}, m, n, k, alpha, adds ? 1 : 0, c, c_stride};
    kernels[level](&of, packed);
    return 1;
}
