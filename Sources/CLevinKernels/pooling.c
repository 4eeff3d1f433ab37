/// Pooling of each plane separately; tables describe the windows along each dimension.
#include <math.h>
#include <string.h>

#include "kernels.h"

/// The number of elements in all planes below which one thread is used.
static const ptrdiff_t smallPooling = 1 << 14;

typedef struct {
  const LevinPooling *pooling;
  LevinCompute compute;
  ptrdiff_t size, count;  ///< elements of a plane of x, of a plane of y
  const char *from;
  char *to;
  int64_t *places;
} Planes;

static void run_planes(
  Planes *planes, ptrdiff_t count, void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end)) {
  bool isSmall = count * (planes->size + planes->count) < smallPooling;
  levin_parallel_for(count, isSmall ? count : 1, planes, body);
}

static Planes planes_of(
  LevinCompute compute, const LevinPooling *p, const void *from, void *to, int64_t *places) {
  const LevinWindows *along = p->along;
  return (Planes){
    p, compute, along[0].input * along[1].input * along[2].input,
    along[0].output * along[1].output * along[2].output, from, to, places};
}

/// Calls BODY for each element of the output, `out`, with the bounds of its window along the dimensions: b… and e….
#define FOR_WINDOWS(BODY)                                                       \
  for (ptrdiff_t t0 = 0, out = 0; t0 < p->along[0].output; t0++)                \
    for (ptrdiff_t t1 = 0; t1 < p->along[1].output; t1++)                       \
      for (ptrdiff_t t2 = 0; t2 < p->along[2].output; t2++, out++) {            \
        const ptrdiff_t b0 = p->along[0].starts[t0], e0 = p->along[0].ends[t0]; \
        const ptrdiff_t b1 = p->along[1].starts[t1], e1 = p->along[1].ends[t1]; \
        const ptrdiff_t b2 = p->along[2].starts[t2], e2 = p->along[2].ends[t2]; \
        BODY                                                                    \
      }

/// Inside FOR_WINDOWS: calls BODY for each element of the window, at index `i` of its plane.
#define FOR_ELEMENTS(BODY)                                           \
  for (ptrdiff_t i0 = b0; i0 < e0; i0 += d0)                         \
    for (ptrdiff_t i1 = b1; i1 < e1; i1 += d1) {                     \
      const ptrdiff_t line = (i0 * h + i1) * w;                      \
      for (ptrdiff_t i = line + b2; i < line + e2; i += d2) { BODY } \
    }

#define SIZES                                                   \
  const LevinPooling *p = planes->pooling;                      \
  const ptrdiff_t h = p->along[1].input, w = p->along[2].input; \
  const ptrdiff_t d0 = p->along[0].dilation, d1 = p->along[1].dilation, d2 = p->along[2].dilation;

/// The outputs along the last dimension whose windows cover the whole kernel, `stride` apart.
typedef struct {
  ptrdiff_t first, count, stride, size;
} Interior;

static Interior interior_of(const LevinWindows *w) {
  Interior found = {0, 0, 1, 0};
  for (ptrdiff_t t = 0; t < w->output; t++) {
    ptrdiff_t size = (w->ends[t] - w->starts[t] + w->dilation - 1) / w->dilation;
    if (size > found.size) found = (Interior){t, 0, 1, size};
  }
  for (ptrdiff_t t = found.first; t < w->output; t++, found.count++) {
    if ((w->ends[t] - w->starts[t] + w->dilation - 1) / w->dilation != found.size) break;
    ptrdiff_t step = t > found.first ? w->starts[t] - w->starts[t - 1] : 1;
    if (t == found.first + 1) found.stride = step;
    if (t > found.first && step != found.stride) break;
  }
  return found;
}

/// Computes the outputs from..<end of a line, whose windows cover b0..<e0 and b1..<e1 along the first two dimensions.
#define MAX_POOL(T, LEAST)                                                              \
  static void max_pool_##T(                                                             \
    const Planes *planes, const T *x, ptrdiff_t t0, ptrdiff_t t1, ptrdiff_t from, ptrdiff_t end, \
    T *y, int64_t *places) {                                                            \
    SIZES                                                                               \
    const ptrdiff_t b0 = p->along[0].starts[t0], e0 = p->along[0].ends[t0];             \
    const ptrdiff_t b1 = p->along[1].starts[t1], e1 = p->along[1].ends[t1];             \
    for (ptrdiff_t t2 = from; t2 < end; t2++) {                                         \
      const ptrdiff_t b2 = p->along[2].starts[t2], e2 = p->along[2].ends[t2];           \
      bool isEmpty = b0 >= e0 || b1 >= e1 || b2 >= e2;                                  \
      ptrdiff_t place = isEmpty ? -1 : (b0 * h + b1) * w + b2;                          \
      T most = isEmpty ? LEAST : x[place];                                              \
      FOR_ELEMENTS({                                                                    \
        bool isMore = (x[i] > most) | (x[i] != x[i]);                                   \
        most = isMore ? x[i] : most;                                                    \
        place = isMore ? i : place;                                                     \
      })                                                                                \
      y[t2] = most;                                                                     \
      places[t2] = place;                                                               \
    }                                                                                   \
  }
