#pragma once
#include <stdint.h>

// Elementwise kernels over rows of floats. Every row of a matrix lies `columns` floats after the
// one before unless a stride is named. Pointers may be unaligned; outputs may be their inputs
// only where that is said.

// sums.c
void lk_add(float *into, const float *x, long count);                    // into += x
void lk_sum(float *out, const float *a, const float *b, long count);     // out = a + b; may alias
void lk_scale(float *x, float factor, long count);                       // x *= factor
void lk_add_scaled(float *into, const float *x, float factor, long count);
void lk_fill_rows(float *out, const float *row, long rows, long columns); // each row a copy
void lk_add_row(float *x, const float *row, long rows, long columns);     // each row += row
void lk_multiply_row(float *out, const float *x, const float *row, long rows, long columns);
void lk_sum_columns(float *into, const float *x, long rows, long columns); // into += sum of rows
double lk_sum_of_squares(const float *x, long count);
int lk_all_finite(const float *x, long count);
long lk_largest(const float *x, long count);  // the place of the largest, the first of equal ones

// activations.c: forward writes out; backward writes the input's gradient (may alias `gradient`).
void lk_gelu(float *out, const float *x, long count);           // x * Phi(x), by the error function
void lk_gelu_backward(float *into, const float *gradient, const float *x, long count);
void lk_gelu_tanh(float *out, const float *x, long count);      // its tanh approximation ("gelu_new")
void lk_gelu_tanh_backward(float *into, const float *gradient, const float *x, long count);
void lk_relu(float *out, const float *x, long count);
void lk_relu_backward(float *into, const float *gradient, const float *x, long count);
void lk_silu(float *out, const float *x, long count);
void lk_silu_backward(float *into, const float *gradient, const float *x, long count);
void lk_swiglu(float *out, const float *gate, const float *up, long count); // silu(gate) * up
void lk_swiglu_backward(float *gate_gradient, float *up_gradient, const float *gradient,
                        const float *gate, const float *up, long count);
void lk_tanh(float *out, const float *x, long count);
void lk_tanh_backward(float *into, const float *gradient, const float *out, long count);

// norms.c: statistics hold one float a row. Weight gradients are added to.
void lk_layer_norm(float *out, float *mean, float *inverse, const float *x, const float *weight,
                   const float *bias, float epsilon, long rows, long columns);
void lk_layer_norm_backward(float *into, int adds, const float *gradient, const float *x,
                            const float *mean, const float *inverse, const float *weight, long rows,
                            long columns);
void lk_layer_norm_weights(float *weight_gradient, float *bias_gradient, const float *gradient,
                           const float *x, const float *mean, const float *inverse, long rows,
                           long columns);
void lk_rms_norm(float *out, float *inverse, const float *x, const float *weight, float epsilon,
                 long rows, long columns);
void lk_rms_norm_backward(float *into, int adds, const float *gradient, const float *x,
                          const float *inverse, const float *weight, long rows, long columns);
void lk_rms_norm_weights(float *weight_gradient, const float *gradient, const float *x,
                         const float *inverse, long rows, long columns);

// attention.c
/// Softmax of `rows` rows of scores, in place: row r sees its first `visible + r * step` columns,
/// the rest become 0. `log_sum` gets max + log(sum of exp) of the scaled scores.
void lk_softmax(float *scores, float *log_sum, float scale, long rows, long columns, long stride,
                long visible, long step);
/// softmax(scale · q kᵀ) v of one row: its `heads` queries, side by side, over `seen` keys and values, which lie
/// `stride` floats apart. `scores`: room for heads × seen.
void lk_attend(float *out, const float *q, const float *keys, const float *values, float *scores, float scale,
               long heads, long seen, long width, long stride);
/// The same probabilities again from the scores and `log_sum`.
void lk_softmax_again(float *scores, const float *log_sum, float scale, long rows, long columns,
                      long stride, long visible, long step);
/// into = scale * p * (into - dots[row]): the scores' gradient from the probabilities' gradient.
void lk_softmax_backward(float *into, const float *p, const float *dots, float scale, long rows,
                         long columns, long stride);
/// dots[r] = sum over `columns` of a[r] * b[r], rows `stride` apart.
void lk_row_dots(float *dots, const float *a, const float *b, long rows, long columns, long stride);
/// Rotates pairs (i, i + half) of every head by angle position * frequency, in place; `sign` -1 undoes.
/// cosines and sines: a row of `half` for every position.
void lk_rotate(float *x, const int32_t *positions, const float *cosines, const float *sines, float sign,
               long rows, long heads, long half);

