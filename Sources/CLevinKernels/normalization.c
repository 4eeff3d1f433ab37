/// Sums and maps for normalization over channels and over rows. Each channel or row is processed by one thread.
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "levin_convolution.h"

enum {
  rowsOfPart = 128,      ///< rows whose share in the gradients of weight and bias is added up at once
  smallArray = 1 << 14,  ///< elements below which one thread is used
  sideBySide = 1 << 13,  ///< elements in a piece of work, about
  channelsAtOnce = 64,
  fewPoints = normalizationParts,  ///< points of a channel up to which several channels are processed together
};

static ptrdiff_t grain(ptrdiff_t count, ptrdiff_t elements) {
  if (count * elements < smallArray) return count;
  ptrdiff_t share = (count + levin_thread_count() - 1) / levin_thread_count();
  return at_most(sideBySide / (elements > 0 ? elements : 1) + 1, share);
}

typedef struct {
  LevinChannels shape;
  bool isDouble;
  const char *x, *y;
  const double *means, *factors, *others, *shifts;
  double *first, *second;
  char *out;
} Channels;

static void run_channels(
  Channels *channels, void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end)) {
  LevinChannels s = channels->shape;
  levin_parallel_for(
    s.channels, grain(s.channels, at_most(s.batch, 1) * s.points), channels, body);
}

/// The offset of channel c of image n, in bytes.
static ptrdiff_t place(const Channels *channels, ptrdiff_t n, ptrdiff_t c) {
  LevinChannels s = channels->shape;
  return (n * s.channels + c) * s.points * (channels->isDouble ? 8 : 4);
}

static double first_element(const Channels *channels, ptrdiff_t c) {
  if (channels->shape.batch * channels->shape.points == 0) return 0;
  const char *x = channels->x + place(channels, 0, c);
  double first = channels->isDouble ? *(const double *)x : (double)*(const float *)x;
  return isfinite(first) ? first : 0;
}

static double total(const double parts[normalizationParts]) {
  double sum = 0;
  for (int j = 0; j < normalizationParts; j++) sum += parts[j];
  return sum;
}

/// Repeats each channel's number for each of its points.
static void expand(ptrdiff_t channels, ptrdiff_t points, const double *from, double *to) {
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t i = 0; i < points; i++) *to++ = from ? from[c] : 0;
}

/// add_up for `count` channels from `from` on, with few points each.
static void add_up_columns(
  const Channels *channels, ptrdiff_t from, ptrdiff_t count, const double *levels) {
  LevinChannels s = channels->shape;
  double all[channelsAtOnce * fewPoints], first[channelsAtOnce * fewPoints] = {0};
  double second[channelsAtOnce * fewPoints] = {0};
  expand(count, s.points, levels + from, all);
  for (ptrdiff_t n = 0; n < s.batch; n++) {
    ptrdiff_t at = place(channels, n, from);
    levin_kernels()->add_columns[channels->isDouble](
      count * s.points, channels->y ? channels->y + at : NULL, channels->x + at, all, first,
      second);
  }
  for (ptrdiff_t c = 0; c < count; c++) {
    double sum = 0, other = 0;
    for (ptrdiff_t i = c * s.points; i < (c + 1) * s.points; i++) {
      sum += first[i];
      other += second[i];
    }
    channels->first[from + c] = sum;
    channels->second[from + c] = other;
  }
}

/// Adds up channels begin..<end, some at a time, image by image, in memory order: `first` and `second` become the sums
/// of deviations from `levels` and of their squares, or with y, those of gradients and of their products with
/// deviations.
static void add_up(
  const Channels *channels, ptrdiff_t begin, ptrdiff_t end, const double *levels) {
  const LevinKernels *kernels = levin_kernels();
  LevinChannels s = channels->shape;
  for (ptrdiff_t from = begin; from < end; from += channelsAtOnce) {
    ptrdiff_t count = at_most(end - from, channelsAtOnce);
    if (s.points <= fewPoints) {
      add_up_columns(channels, from, count, levels);
      continue;
    }
    double parts[channelsAtOnce][2][normalizationParts];
    memset(parts, 0, (size_t)count * sizeof *parts);
    for (ptrdiff_t n = 0; n < s.batch; n++)
      for (ptrdiff_t i = 0; i < count; i++) {
        const char *x = channels->x + place(channels, n, from + i);
        if (channels->y)
          kernels->covariances[channels->isDouble](
            s.points, channels->y + place(channels, n, from + i), x, levels[from + i], parts[i]);
        else
          kernels->deviations[channels->isDouble](s.points, x, levels[from + i], parts[i]);
      }
    for (ptrdiff_t i = 0; i < count; i++) {
      channels->first[from + i] = total(parts[i][0]);
      channels->second[from + i] = total(parts[i][1]);
    }
  }
}

/// In one pass, with differences from the channel's first element, so that few digits cancel.
static void statistics(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  double count = (double)(channels->shape.batch * channels->shape.points);
  double *levels = channels->first, sums[channelsAtOnce];
  for (ptrdiff_t from = begin; from < end; from += channelsAtOnce) {
    ptrdiff_t last = from + at_most(end - from, channelsAtOnce);
    for (ptrdiff_t c = from; c < last; c++) sums[c - from] = levels[c] = first_element(channels, c);
    add_up(channels, from, last, levels);
    for (ptrdiff_t c = from; c < last; c++) {
      double mean = channels->first[c] / count;
      channels->second[c] = channels->second[c] / count - mean * mean;
      // Rounding may make it negative.
      if (channels->second[c] < 0) channels->second[c] = 0;
      channels->first[c] = sums[c - from] + mean;
    }
  }
}

static void covariances(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  add_up(channels, begin, end, channels->means);
}