MAX_POOL(float, -INFINITY)
MAX_POOL(double, -INFINITY)
MAX_POOL(int64_t, INT64_MIN)
#undef MAX_POOL

enum {
  mostTaps = 256,
  mostPadded = 128,  ///< outputs of a line beyond which its border does not matter
};

/// The windows along the lines of planes of float32 that are computed by vectors: those in `inner`.
typedef struct {
  Interior inner;
  ptrdiff_t before, pitch;  ///< padding before a line, the distance of lines: of a copy, or of the planes
  ptrdiff_t size0, size1;   ///< lines of the windows to which the tables belong
  MaxPoolLine line;
  int32_t offsets[mostTaps], places[mostTaps], starts[mostPadded];
} Lines;

/// The windows along the last dimension that do not touch the border.
static Lines lines_inside(const Planes *planes) {
  const LevinWindows *a = planes->pooling->along;
  Lines lines = {.inner = interior_of(&a[2]), .pitch = a[2].input};
  ptrdiff_t most = lines.inner.size;
  for (int d = 0; d < 2; d++) {
    ptrdiff_t size = 0;
    for (ptrdiff_t t = 0; t < a[d].output; t++) {
      ptrdiff_t own = (a[d].ends[t] - a[d].starts[t] + a[d].dilation - 1) / a[d].dilation;
      size = own > size ? own : size;
    }
    most *= size;
  }
  // All tables must be large enough.
  if (lines.inner.count < 2 || most > mostTaps || planes->size > INT32_MAX)
    lines.inner = (Interior){0};
  lines.line.count = lines.inner.count;
  lines.line.stride = lines.inner.stride;
  return lines;
}

/// Extends the windows to the whole line, in a copy of the plane with padding, if the windows at the border have the
/// same shape apart from their elements outside of the line.
static void extend(Lines *lines, const LevinWindows *w) {
  const Interior inner = lines->inner;
  if (inner.count < 2 || inner.count == w->output || w->output > mostPadded) return;
  ptrdiff_t before = inner.first * inner.stride - w->starts[inner.first], after = 0;
  for (ptrdiff_t t = 0; t < w->output; t++) {
    ptrdiff_t start = t * inner.stride - before, size = inner.size;
    for (; size > 0 && start < 0; size--) start += w->dilation;
    for (; size > 0 && start + (size - 1) * w->dilation >= w->input; size--) continue;
    if (size == 0 || start != w->starts[t]) return;
    if (size != (w->ends[t] - w->starts[t] + w->dilation - 1) / w->dilation) return;
    lines->starts[t] = (int32_t)start;
    after = t * inner.stride - before + (inner.size - 1) * w->dilation + 1 - w->input;
  }
  if (before < 0) return;
  lines->inner.first = 0;
  lines->inner.count = lines->line.count = w->output;
  lines->before = before;
  lines->pitch = before + w->input + (after > 0 ? after : 0);
  lines->line.starts = lines->starts;
}

/// Fills the tables for windows of size0 × size1 lines.
static void find_taps(Lines *lines, const Planes *planes, ptrdiff_t size0, ptrdiff_t size1) {
  SIZES
  ptrdiff_t start = lines->line.starts ? -lines->before : p->along[2].starts[lines->inner.first];
  ptrdiff_t taps = 0;
  lines->size0 = size0;
  lines->size1 = size1;
  for (ptrdiff_t i0 = 0; i0 < size0; i0 += d0)
    for (ptrdiff_t i1 = 0; i1 < size1; i1 += d1)
      for (ptrdiff_t k = 0; k < lines->inner.size; k++, taps++) {
        lines->places[taps] = (int32_t)((i0 * h + i1) * w + k * d2 + start);
        lines->offsets[taps] =
          (int32_t)((i0 * h + i1) * lines->pitch + k * d2 + start + lines->before);
      }
  lines->line.taps = taps;
  lines->line.offsets = lines->offsets;
  lines->line.places = lines->places;
}

