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

/// Some rows of one group at a time, so that both the weights and what becomes of them are read and written in long runs.
#define TURN(T)                                                                              \
  for (ptrdiff_t o = 0; o < outputs; o++) {                                                  \
    const T *from = (const T *)t->weight +                                                   \
                    ((group * outputs + o) * inputs + first - group * inputs) * kernel;      \
    T *to = (T *)t->turned + (first * outputs + o) * taps;                                   \
    for (ptrdiff_t row = first; row < last; row++, from += kernel, to += outputs * taps)     \
      for (ptrdiff_t k = 0; k < taps; k++) to[k] = from[t->places[k]];                       \
  }

static void turn_weights(void *context, ptrdiff_t begin, ptrdiff_t end) {
  enum { rowsAtOnce = 16 };
  const Turning *t = context;
  const ptrdiff_t inputs = t->c->inputs, outputs = t->c->outputs, kernel = volume(t->c->kernel);
  const ptrdiff_t taps = t->taps;
  for (ptrdiff_t first = begin, last; first < end; first = last) {
    const ptrdiff_t group = first / inputs;
    last = at_most(at_most(first + rowsAtOnce, end), (group + 1) * inputs);
    if (t->size == 4) {
      TURN(float)
    } else {
      TURN(uint64_t)
    }
  }
}
#undef TURN

/// All elements of dx that are `phase` beyond multiples of the stride are reached by the same positions of the kernel:
/// each such lattice is a separate convolution without a stride.
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
  LevinImages dy;
  Grid grid;  ///< of one image
  const ptrdiff_t (*taps)[3];
  ptrdiff_t kernel;
  Cut cut;
  ptrdiff_t atOnce;  ///< channels of x whose products are computed at once
  const char *weight, *bias;
  char *dx;
  _Atomic bool *lacksMemory;
} Scattering;

/// Some positions of a grid along one dimension: those that are inside of the input.
typedef struct {
  ptrdiff_t begin, end;
} Inside;

/// For `count` positions, from `at` on and `step` apart, along a dimension of an input with `size` elements.
static Inside inside(ptrdiff_t at, ptrdiff_t step, ptrdiff_t count, ptrdiff_t size) {
  return (Inside){
    at < 0 ? at_most((step - 1 - at) / step, count) : 0,
    at >= size ? 0 : at_most((size - at + step - 1) / step, count)};
}

/// to[l · ldto + i · step] += from[l · ldfrom + i].
#define ADD_LINES(LINES, COUNT, STEP, FROM, LDFROM, TO, LDTO) \
  for (ptrdiff_t l = 0; l < LINES; l++)                       \
    for (ptrdiff_t i = 0; i < COUNT; i++) (TO)[l * (LDTO) + i * STEP] += (FROM)[l * LDFROM + i]

/// Adds products [rows, columns of a box] to the planes of dx that begin at `planes`.
#define SCATTER(T, ADD)                                                                        \
  for (ptrdiff_t row = 0; row < rows; row++) {                                                 \
    const ptrdiff_t *tap = s->taps[row % s->kernel], *step = c->stride, count = box->count[3]; \
    T *plane = (T *)planes + row / s->kernel * points;                                         \
    const T *from = (const T *)block + row * columns;                                          \
    const ptrdiff_t j = box->first[2] * step[1] + tap[1], k = box->first[3] * step[2] + tap[2]; \
    const Inside line = inside(j, step[1], box->count[2], c->input[1]);                        \
    const Inside place = inside(k, step[2], count, c->input[2]);                               \
    for (ptrdiff_t t = 0; t < box->count[1]; t++, from += box->count[2] * count) {             \
      const ptrdiff_t i = (box->first[1] + t) * step[0] + tap[0];                              \
      if ((size_t)i >= (size_t)c->input[0]) continue;                                          \
      T *to = plane + (i * c->input[1] + j + line.begin * step[1]) * c->input[2] + k +         \
              place.begin * step[2];                                                           \
      ADD(                                                                                     \
        line.end - line.begin, place.end - place.begin, step[2],                               \
        from + line.begin * count + place.begin, count, to, step[1] * c->input[2]);            \
    }                                                                                          \
  }                                                                                            \
  break