static void affine(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  const LevinKernels *kernels = levin_kernels();
  LevinChannels s = channels->shape;
  for (ptrdiff_t plane = begin; plane < end; plane++) {
    ptrdiff_t c = plane % s.channels, at = place(channels, 0, plane);
    kernels->affine[channels->isDouble](
      s.points, channels->x + at, channels->factors[c], channels->y ? channels->y + at : NULL,
      channels->y ? channels->others[c] : 0, channels->shifts[c], channels->out + at);
  }
}

/// affine for channels begin..<end, with few points each.
static void affine_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  LevinChannels s = channels->shape;
  for (ptrdiff_t from = begin; from < end; from += channelsAtOnce) {
    ptrdiff_t count = at_most(end - from, channelsAtOnce);
    double factors[channelsAtOnce * fewPoints], others[channelsAtOnce * fewPoints];
    double shifts[channelsAtOnce * fewPoints];
    expand(count, s.points, channels->factors + from, factors);
    expand(count, s.points, channels->y ? channels->others + from : NULL, others);
    expand(count, s.points, channels->shifts + from, shifts);
    for (ptrdiff_t n = 0; n < s.batch; n++) {
      ptrdiff_t at = place(channels, n, from);
      levin_kernels()->affine_columns[channels->isDouble](
        count * s.points, channels->x + at, factors, channels->y ? channels->y + at : NULL, others,
        shifts, channels->out + at);
    }
  }
}

void levin_channel_statistics(
  LevinCompute compute, LevinChannels shape, const void *x, double *means, double *variances) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .first = means,
    .second = variances};
  run_channels(&channels, statistics);
}

void levin_channel_covariances(
  LevinCompute compute, LevinChannels shape, const void *dy, const void *x, const double *means,
  double *sums, double *products) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .y = dy, .means = means,
    .first = sums, .second = products};
  run_channels(&channels, covariances);
}

void levin_channel_affine(
  LevinCompute compute, LevinChannels shape, const void *x, const double *factors, const void *y,
  const double *others, const double *shifts, void *out) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .y = y,
    .factors = factors, .others = others, .shifts = shifts, .out = out};
  if (shape.points <= fewPoints) return run_channels(&channels, affine_columns);
  ptrdiff_t planes = shape.batch * shape.channels;
  levin_parallel_for(planes, grain(planes, shape.points), &channels, affine);
}

// MARK: Rows

typedef struct {
  ptrdiff_t rows, columns;
  const float *dy, *x, *weight, *bias;
  double epsilon;
  float *out;
  double *sums;  ///< for each part of the rows Σ dy · y, then Σ dy if `hasBias`, for each column
  bool hasBias;
  LevinRowStatistics *statistics;
} Rows;

static void normalize_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *w = context;
  for (ptrdiff_t r = begin; r < end; r++)
    w->statistics[r] = levin_kernels()->normalize_row(
      w->columns, w->x + r * w->columns, w->weight, w->bias, w->epsilon, w->out + r * w->columns);
}

static void normalize_rows_backward(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *w = context;
  for (ptrdiff_t r = begin; r < end; r++)
    levin_kernels()->normalize_row_backward(
      w->columns, w->dy + r * w->columns, w->x + r * w->columns, w->weight, w->statistics[r],
      w->out + r * w->columns);
}

static void add_normalized_parts(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *w = context;
  for (ptrdiff_t part = begin; part < end; part++) {
    ptrdiff_t first = part * rowsOfPart;
    double *sums = w->sums + part * 2 * w->columns;
    levin_kernels()->normalized_columns(
      at_most(w->rows - first, rowsOfPart), w->columns, w->dy + first * w->columns,
      w->x + first * w->columns, w->statistics + first, sums, w->hasBias ? sums + w->columns : NULL);
  }
}

void levin_layer_norm(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *weight, const float *bias,
  double epsilon, float *y, LevinRowStatistics *statistics) {
  Rows work = {
    .rows = rows, .columns = columns, .x = x, .weight = weight, .bias = bias, .epsilon = epsilon,
    .out = y, .statistics = statistics};
  levin_parallel_for(rows, grain(rows, columns), &work, normalize_rows);
}

void levin_layer_norm_input_gradient(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x, const float *weight,
  const LevinRowStatistics *statistics, float *dx) {
  Rows work = {
    .rows = rows, .columns = columns, .dy = dy, .x = x, .weight = weight, .out = dx,
    .statistics = (LevinRowStatistics *)statistics};
  levin_parallel_for(rows, grain(rows, columns), &work, normalize_rows_backward);
}

/// Adds up the parts of one of the sums in order.
static void add_parts(const Rows *w, ptrdiff_t parts, const double *sums, float *out) {
  for (ptrdiff_t c = 0; out && c < w->columns; c++) {
    double sum = 0;
    for (ptrdiff_t part = 0; part < parts; part++) sum += sums[part * 2 * w->columns + c];
    out[c] = (float)sum;
  }
}

bool levin_layer_norm_weight_gradients(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x,
  const LevinRowStatistics *statistics, float *dweight, float *dbias) {
  ptrdiff_t parts = (rows + rowsOfPart - 1) / rowsOfPart;
  size_t bytes = sizeof(double) * (size_t)(parts * 2 * columns);
  Rows work = {
    .rows = rows, .columns = columns, .dy = dy, .x = x, .sums = levin_take_memory(bytes),
    .hasBias = dbias != NULL, .statistics = (LevinRowStatistics *)statistics};
  if (!work.sums) return false;
  levin_parallel_for(parts, rows * columns < smallArray ? parts : 1, &work, add_normalized_parts);
  add_parts(&work, parts, work.sums, dweight);
  add_parts(&work, parts, work.sums + columns, dbias);
  levin_give_memory_back(work.sums, bytes);
  return true;
}
