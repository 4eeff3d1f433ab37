/// Copies of convolutions' weights in the order in which the tiles of products read them: one for many boxes of points, or
/// one for each.
#include "sampling.h"

enum { rowsOfTask = 4 * rowUnit };

static ptrdiff_t rows_in_tiles(const Sampling *s) {
  return whole_units(s->rows, levin_kernels()->tileRows);
}

static ptrdiff_t tasks_of_group(const Sampling *s) {
  return (s->rows + rowsOfTask - 1) / rowsOfTask;
}

static Operand terms_of(const Sampling *s, ptrdiff_t group, ptrdiff_t row, ptrdiff_t term) {
  const LevinMatrix w = levin_weight(s, group, row, term);
  return (Operand){w.data, w.row, w.column};
}

/// Where a block of terms of a group's rows lies in the copy: block after block, each with all rows of the group.
static float *block_at(
  const Sampling *s, ptrdiff_t group, ptrdiff_t row, ptrdiff_t term, ptrdiff_t depth) {
  return s->tiles + (group * s->depth + term) * rows_in_tiles(s) + row * depth;
}

static size_t bytes_of(const Sampling *s) {
  return (size_t)(s->groups * s->depth * rows_in_tiles(s)) * sizeof(float);
}

static void copy_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sampling *s = context;
  const ptrdiff_t tasks = tasks_of_group(s);
  for (ptrdiff_t task = begin; task < end; task++) {
    const ptrdiff_t group = task / tasks, row = task % tasks * rowsOfTask;
    for (ptrdiff_t term = 0; term < s->depth; term += depthBlock) {
      const ptrdiff_t depth = at_most(s->depth - term, depthBlock);
      levin_kernels()->copy_tiles(
        at_most(s->rows - row, rowsOfTask), depth, terms_of(s, group, row, term),
        block_at(s, group, row, term, depth));
    }
  }
}

void levin_copy_weight(Sampling *s) {
  s->tiles = levin_take_memory(bytes_of(s));
  if (!s->tiles) return;
  const ptrdiff_t tasks = s->groups * tasks_of_group(s);
  const bool isSmall = s->groups * s->rows * s->depth < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, s, copy_rows);
}

void levin_give_weight_back(Sampling *s) {
  if (s->tiles) levin_give_memory_back(s->tiles, bytes_of(s));
}

ptrdiff_t levin_room_of_tiles(const Sampling *s) {
  if (s->tiles || s->readsWeight) return 0;
  return whole_units(s->blockRows, levin_kernels()->tileRows) * at_most(s->depth, depthBlock);
}

Tiles levin_tiles(
  const Sampling *s, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t term,
  ptrdiff_t depth, float *room) {
  const LevinKernels *kernels = levin_kernels();
  const Operand terms = terms_of(s, group, row, term);
  if (s->tiles)
    return (Tiles){
      {block_at(s, group, row, term, depth), 1, kernels->tileRows}, depth * kernels->tileRows};
  if (s->readsWeight) return (Tiles){terms, kernels->tileRows * terms.row};
  return kernels->copy_tiles(rows, depth, terms, room);
}
