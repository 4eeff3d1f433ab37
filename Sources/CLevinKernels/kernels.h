#ifndef LEVIN_KERNEL_TABLE_H
#define LEVIN_KERNEL_TABLE_H

/// The interface between the public functions, which split work, and the bodies, which are compiled once for each
/// instruction set (plain.c, avx2.c, avx512.c).
#include "levin_convolution.h"
#include "levin_images.h"
#include "levin_kernels.h"
#include "patches.h"

/// What is applied to a product's sums on their way to C, in this order.
typedef struct {
  bool accumulate;          ///< adds the content of C
  const float *bias;        ///< [n] or null: added to each row
  const float *rowBias;     ///< [m] or null: added to each column
  bool relu;                ///< negative values become 0
  const float *activation;  ///< [m, n] or null: 0 where it is <= 0
  ptrdiff_t ldact;
} Epilogue;

/// Bytes of an element.
static inline size_t levin_size_of(LevinType type) {
  switch (type) {
    case LevinTypeFloat64:
    case LevinTypeInt64:
      return 8;
    case LevinTypeFloat32:
    case LevinTypeInt32:
      return 4;
    case LevinTypeFloat16:
    case LevinTypeBFloat16:
      return 2;
    case LevinTypeUInt8:
    case LevinTypeBool:
      return 1;
  }
}

static inline ptrdiff_t at_most(ptrdiff_t count, ptrdiff_t most) {
  return count < most ? count : most;
}

/// Sums of a product are taken over this many terms at a time, then added to C. It is the same everywhere, because it
/// affects rounding.
enum { depthBlock = 256 };

static inline ptrdiff_t volume(const ptrdiff_t size[3]) { return size[0] * size[1] * size[2]; }

/// The number of partial sums of a channel, in double, which are added up in order at the end.
enum { normalizationParts = 16 };

/// The most columns that a softmax along columns computes at a time.
enum { softmaxColumns = 128 };

/// The part of a product's epilogue that applies to one block of its depth.
static inline Epilogue levin_epilogue_of_block(Epilogue e, bool isFirst, bool isLast) {
  e.accumulate = e.accumulate || !isFirst;
  if (isLast) return e;
  return (Epilogue){.accumulate = e.accumulate};
}

/// The part of an epilogue that applies to C from row i and column j on.
static inline Epilogue levin_part_of_epilogue(Epilogue e, ptrdiff_t i, ptrdiff_t j) {
  if (e.bias) e.bias += j;
  if (e.rowBias) e.rowBias += i;
  if (e.activation) e.activation += i * e.ldact + j;
  return e;
}

/// One operand of a product, with strides: element (i, p) is at data[i * row + p * depth].
typedef struct {
  const float *data;
  ptrdiff_t row, depth;
} Operand;

/// The rows of A as tiles read them.
typedef struct {
  Operand rows;    ///< of the first tile
  ptrdiff_t tile;  ///< elements from a tile's first to the next tile's
} Tiles;

/// Windows of one shape along a line, `stride` apart: the elements of each, and their indices, counted from the first
/// element of the line that the first window begins in.
typedef struct {
  ptrdiff_t count, stride, taps;
  const int32_t *offsets, *places;
  const int32_t *starts;  ///< for each window, the index of its first element that is not padding; null without padding
} MaxPoolLine;

/// Scalars of Adam, derived once per call.
typedef struct {
  float keep;       ///< 1 - lr · decay if decoupled, else 1
  float sign;       ///< -1 to ascend
  float decay;      ///< added to the gradient, times the weight
  float weight1;    ///< 1 - β₁
  float beta2, weight2;
  float inverse;    ///< 1 / √(1 - β₂ᵗ)
  float epsilon;
  float size;       ///< lr / (1 - β₁ᵗ)
} AdamScalars;

/// Scalars of SGD, derived once per call.
typedef struct {
  float sign;      ///< -1 to ascend
  float decay;     ///< added to the gradient, times the weight
  float momentum;
  float weight;    ///< 1 - dampening
  float size;      ///< lr
  bool isFirst;    ///< the buffer has no content yet
  bool nesterov;
} SGDScalars;

/// One channel of the rows of a gather through a table.
typedef struct {
  const int64_t *indices;
  ptrdiff_t rows;
  ptrdiff_t readable;     ///< indices that may be read, at least rows
  const uint8_t *source;
  ptrdiff_t size;         ///< bytes of a whole row, floats of a row of the output
  ptrdiff_t first, count;  ///< the bytes first..<first + count of a row are this channel
  const float *table;     ///< [256]
  const float *normalization;  ///< mean and std that compute the same; null if they are not known
  float *out;
} Gather;