/// Copies the lines of a plane between the padding of `to`.
static void copy_lines(
  const Lines *lines, ptrdiff_t count, ptrdiff_t width, const float *x, float *to) {
  for (to += lines->before; count > 0; count--, x += width, to += lines->pitch)
    memcpy(to, x, (size_t)width * sizeof(float));
}

/// Calls BODY for each line of outputs of a plane: at `line` of the plane's outputs.
#define FOR_LINES(BODY)                                         \
  for (ptrdiff_t t0 = 0, line = 0; t0 < a[0].output; t0++)      \
    for (ptrdiff_t t1 = 0; t1 < a[1].output; t1++, line += a[2].output) { BODY }

/// One plane of float32: the windows of one shape along a line by vectors, others one by one.
static void max_pool_plane(
  const Planes *planes, Lines *lines, const float *x, float *copy, float *y, int64_t *places) {
  const LevinWindows *a = planes->pooling->along;
  ptrdiff_t first = lines->inner.first, after = first + lines->inner.count;
  if (copy) copy_lines(lines, a[0].input * a[1].input, a[2].input, x, copy);
  const float *from = copy ? copy : x;
  FOR_LINES({
    ptrdiff_t b0 = a[0].starts[t0];
    ptrdiff_t b1 = a[1].starts[t1];
    ptrdiff_t size0 = a[0].ends[t0] - b0;
    ptrdiff_t size1 = a[1].ends[t1] - b1;
    bool isByVectors = after > first && size0 > 0 && size1 > 0;
    if (isByVectors && (size0 != lines->size0 || size1 != lines->size1))
      find_taps(lines, planes, size0, size1);
    if (isByVectors)
      levin_kernels()->max_pool_line(
        &lines->line, from + (b0 * a[1].input + b1) * lines->pitch,
        (b0 * a[1].input + b1) * a[2].input, y + line + first, places + line + first);
    ptrdiff_t rest = isByVectors ? after : 0;
    if (isByVectors && first > 0)
      max_pool_float(planes, x, t0, t1, 0, first, y + line, places + line);
    if (rest < a[2].output)
      max_pool_float(planes, x, t0, t1, rest, a[2].output, y + line, places + line);
  })
}

static void max_pool_floats(const Planes *planes, ptrdiff_t begin, ptrdiff_t end) {
  const LevinWindows *a = planes->pooling->along;
  Lines lines = lines_inside(planes), padded = lines;
  extend(&padded, &a[2]);
  padded.line.starts = padded.line.starts ? padded.starts : NULL;
  const ptrdiff_t room = a[0].input * a[1].input * padded.pitch;
  size_t bytes = (size_t)room * sizeof(float);
  float *copy = padded.line.starts ? levin_take_memory(bytes) : NULL;
  // Padding is never the largest element.
  for (ptrdiff_t i = 0; copy && i < room; i++) copy[i] = -INFINITY;
  for (ptrdiff_t plane = begin; plane < end; plane++)
    max_pool_plane(
      planes, copy ? &padded : &lines, (const float *)planes->from + plane * planes->size, copy,
      (float *)planes->to + plane * planes->count, planes->places + plane * planes->count);
  if (copy) levin_give_memory_back(copy, bytes);
}

static void max_pool(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Planes *planes = context;
  const LevinWindows *a = planes->pooling->along;
  if (planes->compute == LevinComputeFloat32) return max_pool_floats(planes, begin, end);
  for (ptrdiff_t plane = begin; plane < end; plane++) {
    const int64_t *x = (const int64_t *)planes->from + plane * planes->size;
    int64_t *y = (int64_t *)planes->to + plane * planes->count;
    int64_t *places = planes->places + plane * planes->count;
    if (planes->compute == LevinComputeFloat64)
      FOR_LINES({
        max_pool_double(
          planes, (const double *)x, t0, t1, 0, a[2].output, (double *)y + line, places + line);
      })
    else
      FOR_LINES({ max_pool_int64_t(planes, x, t0, t1, 0, a[2].output, y + line, places + line); })
  }
}
#undef FOR_LINES

void levin_max_pool(
  LevinCompute compute, const LevinPooling *p, const void *x, void *y, int64_t *places) {
  Planes planes = planes_of(compute, p, x, y, places);
  run_planes(&planes, p->planes, max_pool);
}

/// The divisor of the current window's sum.
#define DIVISOR                    \
  (double)(p->divisor ? p->divisor \
                      : p->along[0].counts[t0] * p->along[1].counts[t1] * p->along[2].counts[t2])