#define START(T)                                                                  \
  for (ptrdiff_t r = 0; r < c->inputs; r++) {                                     \
    const T start = s->bias ? ((const T *)s->bias)[first + r] : 0;                \
    for (ptrdiff_t i = 0; i < points; i++) ((T *)planes)[r * points + i] = start; \
  }                                                                               \
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
  const Scattering *s, const char *block, const Box *box, ptrdiff_t rows, ptrdiff_t columns,
  char *planes) {
  const LevinConvolution *c = s->c;
  ptrdiff_t points = volume(c->input);
  switch (s->compute) {
    case LevinComputeFloat32: SCATTER(float, levin_kernels()->add_lines);
    case LevinComputeFloat64: SCATTER(double, ADD_LINES);
    case LevinComputeInt64: SCATTER(uint64_t, ADD_LINES);
  }
}
#undef SCATTER
#undef ADD_LINES

static const ptrdiff_t one[3] = {1, 1, 1};

static void run_scatterings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Scattering *s = context;
  const LevinConvolution *c = s->c;
  const LevinKernels *kernels = levin_kernels();
  static const ptrdiff_t here[1][3] = {{0, 0, 0}};
  Patches own = levin_patches(s->dy, c->output, one, 1, here);
  ptrdiff_t size = size_of_compute(s->compute), rows = c->inputs * s->kernel;
  ptrdiff_t points = points_of(s->cut.count);
  size_t forView = levin_room_of_view(&own, &s->cut, size, c->outputs, 0);
  ptrdiff_t patches = whole_units((c->outputs + 1) * width_of(points) * size, cacheLine);
  size_t bytes = forView + (size_t)(patches + s->atOnce * s->kernel * points * size);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  char *lines = room + forView, *block = lines + patches;
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t image = task / c->groups, group = task % c->groups;
    own.data = (const char *)s->dy.data +
               (image * own.batch + group * c->outputs * own.channel) * size;
    View view = levin_view(&own, &s->cut, size, c->outputs, 0, room);
    char *planes = s->dx + task * c->inputs * volume(c->input) * size;
    const char *weight = s->weight + group * c->outputs * rows * size;
    start_planes(s, group * c->inputs, planes);
    for (ptrdiff_t box = 0; box < s->cut.all; box++) {
      levin_look_at(&view, box);
      ptrdiff_t count = view.columns, width = width_of(count);
      Source source = levin_source(&view, 0, c->outputs);
      kernels->pack_rows[size == 8](
        &source, 0, c->outputs, view.pieces, view.pieceCount, width, 0, lines);
      for (ptrdiff_t first = 0; first < c->inputs; first += s->atOnce) {
        const ptrdiff_t some = at_most(c->inputs - first, s->atOnce) * s->kernel;
        const char *weights = weight + first * s->kernel * size;
        if (s->compute == LevinComputeFloat32)
          kernels->outer_product(
            some, count, c->outputs, (Operand){(const float *)weights, 1, rows},
            (Operand){(const float *)lines, 1, width}, (float *)block, count, (Epilogue){0});
        else if (!levin_product(
                   s->compute, some, count, c->outputs, (LevinMatrix){weights, 1, rows},
                   (LevinMatrix){lines, width, 1}, block))
          *s->lacksMemory = true;
        scatter(s, block, &view.box, some, count, planes + first * volume(c->input) * size);
      }
    }
  }
  levin_give_memory_back(room, bytes);
}

/// Whether the products of dy are fewer than the patches of it, by a good deal, and vectors of images do not make up for
/// that: they need several positions of the kernel for each lattice, the more the larger their copy. With a 1×1 kernel
/// and no stride, nothing has to be added up: the products are dx.
static bool is_worth_scattering(LevinCompute compute, const LevinConvolution *c) {
  enum { manyRows = 48, fewPoints = 16 };
  ptrdiff_t points = volume(c->input) / volume(c->stride);
  if (
    c->inputs >= manyRows && levin_suits_images(compute, c->batch, points) &&
    volume(c->kernel) >= (points <= fewPoints ? 2 : 4) * volume(c->stride))
    return false;
  return volume(c->output) > 0 && volume(c->kernel) * volume(c->stride) > 1 &&
         c->inputs * volume(c->output) * 2 <= c->outputs * volume(c->input);
}