/// The kernels of one instruction set. None of them splits its work.
typedef struct {
  void (*dot_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
    ptrdiff_t ldb, float *c, ptrdiff_t ldc, Epilogue epilogue);
  void (*outer_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Operand a, Operand b, float *c, ptrdiff_t ldc,
    Epilogue epilogue);
  ptrdiff_t lanes;       ///< floats of a vector
  ptrdiff_t panelWidth;  ///< columns of B that copy_panels lays together, `depth` floats each
  ptrdiff_t tileRows;    ///< rows of A that copy_tiles lays together
  /// Copies a block of A, m × depth, to `room` by tiles, each with its columns one after another.
  Tiles (*copy_tiles)(ptrdiff_t m, ptrdiff_t depth, Operand a, float *room);
  void (*copy_panels)(ptrdiff_t n, ptrdiff_t depth, Operand b, float *room);
  void (*packed_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, Operand a, bool copiesA, const float *panels,
    float *c, ptrdiff_t ldc, Epilogue epilogue);
  /// out[c, r] = x[r, c] of elements of `size` bytes.
  void (*transpose_any)(
    size_t size, ptrdiff_t rows, ptrdiff_t columns, const void *x, ptrdiff_t ldx, void *out,
    ptrdiff_t ldout);
  void (*column_sums)(
    ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate);

  /// The `losses` of rows; `scale` is the factor of a row's gradient: 1 / number of rows that count.
  void (*cross_entropy)(
    ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
    const int64_t *targets, int64_t ignoreIndex, float scale, float *losses, float *gradient,
    ptrdiff_t ldgradient);
  void (*softmax)(ptrdiff_t columns, const float *x, float *out);
  void (*log_softmax)(ptrdiff_t columns, const float *x, float *out);
  void (*softmax_backward)(ptrdiff_t columns, const float *dy, const float *y, float *dx);
  void (*log_softmax_backward)(ptrdiff_t columns, const float *dy, const float *y, float *dx);
  /// Of at most softmaxColumns columns.
  void (*softmax_columns)(
    bool logarithm, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t ld, const float *x, float *out);
  void (*softmax_columns_backward)(
    bool logarithm, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t ld, const float *dy,
    const float *y, float *dx);

  void (*adam)(
    ptrdiff_t count, float *x, const float *g, float *m, float *v, float *maxima,
    const AdamScalars *scalars);

  void (*sgd)(ptrdiff_t count, float *x, const float *g, float *buffer, const SGDScalars *scalars);

  void (*gather_table)(const Gather *g, ptrdiff_t begin, ptrdiff_t end);

  // By compute type.
  void (*unary[3])(LevinUnary op, ptrdiff_t count, const void *x, void *out);
  void (*binary[3])(LevinBinary op, ptrdiff_t count, const void *a, const void *b, void *out);
  void (*compare[3])(
    LevinComparison op, ptrdiff_t count, const void *a, const void *b, uint8_t *out);
  void (*choose[3])(
    ptrdiff_t count, const uint8_t *condition, const void *a, const void *b, void *out);

  double (*fold_f32)(LevinReduction op, ptrdiff_t count, const float *x);
  double (*fold_f64)(LevinReduction op, ptrdiff_t count, const double *x);
  int64_t (*fold_i64)(LevinReduction op, ptrdiff_t count, const int64_t *x);
  void (*accumulate_f32)(
    LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, double *total);
  void (*accumulate_f64)(
    LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const double *x, ptrdiff_t ldx, double *total);
  void (*accumulate_i64)(
    LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const int64_t *x, ptrdiff_t ldx,
    int64_t *total);
  /// By compute type; steps in elements.
  void (*scan_line[3])(
    bool multiplies, ptrdiff_t count, const void *x, ptrdiff_t step, void *out, ptrdiff_t stepOut,
    void *total);
  void (*scan_row[3])(bool multiplies, ptrdiff_t columns, const void *x, void *out, void *totals);
  void (*find_in_row[3])(
    bool wantsLargest, ptrdiff_t columns, const void *x, int64_t row, void *best, int64_t *found);
  void (*twist)(uint32_t *words);
  void (*temper)(ptrdiff_t count, const uint32_t *words, uint32_t *bits);
  void (*uniform_f32)(ptrdiff_t count, const uint32_t *bits, float low, float width, float *out);
  void (*normal_f32)(ptrdiff_t blocks, float mean, float deviation, float *values);
  ptrdiff_t (*index_of_max)(ptrdiff_t count, const float *x);
  ptrdiff_t panelWidth64;  ///< columns of B that copy_panels_f64 lays together
  void (*copy_panels_f64)(ptrdiff_t n, ptrdiff_t depth, LevinMatrix b, double *room);
  ptrdiff_t (*room_f64)(ptrdiff_t m, ptrdiff_t depth);
  void (*packed_product_f64)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, LevinMatrix a, const double *panels, double *c,
    ptrdiff_t ldc, bool accumulates, double *room);
  void (*dots_f64)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, double *c, ptrdiff_t ldc);
  void (*row_product_f64)(ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, double *c);
  void (*product_i64)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, void *c);
  void (*convert)(
    ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to);

  // By compute type: float32, float64. Sums are added to `parts`.
  void (*deviations[2])(
    ptrdiff_t count, const void *x, double mean, double parts[2][normalizationParts]);
  void (*covariances[2])(
    ptrdiff_t count, const void *dy, const void *x, double mean,
    double parts[2][normalizationParts]);
  void (*affine[2])(
    ptrdiff_t count, const void *x, double factor, const void *y, double other, double shift,
    void *out);
  void (*add_columns[2])(
    ptrdiff_t count, const void *dy, const void *x, const double *levels, double *first,
    double *second);
  void (*affine_columns[2])(
    ptrdiff_t count, const void *x, const double *factors, const void *y, const double *others,
    const double *shifts, void *out);
  LevinRowStatistics (*normalize_row)(
    ptrdiff_t columns, const float *x, const float *weight, const float *bias, double epsilon,
    float *out);
  void (*normalize_row_backward)(
    ptrdiff_t columns, const float *dy, const float *x, const float *weight,
    LevinRowStatistics statistics, float *dx);
  void (*normalized_columns)(
    ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x,
    const LevinRowStatistics *statistics, double *dweight, double *dbias);
  void (*max_pool_line)(
    const MaxPoolLine *line, const float *x, ptrdiff_t plane, float *y, int64_t *places);

  // Copies of patches: for elements of four bytes, and of eight.
  void (*copy_box[2])(
    const Patches *patches, const Box *box, ptrdiff_t channel, ptrdiff_t channels, void *room);
  void (*pack_rows[2])(
    const Source *source, ptrdiff_t first, ptrdiff_t rows, const Piece *pieces, ptrdiff_t count,
    ptrdiff_t width, ptrdiff_t panel, void *room);
  ptrdiff_t (*room_for_convolution)(ptrdiff_t rows, ptrdiff_t depth);
  void (*convolve_box)(
    const Source *source, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t depth, Tiles weight,
    const Piece *pieces, ptrdiff_t count, float *out, ptrdiff_t channel, ptrdiff_t step,
    Epilogue epilogue, float *room);
  void (*copy_images)(
    const Patches *p, const ImageBlock *block, ptrdiff_t channel, ptrdiff_t channels, float *room);
  void (*convolve_images)(
    const Patches *p, const ImageBlock *block, const Box *box, const float *copy, ptrdiff_t rows,
    ptrdiff_t first, ptrdiff_t depth, Tiles weight, bool isFirst, float *sums);
  void (*spread_images)(
    const float *sums, const ImageBlock *block, const Box *box, float bias,
    const ptrdiff_t place[3], ptrdiff_t image, float *out);
  void (*correlate_images)(
    const Patches *p, const ImageBlock *block, const Box *box, const float *dy, ptrdiff_t rows,
    const float *x, ptrdiff_t channels, bool isFirst, float *dw, ptrdiff_t lddw);
  /// to[l · ldto + i · step] += from[l · ldfrom + i] for `lines` lines l of `count` elements i.
  void (*add_lines)(
    ptrdiff_t lines, ptrdiff_t count, ptrdiff_t step, const float *from, ptrdiff_t ldfrom,
    float *to, ptrdiff_t ldto);
  void (*convolve_plane)(
    const Source *source, const float *weight, const Piece *pieces, ptrdiff_t count, float bias,
    ptrdiff_t step, float *out);
  void (*correlate_plane)(
    const Source *source, const float *dy, const Piece *pieces, ptrdiff_t count, float *dw);

  // Pictures.
  void (*resize_band_u8)(
    ptrdiff_t rows, ptrdiff_t channels, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs,
    LevinResampling w, const int32_t *weights, int precision, uint8_t *out, uint8_t *room);
  void (*sum_rows_u8)(
    ptrdiff_t width, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t count, const int32_t *weights,
    int precision, uint8_t *out);
  void (*sum_rows_f32)(
    ptrdiff_t width, const float *in, ptrdiff_t ldin, ptrdiff_t count, const float *weights,
    float *out);
} LevinKernels;

extern const LevinKernels levin_kernels_plain;
#if defined(__x86_64__)
extern const LevinKernels levin_kernels_avx2;
extern const LevinKernels levin_kernels_avx512;
#endif

#if defined(__x86_64__)
/// Whether the processor has AVX-512 VBMI, for the gather.
bool levin_has_vbmi(void);
void levin_gather_table_vbmi(const Gather *g, ptrdiff_t begin, ptrdiff_t end);
#endif

enum { cacheLine = 64 };

/// The row that the kernel for r..<end prefetches while it works on row r: rows come in random order, which no
/// hardware predicts. Past `end` these are rows that this thread will want of the next batch. Row r itself if nothing
/// is known.
static inline const uint8_t *levin_row_ahead(
  const Gather *g, ptrdiff_t r, ptrdiff_t begin, ptrdiff_t end) {
  enum { ahead = 16 };
  ptrdiff_t next = r + ahead;
  ptrdiff_t wanted = next < end ? next : g->rows + begin + (next - end);
  return g->source + g->indices[wanted < g->readable ? wanted : r] * g->size + g->first;
}

/// The kernels of the instruction set in use.
const LevinKernels *levin_kernels(void);

#endif