// loss.c
/// Cross-entropy of each row against its label: losses[r] = logsumexp(row) - row[label].
void lk_cross_entropy(float *losses, const float *logits, const int32_t *labels, long rows, long columns);
/// The same, and logits become their own gradient: (softmax - onehot(label)) * factors[row].
void lk_cross_entropy_gradient(float *losses, float *logits, const int32_t *labels, const float *factors,
                               long rows, long columns);
/// The gradient of factors[row] · -log p(label) + spread_factors[row] · sum over c of weights[c] · -log p(c), written over
/// the logits; losses[r] = -log p(label), spreads[r] = that sum.
void lk_cross_entropy_smoothed(float *losses, double *spreads, float *logits, const int32_t *labels,
                               const float *factors, const float *spread_factors, const float *weights,
                               long rows, long columns);

// dropout.c
/// Keeps each element with chance 1 - p and divides it by that; which ones depends only on
/// keys[row], `salt` and the column. out may alias x.
void lk_dropout(float *out, const float *x, const uint32_t *keys, uint32_t salt, float p, long rows,
                long columns);
/// Adds to each element a number that is uniform within ±sizes[row], drawn as dropout's are.
void lk_add_noise(float *x, const uint32_t *keys, const float *sizes, uint32_t salt, long rows, long columns);

// optimizers.c
/// Decoupled weight decay (Loshchilov & Hutter 2019), then Adam with bias correction:
/// `step_size` is lr / (1 - beta1^t), `root_correction` sqrt(1 - beta2^t).
void lk_adamw(float *weights, float *first, float *second, const float *gradient, float gradient_scale,
              float decay, float step_size, float root_correction, float beta1, float beta2,
              float epsilon, long count);

/// The same with decay as a part of the gradient (Kingma & Ba 2015).
void lk_adam(float *weights, float *first, float *second, const float *gradient, float gradient_scale,
             float decay, float step_size, float root_correction, float beta1, float beta2,
             float epsilon, long count);

/// A step of lr along the sign of a mean of gradients (Chen et al. 2023); `decay` is lr · weight_decay.
void lk_lion(float *weights, float *mean, const float *gradient, float gradient_scale, float decay,
             float lr, float beta1, float beta2, long count);

/// The gradient, decay in it, over the root of its running mean square (Hinton 2012); less the square of its running mean
/// where `mean` is not NULL, and summed over the steps where `sum` is not.
void lk_rmsprop(float *weights, float *square, float *mean, float *sum, const float *gradient,
                float gradient_scale, float decay, float lr, float rho, float momentum, float epsilon,
                long count);

/// Adafactor (Shazeer & Stern 2018), in three passes over rows of a matrix. The squares of its gradients, each with
/// `epsilon`: of each row the mean is taken into `row_means`, unless that is NULL, and those of a column are added up.
void lk_adafactor_means(float *row_means, double *column_sums, const float *gradient, float gradient_scale,
                        float epsilon, float kept, float taken, long rows, long columns);
/// The sum of the squares of gradients that are multiplied by their row's factor and their column's.
double lk_adafactor_norm(const float *row_factors, const float *column_factors, const float *gradient,
                         float gradient_scale, long rows, long columns);
/// The step that these make, times lr, or the running mean of such steps where `mean` is not NULL; `decay` is
/// lr · weight_decay.
void lk_adafactor(float *weights, float *mean, const float *row_factors, const float *column_factors,
                  const float *gradient, float gradient_scale, float lr, float decay, float beta1, long rows,
                  long columns);

// products.c: c = alpha * op(a) * op(b) + beta * c, row-major, strides in floats; (m, k) × (k, n).
// Zero, and nothing done, where the processor or the shape is not one it is made for.
int lk_multiply(int transpose_a, int transpose_b, long m, long n, long k, float alpha, const float *a,
                long a_stride, const float *b, long b_stride, float beta, float *c, long c_stride);

/// Levels of instructions that products have kernels for; those below the processor's own it has too.
enum { lk_level_plain, lk_level_avx, lk_level_avx2, lk_level_avx512 };
/// The highest of this processor.
int lk_product_level(void);
/// c = alpha * a * op(b), or that and c where it `adds`, at any shape: each element is the same sum in the same
/// order, which k alone decides, whatever rows and columns are computed beside it.
/// Zero, and nothing done, at a level that the processor lacks or without memory to work in.
int lk_multiply_rows(int level, int transpose_b, long m, long n, long k, float alpha, const float *a,
                     long a_stride, const float *b, long b_stride, int adds, float *c, long c_stride);
