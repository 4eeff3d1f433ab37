#ifndef LEVIN_KERNELS_H
#define LEVIN_KERNELS_H

/// The kernels of Levin: loops over float memory, and the scheduler that owns the threads.
///
/// Conventions, unless a function says otherwise:
/// - Matrices are row-major. A leading dimension (`lda`, `ld…`) is the distance in elements from
///   one row to the next, at least the row's length.
/// - Sizes are in elements and may be zero; sizes below zero are the caller's mistake.
/// - No alignment is required. Outputs do not overlap inputs; "in place" says where an output may
///   be exactly the same memory as an input.
/// - Nothing is checked: shapes, ranges of indices and of targets are the caller's to check.
/// - Large calls are split over the threads of the scheduler and have finished when they return.
///   Every function may be called from any thread; while one thread's call is being split, calls of
///   other threads run unsplit on their own thread.
/// - For one instruction set, results do not depend on the number of threads, bit for bit.
///   Instruction sets differ from each other in the last bits.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: Machine

/// Instruction sets that kernels are written for. `Plain` is C without intrinsics, on every machine.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinISAPlain = 0,
  LevinISAAvx2 = 1,
  LevinISAAvx512 = 2,
} LevinISA;

/// The instruction set in use: the one that the environment variable LEVIN_ISA names (plain, avx2
/// or avx512) where the machine has it, else the best that the machine has.
LevinISA levin_isa(void);

/// Whether this machine can run `isa`.
bool levin_isa_available(LevinISA isa);

/// Uses `isa` from now on, in the whole process. Returns false, and changes nothing, where the
/// machine lacks it. Not to be called while a kernel runs.
bool levin_set_isa(LevinISA isa);

/// "plain", "avx2" or "avx512"; a constant.
const char *levin_isa_name(LevinISA isa);

/// The number of threads that share large calls: LEVIN_THREADS where set to 1 or more, else the
/// number of processors that this process may run on. At least 1, which is the caller itself.
int levin_thread_count(void);

/// Uses `count` threads (clamped to 1…64) from now on. Threads start when first needed. Waits for a
/// running call to end.
void levin_set_thread_count(int count);

/// Calls `body(context, begin, end)` for disjoint ranges that cover 0..<count and returns when all
/// calls have returned. Ranges are cut at multiples of `grain` (1 or more). Each thread has a share
/// of its own, of equal length up to rounding, the caller's first: with the same count and grain, the
/// same thread begins with the same rows each time, and finds them in its own cache. It takes its
/// share in pieces, the first half of what is left each time; a thread that is done takes from the
/// end of the others' shares. Where count <= grain, or the scheduler is busy, or inside another
/// `body`, there is one range, run by the caller.
void levin_parallel_for(
  ptrdiff_t count, ptrdiff_t grain, void *_Nullable context,
  void (*body)(void *_Nullable context, ptrdiff_t begin, ptrdiff_t end));

// MARK: Memory

/// Memory for `bytes` bytes, aligned to 64: a block that was given back, or a new one; null where
/// the system has none. Its bytes are anything.
void *_Nullable levin_take_memory(size_t bytes);

/// Gives memory back that was taken for `bytes` bytes. Up to 1 GiB of blocks of up to 64 MiB is kept
/// for later; the rest goes to the system. Any thread may call.
void levin_give_memory_back(void *memory, size_t bytes);

/// Asks the system for pages of 2 MiB under the whole ones of `bytes` bytes at `start`. To be called
/// before the memory is first written; changes nothing else, and does nothing where there are none.
void levin_prefer_large_pages(void *start, size_t bytes);

/// Calls `body(context)`, which fills the `bytes` bytes at `start` from first to last, while another
/// thread, if one is free, has the system make the pages that it will come to: no contents change.
void levin_while_populating(void *start, size_t bytes, void *context, void (*body)(void *context));

// MARK: Threads' own state

/// What every operation on tensors asks of its thread. It stands in C because a thread-local
/// variable costs a load; an object behind a key costs a twentieth of an operation.
typedef struct {
  bool isPaused;      ///< Operations are not recorded.
  uint64_t sequence;  ///< Of the operation recorded last.
} LevinTape;

extern _Thread_local LevinTape levin_thread_tape;

/// The calling thread's.
static inline LevinTape *levin_tape(void) { return &levin_thread_tape; }

// MARK: Products

/// C[m, n] = A[m, k] · B[n, k]ᵀ: what Linear's forward needs, with B its weight.
/// `accumulate` adds to what C holds. Then `bias` [n] is added to every row where given, and then
/// `relu` replaces negative values by 0 (NaN stays NaN). Split by columns of C, large ones by rows.
void levin_product_nt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *_Nullable bias, bool relu);

/// C[m, n] = A[m, k] · B[k, n]: what the gradient of Linear's input needs, with B its weight.
/// `accumulate` adds to what C holds. Then, where `activation` [m, n] (leading dimension `ldact`)
/// is given, C becomes 0 where it is <= 0: the backward of the ReLU whose output it is.
/// Split by columns of C, large ones by rows.
void levin_product_nn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *_Nullable activation,
  ptrdiff_t ldact);

