/// The gradients of convolutions' weights: products of dy and patches of x.
#include <string.h>

#include "sampling.h"

enum {
  columnsOfGradient = 256,   ///< points whose products are added up before they join a weight's gradient
  rowsOfGradient = 128,      ///< of dy, over one copy of patches
  patchRowsOfGradient = 64,  ///< rows of patches that share a copy of dy
  dotColumnUnit = 4,
};

/// dw[group · rows + r, p] = Σ dy[group · rows + r, (image, point)] · patches[p, (image, point)].
typedef struct {
  LevinCompute compute;
  Patches patches;
  Grid grid;  ///< its result is dy
  ptrdiff_t groups, channels, rows, depth;
  const char *dy;
  char *dw;
  ptrdiff_t columns, blockRows, rowBlocks, blockDepth, depthBlocks, mostRuns;
  _Atomic bool *lacksMemory;
} Correlation;

/// Columns first..<first + count of dy, a row after the other, where a product finds them.
static void gather_gradients(
  const Correlation *c, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t count,
  ptrdiff_t width, char *room) {
  ptrdiff_t size = size_of_compute(c->compute), points = volume(c->grid.size);
  for (ptrdiff_t column = 0, length; column < count; column += length) {
    ptrdiff_t image = (first + column) / points, point = (first + column) % points;
    length = at_most(points - point, count - column);
    for (ptrdiff_t r = 0; r < rows; r++)
      memcpy(
        room + (r * width + column) * size,
        c->dy + (image * c->grid.image + (row + r) * points + point) * size,
        (size_t)(length * size));
  }
}

#define ADD(T)                            \
  for (ptrdiff_t r = 0; r < rows; r++)    \
    for (ptrdiff_t p = 0; p < depth; p++) \
      ((T *)dw)[r * c->depth + p] += ((const T *)block)[r * depth + p];

/// Adds the products of one block of columns, of which dy lies in `room`, to dw, which is 0 before the first one.
static void correlate(
  const Correlation *c, const Patches *patches, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t depth,
  ptrdiff_t count, bool isFirst, const Run *runs, ptrdiff_t runCount, char *room, char *lines,
  char *block, char *dw) {
  const LevinKernels *kernels = levin_kernels();
  ptrdiff_t width = width_of(c->columns);
  if (c->compute == LevinComputeFloat32) {
    kernels->copy_patches_4(patches, first, depth, runs, runCount, width, lines);
    kernels->dot_product(
      rows, depth, count, (const float *)room, width, (const float *)lines, width, (float *)dw,
      c->depth, (Epilogue){.accumulate = !isFirst});
    return;
  }
  kernels->copy_patches_8(patches, first, depth, runs, runCount, width, lines);
  if (!levin_product(
        c->compute, rows, depth, count, (LevinMatrix){room, width, 1},
        (LevinMatrix){lines, 1, width}, block))
    *c->lacksMemory = true;
  if (isFirst)
    for (ptrdiff_t r = 0; r < rows; r++) memset(dw + r * c->depth * 8, 0, (size_t)depth * 8);
  if (c->compute == LevinComputeInt64) {
    ADD(uint64_t)
  } else {
    ADD(double)
  }
}
#undef ADD

static void run_correlations(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Correlation *c = context;
  ptrdiff_t size = size_of_compute(c->compute);
  ptrdiff_t gradients = whole_units(c->blockRows * width_of(c->columns) * size, cacheLine);
  ptrdiff_t patches =
    whole_units((c->blockDepth + 1) * width_of(c->columns) * size, cacheLine);
  ptrdiff_t block = size == 4 ? 0 : whole_units(c->blockRows * c->blockDepth * size, cacheLine);
  size_t bytes = (size_t)(gradients + patches + block) + (size_t)c->mostRuns * sizeof(Run);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *c->lacksMemory = true;
    return;
  }
  Run *runs = (Run *)(room + gradients + patches + block);
  ptrdiff_t columns = c->grid.images * volume(c->grid.size);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t group = task / (c->rowBlocks * c->depthBlocks);
    ptrdiff_t row = task / c->depthBlocks % c->rowBlocks * c->blockRows;
    ptrdiff_t first = task % c->depthBlocks * c->blockDepth;
    ptrdiff_t rows = at_most(c->rows - row, c->blockRows);
    ptrdiff_t depth = at_most(c->depth - first, c->blockDepth);
    Patches own = c->patches;
    own.data = (const char *)own.data + group * c->channels * own.channel * size;
    row += group * c->rows;
    char *dw = c->dw + (row * c->depth + first) * size;
    for (ptrdiff_t column = 0; column == 0 || column < columns; column += c->columns) {
      ptrdiff_t count = at_most(columns - column, c->columns);
      ptrdiff_t runCount = levin_find_runs(&c->grid, &own, column, count, runs);
      gather_gradients(c, row, rows, column, count, width_of(c->columns), room);
      correlate(
        c, &own, rows, first, depth, count, column == 0, runs, runCount, room, room + gradients,
        room + gradients + patches, dw);
    }
  }
  levin_give_memory_back(room, bytes);
}

bool levin_convolve_weight_gradient(
  LevinCompute compute, const LevinConvolution *convolution, const void *dy, LevinImages x,
  void *dw) {
  LevinConvolution own = levin_lines_if_possible(convolution, &x), *c = &own;
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  ptrdiff_t points = volume(c->output);
  Correlation s = {
    .compute = compute, .patches = levin_patches_of(x, c->input, c->stride), .groups = c->groups,
    .channels = c->inputs, .rows = c->outputs, .dy = dy, .dw = dw, .columns = columnsOfGradient,
    .lacksMemory = &lacksMemory};
  s.patches.taps = levin_find_taps(c, taps);
  s.patches.tap = (const ptrdiff_t(*)[3])taps;
  s.depth = c->inputs * s.patches.taps;
  s.grid = levin_output_grid(c);
  if (s.rows > 0 && s.groups > 0 && s.depth > 0) {
    s.blockRows = at_most(s.rows, rowsOfGradient);
    s.rowBlocks = (s.rows + s.blockRows - 1) / s.blockRows;
    ptrdiff_t threads = levin_thread_count(), blocks = s.groups * s.rowBlocks;
    ptrdiff_t parts = threads == 1 ? 1 : 2 * threads;
    ptrdiff_t share = (s.depth * blocks + parts - 1) / parts;
    s.blockDepth = at_most(whole_units(share, dotColumnUnit), patchRowsOfGradient);
    s.blockDepth = at_most(s.blockDepth, s.depth);
    s.depthBlocks = (s.depth + s.blockDepth - 1) / s.blockDepth;
    s.mostRuns = points > 0 ? most_runs(&s.grid, s.columns) : 0;
    ptrdiff_t tasks = blocks * s.depthBlocks;
    bool isSmall = s.rows * s.groups * s.depth * points * c->batch < smallConvolution;
    levin_parallel_for(tasks, isSmall ? tasks : 1, &s, run_correlations);
  }
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}
