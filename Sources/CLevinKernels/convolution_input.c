/// The gradients of convolutions' inputs: products over patches of dy, or sums of products of dy.
#include "sampling.h"

/// The weights that an input's gradient is multiplied by: for each channel of the input the outputs' channels and, of
/// the kernel, the places `taps`.
typedef struct {
  const LevinConvolution *c;
  ptrdiff_t size, taps;
  const ptrdiff_t *places;
  const char *weight;
  char *turned;
} Turning;

#define TURN(T)                                             \
  for (ptrdiff_t o = 0; o < outputs; o++)                   \
    for (ptrdiff_t k = 0; k < t->taps; k++)                 \
      ((T *)t->turned)[(row * outputs + o) * t->taps + k] = \
        ((const T *)t->weight)[((group * outputs + o) * inputs + input) * kernel + t->places[k]];

static void turn_weights(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Turning *t = context;
  ptrdiff_t inputs = t->c->inputs, outputs = t->c->outputs, kernel = volume(t->c->kernel);
  for (ptrdiff_t row = begin; row < end; row++) {
    ptrdiff_t group = row / inputs, input = row % inputs;
    if (t->size == 4) {
      TURN(float)
    } else {
      TURN(uint64_t)
    }
  }
}
#undef TURN

/// Of the elements of dx that lie `phase` beyond multiples of the stride, those that the kernel's places reach are
/// the same: each such lattice is a convolution of its own, without a stride.
static ptrdiff_t find_taps_of_phase(
  const LevinConvolution *c, const ptrdiff_t phase[3], ptrdiff_t (*taps)[3], ptrdiff_t *places) {
  ptrdiff_t found = 0;
  for (ptrdiff_t place = 0; place < volume(c->kernel); place++) {
    ptrdiff_t k[3] = {
      place / (c->kernel[1] * c->kernel[2]), place / c->kernel[2] % c->kernel[1],
      place % c->kernel[2]};
    bool reaches = true;
    for (int d = 0; d < 3; d++) {
      ptrdiff_t away = phase[d] + c->padding[d] - k[d] * c->dilation[d];
      reaches = reaches && away % c->stride[d] == 0;
      taps[found][d] = away / c->stride[d];
    }
    if (reaches) places[found++] = place;
  }
  return found;
}

/// Where x has fewer channels than y, fewer elements are moved when dy is multiplied first and the products are added
/// to dx afterwards: dx[image, group · rows + r, point · step + tap] += Σ weight[o, r, tap] · dy[image, o, point].
typedef struct {
  const LevinConvolution *c;
  LevinCompute compute;
  Patches patches;  ///< dy, at one tap
  Grid grid;        ///< of one image; its result is dx
  const ptrdiff_t (*taps)[3];
  ptrdiff_t kernel, columns;
  const char *weight, *bias;
  char *dx;
  _Atomic bool *lacksMemory;
} Scattering;

/// Adds products [inputs · kernel, columns], rows `width` apart, to the planes of dx that begin at `planes`.
#define SCATTER(T)                                                                              \
  for (ptrdiff_t row = 0; row < c->inputs * s->kernel; row++) {                                 \
    const ptrdiff_t *tap = s->taps[row % s->kernel];                                            \
    T *plane = (T *)planes + row / s->kernel * points;                                          \
    const T *sums = (const T *)block + row * count;                                             \
    for (const Run *run = runs; run < runs + runCount; run++) {                                 \
      ptrdiff_t i = run->at[0] * c->stride[0] + tap[0], j = run->at[1] * c->stride[1] + tap[1]; \
      if ((size_t)i >= (size_t)c->input[0] || (size_t)j >= (size_t)c->input[1]) continue;       \
      ptrdiff_t step = c->stride[2], at = run->at[2] * step + tap[2];                           \
      ptrdiff_t begin = at < 0 ? at_most((step - 1 - at) / step, run->count) : 0;               \
      ptrdiff_t end =                                                                           \
        at >= c->input[2] ? 0 : at_most((c->input[2] - at + step - 1) / step, run->count);      \
      T *to = plane + (i * c->input[1] + j) * c->input[2] + at;                                 \
      const T *from = sums + run->column;                                                       \
      if (step == 1)                                                                            \
        for (ptrdiff_t e = begin; e < end; e++) to[e] += from[e];                               \
      else                                                                                      \
        for (ptrdiff_t e = begin; e < end; e++) to[e * step] += from[e];                        \
    }                                                                                           \
  }                                                                                             \
  break

