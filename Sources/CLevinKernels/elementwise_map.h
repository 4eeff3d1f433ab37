#ifndef LEVIN_ELEMENTWISE_MAP_H
#define LEVIN_ELEMENTWISE_MAP_H

/// What the files of elementwise functions share: a function of the elements of a plan, and positions in it.
#include "kernels.h"

/// The number of elements that are computed together if an operand has to be copied first: all of it stays in the
/// first-level cache. Below `smallArray` elements one thread is faster; `unit` is the smallest piece of work.
enum { block = 512, smallArray = 1 << 14, unit = 1 << 12, mostOperands = 4 };

/// A position in the index space of a plan, and the address of each operand's element there.
typedef struct {
  const LevinPlan *plan;
  ptrdiff_t index[levinMostDimensions];
  char *at[mostOperands];
} Cursor;

static inline Cursor cursor_at(const LevinPlan *plan, ptrdiff_t element) {
  Cursor c = {.plan = plan};
  for (int o = 0; o < plan->operandCount; o++) c.at[o] = plan->operands[o].data;
  for (int d = plan->rank - 1; d >= 0; d--) {
    c.index[d] = element % plan->sizes[d];
    element /= plan->sizes[d];
    for (int o = 0; o < plan->operandCount; o++)
      c.at[o] += c.index[d] * plan->operands[o].strides[d];
  }
  return c;
}

/// A function of the elements of a plan.
typedef struct Map {
  const LevinPlan *plan;
  const LevinKernels *kernels;
  int op, compute;
  LevinType types[mostOperands];  ///< that each operand is converted to
  void (*body)(const struct Map *map, ptrdiff_t count, char *const at[]);
  /// Whether results have the type of their operand, and are equal to it.
  bool isCopy;
} Map;

/// Parts of a map whose operands are all contiguous along the last dimension and of the type that they are converted to.
void levin_direct_part(void *map, ptrdiff_t begin, ptrdiff_t end);

/// Parts of any other map.
void levin_blocks_part(void *map, ptrdiff_t begin, ptrdiff_t end);

/// Whether rows are long enough to be computed one by one. Half of `longRow` will do if they are transposed in tiles.
bool levin_has_long_rows(const Map *m);

/// Computes a map of `count` elements by rows; results are adjacent along the last dimension.
void levin_run_rows(const Map *m, ptrdiff_t count);

/// `count` elements of an operand as contiguous elements of type `to`; `room` has space for `count` of any type.
void levin_load_run(
  const LevinKernels *kernels, ptrdiff_t count, const char *from, ptrdiff_t stride, LevinType type,
  void *to, LevinType compute, void *room);

/// Repeats the first element until there are `count`.
void levin_repeat(ptrdiff_t count, void *first, size_t size);

#endif
