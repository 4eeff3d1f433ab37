#ifndef LEVIN_KERNELS_H
#define LEVIN_KERNELS_H

/// The kernels of Levin: loops over the memory of tensors, split over the threads of CLevinRuntime.
///
/// Conventions, unless a function says otherwise:
/// - Matrices are row-major. A leading dimension (`lda`, `ld…`) is the distance in elements from
///   one row to the next, at least the row's length.
/// - Sizes are in elements and may be zero; negative sizes are not allowed.
/// - No alignment is required. Outputs do not overlap inputs; "in place" means that an output may be exactly the same
///   memory as an input.
/// - Nothing is checked: the caller checks shapes and the ranges of indices and targets.
/// - Large calls are split over the threads of the scheduler and have finished when they return.
///   Every function may be called from any thread; while one thread's call is being split, calls of
///   other threads run unsplit on their own thread.
/// - For one instruction set, results do not depend on the number of threads, bit for bit.
///   Instruction sets differ from each other in the last bits.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "levin_runtime.h"

// MARK: Scalar functions

/// Maximum and Minimum return NaN if an operand is NaN, Round rounds ties to even, FloorDivide and Remainder are
/// Python's. In float32 Exp and Log are within 2 units in the last place, Tanh and Sigmoid within 3, on every
/// instruction set, including denormal numbers; the others are those of the C library, or exact.
/// levin_elementwise.def says which function is computed in which type.
#define UNARY(NAME, F, D, I) LevinUnary##NAME,
typedef enum __attribute__((enum_extensibility(closed))) {
#include "levin_elementwise.def"
} LevinUnary;
#undef UNARY

#define BINARY(NAME, F, D, I) LevinBinary##NAME,
typedef enum __attribute__((enum_extensibility(closed))) {
#include "levin_elementwise.def"
} LevinBinary;
#undef BINARY

/// And, Or and Xor are logical: anything but zero is true.
#define COMPARISON(NAME, EXPRESSION) LevinComparison##NAME,
typedef enum __attribute__((enum_extensibility(closed))) {
#include "levin_elementwise.def"
} LevinComparison;
#undef COMPARISON

#pragma clang assume_nonnull begin

// MARK: Types and plans

/// Element types. Bool is one byte, 0 or 1. The 16-bit floats are stored and converted; computations do not use them.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinTypeFloat32,
  LevinTypeFloat64,
  LevinTypeInt32,
  LevinTypeInt64,
  LevinTypeUInt8,
  LevinTypeBool,
  LevinTypeFloat16,
  LevinTypeBFloat16,
} LevinType;

/// The types that loops compute in. Operands of other types are converted when loaded, results when stored.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinComputeFloat32,
  LevinComputeFloat64,
  LevinComputeInt64,
} LevinCompute;

enum { levinMostDimensions = 8 };

/// One operand of a loop: the address of its first element, and the distance in bytes to the next one along each
/// dimension; 0 if the operand is repeated along it, negative if it runs backwards.
typedef struct {
  void *data;
  LevinType type;
  ptrdiff_t strides[levinMostDimensions];
} LevinOperand;

/// A loop nest, outermost dimension first, of rank 1 or more; the first operand is the result.
typedef struct {
  int rank;
  int operandCount;
  ptrdiff_t sizes[levinMostDimensions];
  LevinOperand operands[4];
} LevinPlan;

/// Converts `count` elements. Floats become integers by truncation; values that do not fit, and NaN, become the least
/// integer. Integers are narrowed by dropping high bits; anything but zero is true; 16-bit floats are rounded to the
/// nearest.
void levin_convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to);

// MARK: Products

/// C[m, n] = A[m, k] · B[n, k]ᵀ: the forward pass of Linear, with B its weight. `accumulate` adds to the content of
/// C. Then `bias` [n] is added to every row if given, and then `relu` replaces negative values by 0 (NaN stays NaN).
/// Split by columns of C, large products by rows.
void levin_product_nt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *_Nullable bias, bool relu);

/// C[m, n] = A[m, k] · B[k, n]: the gradient of Linear's input, with B its weight. `accumulate` adds to the content
/// of C. Then, if `activation` [m, n] (leading dimension `ldact`) is given, C becomes 0 where it is <= 0: the
/// backward pass of the ReLU whose output it is. Split by columns of C, large products by rows.
void levin_product_nn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *_Nullable activation,
  ptrdiff_t ldact);