/// C[m, n] = A[k, m]ᵀ · B[k, n]: what the gradient of Linear's weight needs, with A the gradient of
/// its output [batch, out] and B its input [batch, in]. Where `sums` [m] is given it receives the
/// sums of A's columns: the gradient of the bias. `accumulate` adds to what C, and sums, hold.
/// Split by rows of C.
void levin_product_tn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, float *_Nullable sums);

// MARK: Losses

/// Softmax cross-entropy of logits [batch, classes] against class indices [batch], as
/// torch.nn.functional.cross_entropy has it. Returns the mean over the rows whose target is not
/// `ignoreIndex` (NaN where there is none). All other targets are in 0..<classes.
/// `losses` [batch] receives each row's loss (0 for an ignored one); `gradient` [batch, classes]
/// receives the mean's gradient (softmax - onehot) / rows counted (0 for an ignored row). Either may
/// be null. `gradient` may be `logits` in place. Sums over a row and over the batch are in double.
float levin_cross_entropy(
  ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
  const int64_t *targets, int64_t ignoreIndex, float *_Nullable losses, float *_Nullable gradient,
  ptrdiff_t ldgradient);

/// out[r, :] = softmax of x[r, :]. In place allowed.
void levin_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout);

/// dx = y · (dy - Σ dy·y) a row, with y the softmax's output. In place over dy allowed.
void levin_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx);

/// out[r, :] = x[r, :] - log Σ exp x[r, :]. In place allowed.
void levin_log_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout);

/// dx = dy - exp(y) · Σ dy a row, with y the log-softmax's output. In place over dy allowed.
void levin_log_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx);

// MARK: Optimizers

/// What torch.optim.Adam and AdamW take. Values derived from them are computed in double and
/// rounded once, as PyTorch does.
typedef struct {
  double learningRate;
  double beta1, beta2;
  double epsilon;
  double weightDecay;
  bool decoupled;  ///< AdamW: the weights shrink by learningRate · weightDecay first.
  bool maximize;   ///< Ascends instead.
  int64_t step;    ///< Of this update, from 1.
} LevinAdam;

/// One step of Adam over flat arrays of `count`: m += (g - m)(1 - β₁); v = β₂v + (1 - β₂)g²;
/// x -= lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε). `maxima` [count] is AMSGrad's running maximum of v
/// where given. Denormal numbers are flushed to zero inside. Split into contiguous parts, nearly
/// where levin_product_tn splits the rows of a weight [out, in]: call it once a parameter.
void levin_adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *_Nullable maxima,
  const LevinAdam *options);

/// What torch.optim.SGD takes.
typedef struct {
  double learningRate;
  double momentum;
  double dampening;
  double weightDecay;
  bool nesterov;
  bool maximize;
  bool first;  ///< The momentum buffer starts as the gradient, and what it held is not read.
} LevinSGD;

/// One step of SGD over flat arrays of `count`. `buffer` [count] holds the momentum; null where
/// momentum is 0.
void levin_sgd(
  ptrdiff_t count, float *x, const float *g, float *_Nullable buffer, const LevinSGD *options);

// MARK: Gather

/// Whether the kernels get table[c][byte] = (byte / 255 - mean[c]) / std[c], bit for bit, without
/// dividing. `normalization` holds mean and std of each channel, `table` channels × 256 floats.
bool levin_normalizes(ptrdiff_t channels, const float *normalization, const float *table);

/// out[r, c, p] = table[c][source[indices[r], c, p]] for rows of channels × pixels bytes: images
/// kept as bytes become normalised floats, or the result of any function of one byte.
/// `table` is channels × 256 floats, `out` rows × channels × pixels. A `normalization` that passed
/// levin_normalizes with this table is used instead of it where that is faster. Of `indices`, `readable` (at
/// least `rows`) may be read: what follows the batch is fetched towards the cache and must be valid
/// rows too. Split by rows.
void levin_gather_table(
  ptrdiff_t rows, const int64_t *indices, ptrdiff_t readable, const uint8_t *source,
  ptrdiff_t channels, ptrdiff_t pixels, const float *table, const float *_Nullable normalization,
  float *out);

/// Copies rows: out[r] = source[indices[r]], each of `rowBytes` bytes. Split by rows.
void levin_gather_rows(
  ptrdiff_t rows, const int64_t *indices, const void *source, ptrdiff_t rowBytes, void *out);

// MARK: Elementwise

/// min and max give NaN where an operand is NaN, as torch.minimum and torch.maximum do.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinBinaryAdd,
  LevinBinarySubtract,
  LevinBinaryMultiply,
  LevinBinaryDivide,
  LevinBinaryMaximum,
  LevinBinaryMinimum,
  LevinBinaryPower,
} LevinBinary;

