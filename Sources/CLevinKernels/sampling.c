/// The product of weights and patches, a block of rows and columns at a time.
#include "sampling.h"

enum {
  rowsAtOnce = 252,  ///< of a result, over one copy of patches
  rowUnit = 6,
};

ptrdiff_t levin_find_runs(
  const Grid *grid, const Patches *patches, ptrdiff_t first, ptrdiff_t count, Run *runs) {
  ptrdiff_t points = volume(grid->size), found = 0;
  for (ptrdiff_t column = 0, length; column < count; column += length) {
    ptrdiff_t image = (first + column) / points, point = (first + column) % points;
    ptrdiff_t t[3] = {
      point / (grid->size[1] * grid->size[2]), point / grid->size[2] % grid->size[1],
      point % grid->size[2]};
    length = at_most(grid->size[2] - t[2], count - column);
    Run run = {
      .column = column, .count = length, .from = image * patches->batch,
      .to = image * grid->image};
    for (int d = 0; d < 3; d++) {
      run.at[d] = t[d] * patches->step[d];
      run.from += run.at[d] * patches->place[d];
      run.to += t[d] * grid->place[d];
    }
    runs[found++] = run;
  }
  return found;
}

ptrdiff_t levin_columns_at_once(LevinCompute compute, ptrdiff_t depth, ptrdiff_t all) {
  ptrdiff_t unit = levin_kernels()->panelWidth;
  ptrdiff_t fitting = roomForPatches / (size_of_compute(compute) * (depth > 0 ? depth : 1)) / unit;
  fitting = fitting < 1 ? 1 : at_most(fitting, mostColumns / unit);
  return at_most(fitting * unit, whole_units(all, unit));
}

/// Sums of one block, [rows, count], with the bias, to where their columns go.
#define EMIT(T)                                                                    \
  for (ptrdiff_t r = 0; r < rows; r++) {                                           \
    const T shift = s->bias ? ((const T *)s->bias)[row + r] : 0;                   \
    const T *sums = (const T *)block + r * count;                                  \
    T *out = (T *)s->out + (row + r) * s->channel;                                 \
    for (const Run *run = runs; run < runs + runCount; run++) {                    \
      const T *from = sums + run->column;                                          \
      T *to = out + run->to;                                                       \
      if (step == 1)                                                               \
        for (ptrdiff_t i = 0; i < run->count; i++) to[i] = from[i] + shift;        \
      else                                                                         \
        for (ptrdiff_t i = 0; i < run->count; i++) to[i * step] = from[i] + shift; \
    }                                                                              \
  }                                                                                \
  break

static void emit(
  const Sampling *s, ptrdiff_t row, ptrdiff_t rows, const void *block, ptrdiff_t count,
  const Run *runs, ptrdiff_t runCount) {
  ptrdiff_t step = s->grid.place[2];
  switch (s->compute) {
    case LevinComputeFloat32: EMIT(float);
    case LevinComputeFloat64: EMIT(double);
    case LevinComputeInt64: EMIT(uint64_t);
  }
}
#undef EMIT

/// Terms of the sums that are copied at a time: all of them but for float32, whose tiles can go on adding.
static ptrdiff_t depth_at_once(LevinCompute compute, ptrdiff_t depth) {
  return compute == LevinComputeFloat32 ? at_most(depth, depthBlock) : depth;
}

/// block [rows, count] = weight's rows from `row` on · the patches of `runs`, copied to `room`.
static void multiply(
  const Sampling *s, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t count, const Run *runs,
  ptrdiff_t runCount, void *room, void *block) {
  const LevinKernels *kernels = levin_kernels();
  ptrdiff_t width = width_of(count);
  if (s->compute == LevinComputeFloat32) {
    const float *weight = (const float *)s->weight + row * s->depth;
    // With nothing to add up, one empty block makes zeros.
    for (ptrdiff_t p = 0; p == 0 || p < s->depth; p += depthBlock) {
      ptrdiff_t depth = at_most(s->depth - p, depthBlock);
      kernels->copy_patches_4(&s->patches, p, depth, runs, runCount, width, room);
      kernels->outer_product(
        rows, count, depth, (Operand){weight + p, s->depth, 1}, (Operand){room, 1, width}, block,
        count, (Epilogue){.accumulate = p > 0});
    }
    return;
  }
  kernels->copy_patches_8(&s->patches, 0, s->depth, runs, runCount, width, room);
  if (!levin_product(
        s->compute, rows, count, s->depth,
        (LevinMatrix){s->weight + row * s->depth * 8, s->depth, 1}, (LevinMatrix){room, width, 1},
        block))
    *s->lacksMemory = true;
}

static void run_samplings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sampling *s = context;
  ptrdiff_t size = size_of_compute(s->compute), depth = depth_at_once(s->compute, s->depth);
  ptrdiff_t patches = whole_units((depth + 1) * width_of(s->columns) * size, cacheLine);
  ptrdiff_t block = whole_units(s->blockRows * s->columns * size, cacheLine);
  size_t bytes = (size_t)(patches + block) + (size_t)s->mostRuns * sizeof(Run);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  Run *runs = (Run *)(room + patches + block);
  ptrdiff_t columns = s->grid.images * volume(s->grid.size);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t first = task / (s->rowBlocks * s->groups) * s->columns;
    ptrdiff_t group = task / s->rowBlocks % s->groups, row = task % s->rowBlocks * s->blockRows;
    ptrdiff_t count = at_most(columns - first, s->columns);
    ptrdiff_t rows = at_most(s->rows - row, s->blockRows);
    Sampling own = *s;
    own.patches.data =
      (const char *)s->patches.data + group * s->channels * s->patches.channel * size;
    ptrdiff_t runCount = levin_find_runs(&s->grid, &s->patches, first, count, runs);
    row += group * s->rows;
    multiply(&own, row, rows, count, runs, runCount, room, room + patches);
    emit(&own, row, rows, room + patches, count, runs, runCount);
  }
  levin_give_memory_back(room, bytes);
}

void levin_sample(Sampling *s) {
  ptrdiff_t columns = s->grid.images * volume(s->grid.size);
  if (columns == 0 || s->rows == 0 || s->groups == 0) return;
  s->columns = levin_columns_at_once(s->compute, depth_at_once(s->compute, s->depth), columns);
  s->columnBlocks = (columns + s->columns - 1) / s->columns;
  // Where there are few blocks of columns, rows are shared out, too.
  ptrdiff_t threads = levin_thread_count(), blocks = s->columnBlocks * s->groups;
  ptrdiff_t parts =
    threads > 1 && blocks < 2 * threads ? (2 * threads + blocks - 1) / blocks : 1;
  s->blockRows = whole_units((s->rows + parts - 1) / parts, rowUnit);
  s->blockRows = at_most(at_most(s->blockRows, rowsAtOnce), s->rows);
  s->rowBlocks = (s->rows + s->blockRows - 1) / s->blockRows;
  s->mostRuns = most_runs(&s->grid, s->columns);
  ptrdiff_t tasks = blocks * s->rowBlocks;
  bool isSmall = columns * s->rows * s->groups * s->depth < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, s, run_samplings);
}
