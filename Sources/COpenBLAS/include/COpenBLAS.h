#pragma once

// OpenBLAS, loaded when the first product is asked for: a kernel that only answers messages
// never pays for it, and the kernels for this CPU can be chosen before its set-up runs.

/// Loads the library once, whichever thread asks first; it is then told to use one thread a call.
///
/// Returns NULL, or why it could not be loaded.
const char *lorikeet_blas_load(void);

/// The name of the CPU kernels in use, such as "SkylakeX"; "none" before a load.
const char *lorikeet_blas_core(void);

/// How the library was built, beginning with its name and version: "OpenBLAS 0.3.21 ..."; empty where it does not say.
const char *lorikeet_blas_configuration(void);

/// Row-major C = alpha * op(A) * op(B) + beta * C, op(A): m × k, op(B): k × n.
///
/// Traps when the library could not be loaded: callers have asked `lorikeet_blas_load` before.
void lorikeet_sgemm(int transposeA, int transposeB, int m, int n, int k, float alpha,
                    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

/// As `lorikeet_sgemm` in double precision, with alpha = 1 and beta = 0.
///
/// Returns 0, or -1 when the library could not be loaded.
int lorikeet_dgemm(int transposeA, int transposeB, int m, int n, int k, const double *a, int lda,
                   const double *b, int ldb, double *c, int ldc);

/// The `count` largest eigenvalues of a symmetric n × n matrix, ascending, and their vectors, one a row
/// of `vectors` (count × n). The matrix is overwritten.
///
/// Returns 0, -1 when the library has no LAPACK, or another number when that fails.
int lorikeet_largest_eigenvectors(int n, int count, double *matrix, double *values, double *vectors);