/// out[i] = a[i] op b[i]. In place over a or b allowed.
void levin_binary(LevinBinary op, ptrdiff_t count, const float *a, const float *b, float *out);

/// out[i] = a[i] op b. In place allowed.
void levin_binary_scalar(LevinBinary op, ptrdiff_t count, const float *a, float b, float *out);

/// out[i] = a op b[i]. In place allowed.
void levin_scalar_binary(LevinBinary op, ptrdiff_t count, float a, const float *b, float *out);

/// out[r, c] = a[r, c] op b[c]. In place over a allowed.
void levin_binary_row(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout);

/// out[r, c] = a[r, c] op b[r]. In place over a allowed.
void levin_binary_column(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout);

typedef enum __attribute__((enum_extensibility(closed))) {
  LevinCompareEqual,
  LevinCompareNotEqual,
  LevinCompareLess,
  LevinCompareLessOrEqual,
  LevinCompareGreater,
  LevinCompareGreaterOrEqual,
} LevinCompare;

/// out[i] = a[i] op b[i], as 0 or 1.
void levin_compare(LevinCompare op, ptrdiff_t count, const float *a, const float *b, uint8_t *out);

/// out[i] = a[i] op b, as 0 or 1.
void levin_compare_scalar(
  LevinCompare op, ptrdiff_t count, const float *a, float b, uint8_t *out);

/// out[i] = condition[i] ? a[i] : b[i]. In place over a or b allowed.
void levin_select(
  ptrdiff_t count, const uint8_t *condition, const float *a, const float *b, float *out);

/// Round goes to even at ties, Sign of ±0 is ±0. Exp and Log are within 2 units in the last place,
/// Tanh and Sigmoid within 3, on every instruction set and denormal numbers included; the others
/// are as C's library has them or exact.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinUnaryNegate,
  LevinUnaryAbsolute,
  LevinUnarySquare,
  LevinUnarySqrt,
  LevinUnaryReciprocal,
  LevinUnaryReciprocalSqrt,
  LevinUnaryExp,
  LevinUnaryLog,
  LevinUnaryTanh,
  LevinUnarySigmoid,
  LevinUnaryRelu,
  LevinUnarySign,
  LevinUnaryFloor,
  LevinUnaryCeil,
  LevinUnaryRound,
  LevinUnarySin,
  LevinUnaryCos,
  LevinUnaryErf,
  LevinUnaryLog1p,
  LevinUnaryExpm1,
} LevinUnary;

/// out[i] = op(x[i]). In place allowed.
void levin_unary(LevinUnary op, ptrdiff_t count, const float *x, float *out);

/// dx[i] = y[i] <= 0 ? 0 : dy[i], with y the ReLU's output or its input (NaN in y passes dy, as
/// PyTorch does). In place over dy allowed.
void levin_relu_backward(ptrdiff_t count, const float *dy, const float *y, float *dx);

/// dx = dy (1 - y²), with y the tanh's output. In place over dy allowed.
void levin_tanh_backward(ptrdiff_t count, const float *dy, const float *y, float *dx);

/// dx = dy · y (1 - y), with y the sigmoid's output. In place over dy allowed.
void levin_sigmoid_backward(ptrdiff_t count, const float *dy, const float *y, float *dx);

/// out[i] = value.
void levin_fill(ptrdiff_t count, float value, float *out);

/// y[i] += alpha · x[i].
void levin_axpy(ptrdiff_t count, float alpha, const float *x, float *y);

// MARK: Reductions

/// Σ x[i], accumulated in double.
double levin_sum(ptrdiff_t count, const float *x);

/// Σ x[i]², accumulated in double.
double levin_sum_of_squares(ptrdiff_t count, const float *x);

/// Whether no x[i] is infinite or NaN.
bool levin_all_finite(ptrdiff_t count, const float *x);

/// out[r] = Σ x[r, :], accumulated in double. `accumulate` adds to what out holds.
void levin_row_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate);

/// out[c] = Σ x[:, c], from the first row to the last. `accumulate` adds to what out holds.
void levin_column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate);

/// The largest value of each row of at least one column, and the first column that holds it; a NaN
/// counts as largest, as in PyTorch. Either output, both [rows], may be null.
void levin_row_max(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *_Nullable values,
  int64_t *_Nullable indices);

// MARK: Layout and types

/// out[c, r] = x[r, c] for x [rows, columns].
void levin_transpose(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout);

/// Element types of levin_convert. Bool is one byte, 0 or 1.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinTypeFloat32,
  LevinTypeFloat64,
  LevinTypeInt32,
  LevinTypeInt64,
  LevinTypeUInt8,
  LevinTypeBool,
} LevinType;

/// Converts `count` elements. Floats become integers by truncation towards zero, clamped to the
/// range, NaN to 0; integers narrow by dropping high bits; anything but zero is true.
void levin_convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to);

// MARK: Checksums

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start).
uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count);

#pragma clang assume_nonnull end

#endif
