// Our products beside OpenBLAS's, on the shapes of tuning: two threads side by side, in turns, the
// best of four, GFLOP/s of both together. Right operands are more than the caches hold, as a model's weights are.
// The third figure is of products whose rows stand alone, at the processor's level of instructions or the one that
// is named: 0 plain, 1 AVX, 2 AVX2, 3 AVX-512. OPENBLAS_CORETYPE chooses what they are beside.
//
//     clang -O3 -fno-math-errno -ISources/CVectorMath/include Benchmarks/products.c \
//         Sources/CVectorMath/product*.c -ldl -lpthread -o build/products && build/products [LEVEL]

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels.h"

enum { threads = 2, rounds = 4, sides = 3, row_major = 101, plain = 111, transposed = 112 };

typedef struct {
    int transpose_a, transpose_b;
    long m, n, k;
} shape;

static const shape shapes[] = {
    {0, 0, 224, 1536, 576}, {0, 1, 224, 1536, 576}, {0, 0, 224, 768, 3072}, {0, 1, 224, 3072, 768},
    {0, 0, 50, 576, 1536},  {0, 1, 50, 1536, 576},  {0, 1, 8, 1536, 576},   {0, 0, 224, 576, 8},
    {0, 1, 224, 224, 64},   {1, 0, 1536, 576, 224}, {0, 1, 1024, 1024, 1024}, {0, 0, 64, 64, 64},
    {0, 1, 224, 8, 576},  {0, 1, 224, 576, 8},  {0, 1, 1, 1536, 576},   {0, 0, 1, 2304, 768},
};

typedef struct {
    const shape *of;
    const float *weights;
    long count;
    int side;
    double seconds;
} job;

static int level;
static void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static float *numbers(long count) {
    float *made = aligned_alloc(64, (count * 4 + 64) / 64 * 64);
    for (long i = 0; i < count; i++) made[i] = (float)(i * 7919 % 1000) / 1000 - 0.5f;
    return made;
}

static void *run(void *argument) {
    job *work = argument;
    shape s = *work->of;
    float *a = numbers(s.m * s.k), *c = numbers(s.m * s.n);
    long a_stride = s.transpose_a ? s.m : s.k, b_stride = s.transpose_b ? s.k : s.n;
    double start = now();
    for (long i = 0; i < work->count; i++) {
        const float *b = work->weights + i * s.n * s.k;
        int is_done = 0;
        if (work->side == 1) {
            is_done = lk_multiply(s.transpose_a, s.transpose_b, s.m, s.n, s.k, 1, a, a_stride, b, b_stride, 0, c, s.n);
        } else if (work->side == 2 && !s.transpose_a) {
            is_done = lk_multiply_rows(level, s.transpose_b, s.m, s.n, s.k, 1, a, a_stride, b, b_stride, 0, c, s.n);
        }
        if (!is_done) {
            sgemm(row_major, s.transpose_a ? transposed : plain, s.transpose_b ? transposed : plain, s.m, s.n, s.k,
                  1, a, a_stride, b, b_stride, 0, c, s.n);
        }
    }
    work->seconds = now() - start;
    free(a);
    free(c);
    return NULL;
}

static double rate(const shape *of, const float *weights, long count, int side) {
    job jobs[threads];
    pthread_t started[threads];
    double slowest = 0;
    for (int i = 0; i < threads; i++) {
        jobs[i] = (job){of, weights, count, side, 0};
        pthread_create(&started[i], NULL, run, &jobs[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(started[i], NULL);
        if (jobs[i].seconds > slowest) slowest = jobs[i].seconds;
    }
    return threads * 2.0 * of->m * of->n * of->k * count / slowest / 1e9;
}

int main(int count_of_words, char **words) {
    level = count_of_words > 1 ? atoi(words[1]) : lk_product_level();
    if (__builtin_cpu_supports("avx512f")) setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    void *library = dlopen("libopenblas.so.0", RTLD_NOW);
    sgemm = library ? (__typeof__(sgemm))dlsym(library, "cblas_sgemm") : NULL;
    if (!sgemm) return fprintf(stderr, "OpenBLAS could not be loaded: %s\n", dlerror()), 1;
    printf("rows x columns x inner length, a and b   OpenBLAS   ours   rows\n");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const shape *s = &shapes[i];
        long count = 100000000 / (s->n * s->k);
        if (count > 4000) count = 4000;
        float *weights = numbers(count * s->n * s->k);
        double best[sides] = {0, 0, 0};
        for (int round = 0; round < rounds * sides; round++) {
            double found = rate(s, weights, count, round % sides);
            if (found > best[round % sides]) best[round % sides] = found;
        }
        printf("%5ld x %5ld x %5ld  %c %c                  %6.0f %6.0f %6.0f\n", s->m, s->n, s->k,
               s->transpose_a ? 'T' : 'N', s->transpose_b ? 'T' : 'N', best[0], best[1], best[2]);
        fflush(stdout);
        free(weights);
    }
}
