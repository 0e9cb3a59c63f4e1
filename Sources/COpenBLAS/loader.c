#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*sgemm_function)(int order, int ta, int tb, int m, int n, int k, float alpha,
                               const float *a, int lda, const float *b, int ldb, float beta, float *c,
                               int ldc);

enum { row_major = 101, no_transpose = 111, transpose = 112 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sgemm_function sgemm;
static char *(*core_name)(void);
static char failure[512];

static const char *const names[] = {
#ifdef __APPLE__
    "libopenblas.dylib",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
#else
    "libopenblas.so.0",
    "libopenblas.so",
#endif
};

/// OpenBLAS before 0.3.22 takes an AMD processor with AVX-512 for one with AVX2 and runs at half
/// its speed; what the person chose in OPENBLAS_CORETYPE stands.
static int should_choose_avx512(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return getenv("OPENBLAS_CORETYPE") == NULL && !__builtin_cpu_is("intel") &&
           __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

static void load(void) {
    int chose_core = should_choose_avx512();
    int chose_threads = getenv("OPENBLAS_NUM_THREADS") == NULL;
    if (chose_core) setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1);
    if (chose_threads) setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void *library = NULL;
    for (size_t i = 0; library == NULL && i < sizeof names / sizeof *names; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    if (chose_core) unsetenv("OPENBLAS_CORETYPE");
    if (chose_threads) unsetenv("OPENBLAS_NUM_THREADS");
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(failure, sizeof failure, "%s", reason ? reason : "not found");
        return;
    }
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
    core_name = (char *(*)(void))dlsym(library, "openblas_get_corename");
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (set_threads != NULL) set_threads(1);
    if (sgemm == NULL) snprintf(failure, sizeof failure, "it has no cblas_sgemm");
}

const char *lorikeet_blas_load(void) {
    pthread_once(&once, load);
    return sgemm != NULL ? NULL : failure;
}

const char *lorikeet_blas_core(void) {
    return core_name != NULL ? core_name() : "none";
}

void lorikeet_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a,
                    int lda, const float *b, int ldb, float beta, float *c, int ldc) {
    pthread_once(&once, load);
    if (sgemm == NULL) abort();
    sgemm(row_major, transposeA ? transpose : no_transpose, transposeB ? transpose : no_transpose, m, n, k,
          alpha, a, lda, b, ldb, beta, c, ldc);
}