/// C[m, n] = A[k, m]ᵀ · B[k, n]: the gradient of Linear's weight, with A the gradient of its output [batch, out] and
/// B its input [batch, in]. If `sums` [m] is given it receives the sums of A's columns: the gradient of the bias.
/// `accumulate` adds to the content of C, and of sums. Split by rows of C.
void levin_product_tn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, float *_Nullable sums);

/// C[m, n] = A[k, m]ᵀ · B[n, k]ᵀ. Returns false, having done nothing, if the product is too small, or the system's
/// memory, for copying both operands: then a transposed copy of one of them is better. Split by rows of C.
bool levin_product_tt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc);

/// A matrix with strides, in elements: (i, j) is at data[i * row + j * column].
typedef struct {
  const void *data;
  ptrdiff_t row, column;
} LevinMatrix;

/// C[m, n] = A[m, k] · B[k, n] of float64 or int64, with any strides; C is contiguous. Split by rows. Returns false
/// if the system has no memory for copies of the operands.
bool levin_product(
  LevinCompute compute, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, void *c);

// MARK: Losses

/// Softmax cross-entropy of logits [batch, classes] against class indices [batch], as in
/// torch.nn.functional.cross_entropy. Returns the mean over the rows whose target is not `ignoreIndex` (NaN if there
/// are none). All other targets are in 0..<classes. `losses` [batch] receives each row's loss (0 for an ignored one);
/// `gradient` [batch, classes] receives the mean's gradient (softmax - onehot) / rows counted (0 for an ignored row).
/// Either may be null. `gradient` may be `logits` in place. Sums over a row and over the batch are in double.
float levin_cross_entropy(
  ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
  const int64_t *targets, int64_t ignoreIndex, float *_Nullable losses, float *_Nullable gradient,
  ptrdiff_t ldgradient);

/// out[r, :] = softmax of x[r, :]. In place allowed.
void levin_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout);

/// dx = y · (dy - Σ dy·y) for each row, with y the softmax's output. In place over dy allowed.
void levin_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx);

/// out[r, :] = x[r, :] - log Σ exp x[r, :]. In place allowed.
void levin_log_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout);

/// dx = dy - exp(y) · Σ dy for each row, with y the log-softmax's output. In place over dy allowed.
void levin_log_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx);

/// The softmax along the middle dimension of x [outer, size, columns], contiguous, or its logarithm. In place allowed.
void levin_softmax_columns(
  bool logarithm, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t columns, const float *x, float *out);

/// The gradient of x from the gradient of y, the output. In place over dy allowed.
void levin_softmax_columns_backward(
  bool logarithm, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t columns, const float *dy,
  const float *y, float *dx);

// MARK: Optimizers

/// The options of torch.optim.Adam and AdamW. Values derived from them are computed in double and rounded once, as in
/// PyTorch.
typedef struct {
  double learningRate;
  double beta1, beta2;
  double epsilon;
  double weightDecay;
  bool decoupled;  ///< AdamW: the weights first shrink by learningRate · weightDecay.
  bool maximize;   ///< Ascends instead of descending.
  int64_t step;    ///< The number of this update, from 1.
} LevinAdam;

/// One step of Adam over flat arrays of `count`: m += (g - m)(1 - β₁); v = β₂v + (1 - β₂)g²; x -= lr / (1 - β₁ᵗ) · m
/// / (√v / √(1 - β₂ᵗ) + ε). `maxima` [count] is AMSGrad's running maximum of v, if given. Denormal numbers are
/// flushed to zero inside. Split into contiguous parts, at nearly the same positions at which levin_product_tn splits
/// the rows of a weight [out, in]: call it once for each parameter.
void levin_adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *_Nullable maxima,
  const LevinAdam *options);

/// The options of torch.optim.SGD.
typedef struct {
  double learningRate;
  double momentum, dampening;
  double weightDecay;
  bool nesterov;
  bool maximize;  ///< Ascends instead of descending.
  bool isFirst;   ///< The buffer has no content yet.
} LevinSGD;

/// One step of SGD over flat arrays of `count`: d = g + decay · x; with a buffer b [count], b = momentum · b + (1 -
/// dampening) · d, or d in the first step, and d = b, or for Nesterov d + momentum · b; x -= lr · d. Otherwise as
/// levin_adam.
void levin_sgd(
  ptrdiff_t count, float *x, const float *g, float *_Nullable buffer, const LevinSGD *options);

// MARK: Gather

/// Whether the kernels can compute table[c][byte] = (byte / 255 - mean[c]) / std[c], bit for bit, without dividing.
/// `normalization` has mean and std of each channel, `table` channels × 256 floats.
bool levin_normalizes(ptrdiff_t channels, const float *normalization, const float *table);

