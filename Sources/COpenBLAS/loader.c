#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*sgemm_function)(int order, int ta, int tb, int m, int n, int k, float alpha,
                               const float *a, int lda, const float *b, int ldb, float beta, float *c,
                               int ldc);

typedef void (*dgemm_function)(int order, int ta, int tb, int m, int n, int k, double alpha,
                               const double *a, int lda, const double *b, int ldb, double beta, double *c,
                               int ldc);

/// LAPACK's, with the lengths of the three texts that Fortran hands over last.
typedef void (*dsyevr_function)(const char *job, const char *range, const char *triangle, const int *n,
                                double *a, const int *lda, const double *low, const double *high,
                                const int *first, const int *last, const double *tolerance, int *found,
                                double *values, double *vectors, const int *ldz, int *support, double *work,
                                const int *work_count, int *integers, const int *integer_count, int *info,
                                size_t, size_t, size_t);

enum { row_major = 101, no_transpose = 111, transpose = 112 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static sgemm_function sgemm;
static dgemm_function dgemm;
static dsyevr_function dsyevr;
static char *(*core_name)(void);
static char *(*configuration)(void);
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

/// OpenBLAS knows processors by their model numbers. One that is newer than the library it takes for what it is not: 0.3.21
/// takes an AMD one with AVX-512 for one with AVX2, at half its speed, and an Intel one of 2023 for one of 2004, at a
/// fifth. So the kernels are chosen by what the processor can do; what the person chose in OPENBLAS_CORETYPE stands.
///
/// NULL where OpenBLAS chooses.
static const char *kernels(void) {
    if (getenv("OPENBLAS_CORETYPE") != NULL) return NULL;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
        return "SKYLAKEX";
    }
    if (__builtin_cpu_is("intel") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return "HASWELL";
    }
#endif
    return NULL;
}

static void load(void) {
    const char *chosen = kernels();
    int chose_threads = getenv("OPENBLAS_NUM_THREADS") == NULL;
    if (chosen != NULL) setenv("OPENBLAS_CORETYPE", chosen, 1);
    if (chose_threads) setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void *library = NULL;
    for (size_t i = 0; library == NULL && i < sizeof names / sizeof *names; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    if (chosen != NULL) unsetenv("OPENBLAS_CORETYPE");
    if (chose_threads) unsetenv("OPENBLAS_NUM_THREADS");
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(failure, sizeof failure, "%s", reason ? reason : "not found");
        return;
    }
    sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
    dgemm = (dgemm_function)dlsym(library, "cblas_dgemm");
    dsyevr = (dsyevr_function)dlsym(library, "dsyevr_");
    core_name = (char *(*)(void))dlsym(library, "openblas_get_corename");
    configuration = (char *(*)(void))dlsym(library, "openblas_get_config");
    void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    if (set_threads != NULL) set_threads(1);
    if (sgemm == NULL) snprintf(failure, sizeof failure, "it has no cblas_sgemm");
}

const char *lorikeet_blas_load(void) {
    pthread_once(&once, load);
    return sgemm != NULL ? NULL : failure;
}

const char *lorikeet_blas_configuration(void) {
    return configuration != NULL ? configuration() : "";
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

int lorikeet_largest_eigenvectors(int n, int count, double *matrix, double *values, double *vectors) {
    pthread_once(&once, load);
    if (dsyevr == NULL) return -1;
    int first = n - count + 1, found = 0, work_count = -1, integer_count = -1, info = 0, needed_integers = 0;
    double tolerance = 0, unused = 0, needed = 0;
    int *support = malloc(2 * (size_t)(count > 0 ? count : 1) * sizeof *support);
    if (support == NULL) return -2;
    dsyevr("V", "I", "L", &n, matrix, &n, &unused, &unused, &first, &n, &tolerance, &found, values, vectors, &n,
           support, &needed, &work_count, &needed_integers, &integer_count, &info, 1, 1, 1);
    work_count = (int)needed;
    integer_count = needed_integers;
    double *work = info == 0 ? malloc((size_t)work_count * sizeof *work) : NULL;
    int *integers = info == 0 ? malloc((size_t)integer_count * sizeof *integers) : NULL;
    if (work != NULL && integers != NULL) {
        dsyevr("V", "I", "L", &n, matrix, &n, &unused, &unused, &first, &n, &tolerance, &found, values, vectors,
               &n, support, work, &work_count, integers, &integer_count, &info, 1, 1, 1);
    } else {
        info = -2;
    }
    free(support);
    free(work);
    free(integers);
    return info != 0 ? info : found == count ? 0 : -3;
}

int lorikeet_dgemm(int transposeA, int transposeB, int m, int n, int k, const double *a, int lda,
                   const double *b, int ldb, double *c, int ldc) {
    pthread_once(&once, load);
    if (dgemm == NULL) return -1;
    dgemm(row_major, transposeA ? transpose : no_transpose, transposeB ? transpose : no_transpose, m, n, k, 1,
          a, lda, b, ldb, 0, c, ldc);
    return 0;
}