#define AVERAGE_POOL(T)                                              \
  static void average_pool_##T(                                      \
    const Planes *planes, ptrdiff_t begin, ptrdiff_t end) {          \
    SIZES                                                            \
    for (ptrdiff_t plane = begin; plane < end; plane++) {            \
      const T *x = (const T *)planes->from + plane * planes->size;   \
      T *y = (T *)planes->to + plane * planes->count;                \
      FOR_WINDOWS({                                                  \
        double sum = 0;                                              \
        FOR_ELEMENTS({ sum += (double)x[i]; })                       \
        y[out] = (T)(sum / DIVISOR);                                 \
      })                                                             \
    }                                                                \
  }                                                                  \
  static void average_pool_gradient_##T(                             \
    const Planes *planes, ptrdiff_t begin, ptrdiff_t end) {          \
    SIZES                                                            \
    for (ptrdiff_t plane = begin; plane < end; plane++) {            \
      const T *dy = (const T *)planes->from + plane * planes->count; \
      T *dx = (T *)planes->to + plane * planes->size;                \
      memset(dx, 0, (size_t)planes->size * sizeof(T));               \
      FOR_WINDOWS({                                                  \
        T share = (T)((double)dy[out] / DIVISOR);                    \
        FOR_ELEMENTS({ dx[i] += share; })                            \
      })                                                             \
    }                                                                \
  }
AVERAGE_POOL(float)
AVERAGE_POOL(double)
#undef AVERAGE_POOL

static void average_pool(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Planes *planes = context;
  (planes->compute == LevinComputeFloat32 ? average_pool_float : average_pool_double)(
    planes, begin, end);
}

static void average_pool_gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Planes *planes = context;
  (planes->compute == LevinComputeFloat32 ? average_pool_gradient_float
                                          : average_pool_gradient_double)(planes, begin, end);
}

void levin_average_pool(LevinCompute compute, const LevinPooling *p, const void *x, void *y) {
  Planes planes = planes_of(compute, p, x, y, NULL);
  run_planes(&planes, p->planes, average_pool);
}

void levin_average_pool_gradient(
  LevinCompute compute, const LevinPooling *p, const void *dy, void *dx) {
  Planes planes = planes_of(compute, p, dy, dx, NULL);
  run_planes(&planes, p->planes, average_pool_gradient);
}

// MARK: Indices in planes; -1 marks a window without elements

#define IN_PLANES(T, SUFFIX)                                                          \
  static void take_##SUFFIX(const Planes *planes, ptrdiff_t begin, ptrdiff_t end) {   \
    const T *x = (const T *)planes->from;                                             \
    for (ptrdiff_t plane = begin; plane < end; plane++)                               \
      for (ptrdiff_t i = plane * planes->count; i < (plane + 1) * planes->count; i++) \
        ((T *)planes->to)[i] =                                                        \
          planes->places[i] < 0 ? 0 : x[plane * planes->size + planes->places[i]];    \
  }                                                                                   \
  static void put_##SUFFIX(const Planes *planes, ptrdiff_t begin, ptrdiff_t end) {    \
    T *x = (T *)planes->to;                                                           \
    for (ptrdiff_t plane = begin; plane < end; plane++) {                             \
      memset(x + plane * planes->size, 0, (size_t)planes->size * sizeof(T));          \
      for (ptrdiff_t i = plane * planes->count; i < (plane + 1) * planes->count; i++) \
        if (planes->places[i] >= 0)                                                   \
          x[plane * planes->size + planes->places[i]] += ((const T *)planes->from)[i]; \
    }                                                                                 \
  }
IN_PLANES(float, f32)
IN_PLANES(double, f64)
IN_PLANES(uint64_t, i64)
#undef IN_PLANES

static void take(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Planes *planes = context;
  switch (planes->compute) {
    case LevinComputeFloat32: return take_f32(planes, begin, end);
    case LevinComputeFloat64: return take_f64(planes, begin, end);
    case LevinComputeInt64: return take_i64(planes, begin, end);
  }
}

static void put(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Planes *planes = context;
  switch (planes->compute) {
    case LevinComputeFloat32: return put_f32(planes, begin, end);
    case LevinComputeFloat64: return put_f64(planes, begin, end);
    case LevinComputeInt64: return put_i64(planes, begin, end);
  }
}

void levin_take_in_planes(
  LevinCompute compute, ptrdiff_t planes, ptrdiff_t size, ptrdiff_t count, const void *x,
  const int64_t *places, void *y) {
  Planes own = {NULL, compute, size, count, x, y, (int64_t *)places};
  run_planes(&own, planes, take);
}

void levin_put_in_planes(
  LevinCompute compute, ptrdiff_t planes, ptrdiff_t size, ptrdiff_t count, const void *y,
  const int64_t *places, void *x) {
  Planes own = {NULL, compute, size, count, y, x, (int64_t *)places};
  run_planes(&own, planes, put);
}