/// out[r, c, p] = table[c][source[indices[r], c, p]] for rows of channels × pixels bytes: images kept as bytes become
/// normalised floats, or the result of any function of one byte. `table` is channels × 256 floats, `out` rows ×
/// channels × pixels. A `normalization` that passed levin_normalizes with this table is used in its place if that is
/// faster. The first `readable` (at least `rows`) of `indices` may be read: the rows after the batch are prefetched
/// and must be valid, too. Split by rows.
void levin_gather_table(
  ptrdiff_t rows, const int64_t *indices, ptrdiff_t readable, const uint8_t *source,
  ptrdiff_t channels, ptrdiff_t pixels, const float *table, const float *_Nullable normalization,
  float *out);

/// Copies rows: out[r] = source[indices[r]], each of `rowBytes` bytes. Split by rows.
void levin_gather_rows(
  ptrdiff_t rows, const int64_t *indices, const void *source, ptrdiff_t rowBytes, void *out);

// MARK: Elementwise

/// out[i] = op(x[i]) for contiguous elements of the compute type. In place allowed.
void levin_unary(LevinUnary op, LevinCompute compute, ptrdiff_t count, const void *x, void *out);

/// Which operand of a function of two is one element that is repeated.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinRepeatedNone,
  LevinRepeatedFirst,
  LevinRepeatedSecond,
} LevinRepeated;

/// out[i] = a[i] op b[i] for contiguous elements of the compute type. In place over an operand that is not repeated
/// allowed.
void levin_binary(
  LevinBinary op, LevinCompute compute, ptrdiff_t count, const void *a, const void *b,
  LevinRepeated repeated, void *out);

/// out[i] = a[i] op b[i] for contiguous elements of the compute type.
void levin_compare(
  LevinComparison op, LevinCompute compute, ptrdiff_t count, const void *a, const void *b,
  bool *out);

/// out[i] = condition[i] ? a[i] : b[i] for contiguous elements of the compute type.
void levin_where(
  LevinCompute compute, ptrdiff_t count, const bool *condition, const void *a, const void *b,
  void *out);

/// The same over a plan of (result, x). No operand of a plan may overlap the result, unless it is exactly the same
/// memory.
void levin_map_unary(LevinUnary op, LevinCompute compute, const LevinPlan *plan);

/// Over a plan of (result, a, b).
void levin_map_binary(LevinBinary op, LevinCompute compute, const LevinPlan *plan);

/// Over a plan of (result, a, b); the result is 0 or 1.
void levin_map_comparison(LevinComparison op, LevinCompute compute, const LevinPlan *plan);

/// Over a plan of (result, condition, a, b): a where the condition is true, otherwise b.
void levin_map_where(LevinCompute compute, const LevinPlan *plan);

/// Over a plan of (result, x): copies x, converted to the result's type.
void levin_map_copy(const LevinPlan *plan);

// MARK: Reductions

/// Maximum and Minimum return NaN if any element is NaN.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinReductionSum,
  LevinReductionProduct,
  LevinReductionMaximum,
  LevinReductionMinimum,
} LevinReduction;

/// Reduces the dimensions of a plan of (result, x) after the first `kept` ones; floats in double. Over no elements
/// the sum is 0, the product 1, and an extreme is infinite or the limit of the type.
void levin_reduce(LevinReduction op, LevinCompute compute, const LevinPlan *plan, int kept);

/// The index of the first of the largest (or smallest) values, or of the first NaN, in row-major order of the
/// dimensions after the first `kept` ones; the result is int64. There must be at least one element.
void levin_index_of_extreme(
  bool wantsLargest, LevinCompute compute, const LevinPlan *plan, int kept);

/// Running sums or products along the last dimension of a plan of (result, x); floats in double.
void levin_scan(bool multiplies, LevinCompute compute, const LevinPlan *plan);

/// out[c] = Σ x[:, c], from the first row to the last. `accumulate` adds to the content of out.
void levin_column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate);

// MARK: Indexing

/// out[i] = source[offsets[i]].
void levin_take(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out);

/// out[offsets[i]] = source[i], in order: the last value for an element stays.
void levin_put(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out);

/// out[offsets[i]] += source[i], in order.
void levin_put_sum(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out);