#define START(T)                                                                     \
  for (ptrdiff_t r = 0; r < c->inputs; r++)                                          \
    for (ptrdiff_t i = 0; i < points; i++)                                           \
      ((T *)planes)[r * points + i] = s->bias ? ((const T *)s->bias)[first + r] : 0; \
  break

/// dx's planes of a group before anything is added to them: 0, or the bias from channel `first` on.
static void start_planes(const Scattering *s, ptrdiff_t first, char *planes) {
  const LevinConvolution *c = s->c;
  ptrdiff_t points = volume(c->input);
  switch (s->compute) {
    case LevinComputeFloat32: START(float);
    case LevinComputeFloat64: START(double);
    case LevinComputeInt64: START(uint64_t);
  }
}
#undef START

static void scatter(
  const Scattering *s, const char *block, ptrdiff_t count, const Run *runs, ptrdiff_t runCount,
  char *planes) {
  const LevinConvolution *c = s->c;
  ptrdiff_t points = volume(c->input);
  switch (s->compute) {
    case LevinComputeFloat32: SCATTER(float);
    case LevinComputeFloat64: SCATTER(double);
    case LevinComputeInt64: SCATTER(uint64_t);
  }
}
#undef SCATTER

static void run_scatterings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Scattering *s = context;
  const LevinConvolution *c = s->c;
  const LevinKernels *kernels = levin_kernels();
  ptrdiff_t size = size_of_compute(s->compute), rows = c->inputs * s->kernel;
  ptrdiff_t patches = whole_units((c->outputs + 1) * width_of(s->columns) * size, cacheLine);
  ptrdiff_t block = whole_units(rows * s->columns * size, cacheLine);
  size_t bytes =
    (size_t)(patches + block) + (size_t)most_runs(&s->grid, s->columns) * sizeof(Run);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  Run *runs = (Run *)(room + patches + block);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t image = task / c->groups, group = task % c->groups;
    Patches own = s->patches;
    own.data = (const char *)own.data +
               (image * own.batch + group * c->outputs * own.channel) * size;
    char *planes = s->dx + task * c->inputs * volume(c->input) * size;
    const char *weight = s->weight + group * c->outputs * rows * size;
    start_planes(s, group * c->inputs, planes);
    for (ptrdiff_t first = 0; first < volume(s->grid.size); first += s->columns) {
      ptrdiff_t count = at_most(volume(s->grid.size) - first, s->columns), width = width_of(count);
      ptrdiff_t runCount = levin_find_runs(&s->grid, &own, first, count, runs);
      if (s->compute == LevinComputeFloat32) {
        kernels->copy_patches_4(&own, 0, c->outputs, runs, runCount, width, room);
        kernels->outer_product(
          rows, count, c->outputs, (Operand){(const float *)weight, 1, rows},
          (Operand){(const float *)room, 1, width}, (float *)(room + patches), count,
          (Epilogue){.accumulate = false});
      } else {
        kernels->copy_patches_8(&own, 0, c->outputs, runs, runCount, width, room);
        if (!levin_product(
              s->compute, rows, count, c->outputs, (LevinMatrix){weight, 1, rows},
              (LevinMatrix){room, width, 1}, room + patches))
          *s->lacksMemory = true;
      }
      scatter(s, room + patches, count, runs, runCount, planes);
    }
  }
  levin_give_memory_back(room, bytes);
}