static bool scatter_input_gradient(
  LevinCompute compute, const LevinConvolution *c, LevinImages dy, const void *weight,
  const void *bias, void *dx) {
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  Scattering s = {
    .c = c, .compute = compute, .dy = dy, .kernel = levin_find_taps(c, taps), .weight = weight,
    .bias = bias, .dx = dx, .lacksMemory = &lacksMemory};
  s.taps = (const ptrdiff_t(*)[3])taps;
  s.grid = (Grid){
    .images = 1, .size = {c->output[0], c->output[1], c->output[2]},
    .place = {c->output[1] * c->output[2], c->output[2], 1}};
  static const ptrdiff_t here[1][3] = {{0, 0, 0}};
  Patches patches = levin_patches(dy, c->output, one, 1, here);
  // The copy of dy, some products, and the part of dx that they are added to stay in the second-level cache.
  const ptrdiff_t size = size_of_compute(compute);
  s.cut = levin_cut(&s.grid, &patches, size, c->outputs, pointsAtOnce);
  s.atOnce = at_most(roomForCopy / (points_of(s.cut.count) * s.kernel * size) + 1, c->inputs);
  ptrdiff_t tasks = c->batch * c->groups;
  bool isSmall =
    tasks * volume(c->output) * c->outputs * c->inputs * s.kernel < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, &s, run_scatterings);
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}

static void linear_input_gradient(
  const LevinConvolution *c, const float *dy, const float *weight, const float *bias, float *dx) {
  const ptrdiff_t kernel = volume(c->kernel), terms = c->inputs * kernel;
  levin_product_nn(
    c->batch, terms, c->outputs, dy, c->outputs, weight, terms, dx, terms, false, NULL, 0);
  for (ptrdiff_t n = 0; bias && n < c->batch; n++)
    for (ptrdiff_t i = 0; i < c->inputs; i++, dx += kernel)
      for (ptrdiff_t k = 0; k < kernel; k++) dx[k] += bias[i];
}

bool levin_convolve_input_gradient(
  LevinCompute compute, const LevinConvolution *c, LevinImages dy, const void *weight,
  const void *bias, void *dx) {
  if (levin_is_linear(compute, c, dy, c->outputs, c->output)) {
    linear_input_gradient(c, dy.data, weight, bias, dx);
    return true;
  }
  if (is_worth_scattering(compute, c))
    return scatter_input_gradient(compute, c, dy, weight, bias, dx);
  ptrdiff_t size = size_of_compute(compute), kernel = volume(c->kernel);
  ptrdiff_t rows = c->groups * c->inputs, points = volume(c->input);
  // With one position only, copies of the weight's tiles read it transposed where it is.
  const bool isTurned = kernel > 1;
  size_t turned = isTurned ? (size_t)whole_units(rows * c->outputs * kernel * size, cacheLine) : 0;
  size_t bytes = turned + (size_t)(kernel + 1) * (sizeof(ptrdiff_t[3]) + sizeof(ptrdiff_t));
  char *room = levin_take_memory(bytes);
  if (!room) return false;
  ptrdiff_t(*taps)[3] = (ptrdiff_t(*)[3])(room + turned);
  ptrdiff_t *places = (ptrdiff_t *)(taps + kernel + 1);
  _Atomic bool lacksMemory = false;
  for (ptrdiff_t number = 0; number < volume(c->stride); number++) {
    ptrdiff_t phase[3] = {
      number / (c->stride[1] * c->stride[2]), number / c->stride[2] % c->stride[1],
      number % c->stride[2]};
    Sampling s = {
      .compute = compute, .groups = c->groups, .channels = c->outputs, .rows = c->inputs,
      .bias = bias, .channel = points, .lacksMemory = &lacksMemory};
    ptrdiff_t count = find_taps_of_phase(c, phase, taps, places);
    s.patches = levin_patches(dy, c->output, one, count, (const ptrdiff_t(*)[3])taps);
    s.depth = c->outputs * count;
    s.weight = isTurned ? (LevinMatrix){room, s.depth, 1} : (LevinMatrix){weight, 1, c->inputs};
    s.weightGroup = c->inputs * s.depth;
    s.grid = (Grid){
      .images = c->batch, .image = rows * points,
      .place = {
        c->stride[0] * c->input[1] * c->input[2], c->stride[1] * c->input[2], c->stride[2]}};
    for (int d = 0; d < 3; d++)
      s.grid.size[d] = (c->input[d] - phase[d] + c->stride[d] - 1) / c->stride[d];
    s.out = (char *)dx +
            ((phase[0] * c->input[1] + phase[1]) * c->input[2] + phase[2]) * size;
    Turning turning = {c, size, s.patches.taps, places, weight, room};
    if (isTurned)
      levin_parallel_for(
        rows, rows * s.depth < smallConvolution ? rows : 1, &turning, turn_weights);
    levin_sample(&s);
  }
  levin_give_memory_back(room, bytes);
  return !lacksMemory;
}