/// For each of `rows` rows of `size` contiguous values, the indices of its first `wanted` values in ascending order,
/// or with `isDescending` in descending order; equal values keep their order, NaN counts as largest. Returns false if
/// the system has no memory for it.
bool levin_argsort(
  ptrdiff_t rows, ptrdiff_t size, ptrdiff_t wanted, LevinType type, const void *values,
  bool isDescending, int64_t *indices);

/// The smallest and the largest of `count` indices; there must be at least one.
void levin_index_bounds(ptrdiff_t count, const int64_t *indices, int64_t *least, int64_t *most);

// MARK: Decisions

/// Decisions and their targets: one of `classes` classes for each of [batch, points], or, unless `isMulticlass`, 0 or
/// 1 for each of [batch, classes, points]. All arrays are contiguous.
typedef struct {
  ptrdiff_t batch, classes, points;  ///< classes and points are 1 or more
  bool isMulticlass;
  const float *_Nullable scores;    ///< [batch, classes, points]: the class of the first of the largest is decided
  float threshold;                  ///< unless multiclass: scores above it decide for 1
  const int64_t *_Nullable labels;  ///< the decisions, if there are no scores
  const int64_t *targets;
  bool ignores;
  int64_t ignored;                  ///< if `ignores`, decisions with this target do not count
} LevinDecisions;

/// matrix[t, p] = the number of decisions for p with target t: [classes, classes], or, unless multiclass, [classes, 2,
/// 2]. Returns false, and a matrix without meaning, if a decision or a target that counts is out of range. Split by
/// decisions.
bool levin_decision_matrix(const LevinDecisions *decisions, int64_t *matrix);

/// The true positives, false positives, true negatives and false negatives of each class, [classes, 4]; otherwise as
/// levin_decision_matrix.
bool levin_decision_counts(const LevinDecisions *decisions, int64_t *counts);

/// Whether all of x are in 0…1.
bool levin_is_within_unit(ptrdiff_t count, const float *x);

/// Whether all labels are in 0..<below, or equal `ignored`, if given.
bool levin_are_labels(
  ptrdiff_t count, const int64_t *labels, int64_t below, const int64_t *_Nullable ignored);

/// The scores of one class, and whether it was the target.
typedef struct {
  ptrdiff_t count;
  const float *scores;
  ptrdiff_t step;        ///< from one score to the next, in elements
  const int64_t *targets;
  ptrdiff_t targetStep;
  int64_t positive;      ///< the target of the class
  bool ignores;
  int64_t ignored;       ///< if `ignores`, scores with this target do not count
} LevinScores;

/// Sorts scores in ascending order, once: keys of 33 bits whose lowest bit says whether the class was the target; -0
/// equals 0. There are fewer than 2³² scores, and `keys` and `room` have place for all. Returns the number of those that
/// count.
ptrdiff_t levin_rank_scores(const LevinScores *scores, uint64_t *keys, uint64_t *room);

/// The numbers of targets and of others among sorted keys, and twice the area under their ROC by the trapezoidal rule,
/// where a target times another is 1.
typedef struct {
  int64_t targets;
  int64_t others;
  int64_t twiceArea;
} LevinROCArea;

LevinROCArea levin_roc_area(ptrdiff_t count, const uint64_t *keys);

/// The score of a key.
float levin_score_of_key(uint64_t key);

/// reached[k, t] = the number of scores that reach exactly k of some ascending limits, and whose class was the target
/// (t = 1) or not (t = 0): [limitCount + 1, 2]. NaN reaches none.
void levin_count_reached(
  const LevinScores *scores, ptrdiff_t limitCount, const float *limits, int64_t *reached);

// MARK: Random numbers

/// PyTorch's CPU generator, MT19937: its 624 words, and the index of the next one to draw (624: none is left).
typedef struct {
  uint32_t *words;
  int next;
} LevinTwister;

/// low + width · u with u in 0..<1 from 24 bits of one draw each, rounded once.
void levin_random_uniform(LevinTwister *twister, ptrdiff_t count, float low, float width, float *out);

/// At least 16 normal numbers, computed from uniform ones by the Box–Muller method in blocks of 16; the last block
/// overlaps the one before. The draws are PyTorch's, the numbers agree within 1e-6.
void levin_random_normal(
  LevinTwister *twister, ptrdiff_t count, float mean, float deviation, float *out);

/// The integers from 0 on in random order; there must be fewer than 2³² / 20.
void levin_random_permutation(LevinTwister *twister, ptrdiff_t count, int64_t *out);

#pragma clang assume_nonnull end

#include "levin_convolution.h"
#include "levin_images.h"

#endif