/// Whether the products of dy are fewer than the patches of it, by a good deal.
static bool is_worth_scattering(const LevinConvolution *c) {
  return c->inputs * volume(c->output) * 2 <= c->outputs * volume(c->input) &&
         volume(c->output) > 0;
}

static bool scatter_input_gradient(
  LevinCompute compute, const LevinConvolution *c, LevinImages dy, const void *weight,
  const void *bias, void *dx) {
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  const ptrdiff_t one[3] = {1, 1, 1};
  static const ptrdiff_t here[1][3] = {{0, 0, 0}};
  Scattering s = {
    .c = c, .compute = compute, .patches = levin_patches_of(dy, c->output, one),
    .kernel = levin_find_taps(c, taps), .weight = weight, .bias = bias, .dx = dx,
    .lacksMemory = &lacksMemory};
  s.taps = (const ptrdiff_t(*)[3])taps;
  s.patches.taps = 1;
  s.patches.tap = here;
  s.grid = (Grid){.images = 1, .size = {c->output[0], c->output[1], c->output[2]}};
  ptrdiff_t points = volume(c->output), rows = c->outputs + c->inputs * s.kernel;
  s.columns = levin_columns_at_once(compute, rows, points);
  ptrdiff_t tasks = c->batch * c->groups;
  bool isSmall = tasks * points * c->outputs * c->inputs * s.kernel < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, &s, run_scatterings);
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}

bool levin_convolve_input_gradient(
  LevinCompute compute, const LevinConvolution *convolution, LevinImages dy, const void *weight,
  const void *bias, void *dx) {
  LevinConvolution own = levin_lines_if_possible(convolution, &dy), *c = &own;
  if (is_worth_scattering(c)) return scatter_input_gradient(compute, c, dy, weight, bias, dx);
  ptrdiff_t size = size_of_compute(compute), kernel = volume(c->kernel);
  ptrdiff_t rows = c->groups * c->inputs, points = volume(c->input);
  size_t turned = (size_t)whole_units(rows * c->outputs * kernel * size, cacheLine);
  size_t bytes = turned + (size_t)(kernel + 1) * (sizeof(ptrdiff_t[3]) + sizeof(ptrdiff_t));
  char *room = levin_take_memory(bytes);
  if (!room) return false;
  ptrdiff_t(*taps)[3] = (ptrdiff_t(*)[3])(room + turned);
  ptrdiff_t *places = (ptrdiff_t *)(taps + kernel + 1);
  _Atomic bool lacksMemory = false;
  const ptrdiff_t one[3] = {1, 1, 1};
  for (ptrdiff_t number = 0; number < volume(c->stride); number++) {
    ptrdiff_t phase[3] = {
      number / (c->stride[1] * c->stride[2]), number / c->stride[2] % c->stride[1],
      number % c->stride[2]};
    Sampling s = {
      .compute = compute, .patches = levin_patches_of(dy, c->output, one), .groups = c->groups,
      .channels = c->outputs, .rows = c->inputs, .weight = room, .bias = bias,
      .channel = points, .lacksMemory = &lacksMemory};
    s.patches.taps = find_taps_of_phase(c, phase, taps, places);
    s.patches.tap = (const ptrdiff_t(*)[3])taps;
    s.depth = c->outputs * s.patches.taps;
    s.grid = (Grid){
      .images = c->batch, .image = rows * points,
      .place = {
        c->stride[0] * c->input[1] * c->input[2], c->stride[1] * c->input[2], c->stride[2]}};
    for (int d = 0; d < 3; d++)
      s.grid.size[d] = (c->input[d] - phase[d] + c->stride[d] - 1) / c->stride[d];
    s.out = (char *)dx +
            ((phase[0] * c->input[1] + phase[1]) * c->input[2] + phase[2]) * size;
    Turning turning = {c, size, s.patches.taps, places, weight, room};
    levin_parallel_for(rows, rows * s.depth < smallConvolution ? rows : 1, &turning, turn_weights);
    levin_sample(&s);
  }
  levin_give_memory_back(room, bytes);
  return !lacksMemory;
}
