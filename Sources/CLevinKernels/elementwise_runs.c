/// The walk over the elements of a plan in order, run by run.
#include <string.h>

#include "elementwise_map.h"

/// Elements up to the end of the innermost run.
static inline ptrdiff_t left_in_run(const Cursor *c) {
  int inner = c->plan->rank - 1;
  return c->plan->sizes[inner] - c->index[inner];
}

/// Advances by `count` elements, at most to the end of the run.
static void advance(Cursor *c, ptrdiff_t count) {
  const LevinPlan *p = c->plan;
  int d = p->rank - 1;
  c->index[d] += count;
  for (int o = 0; o < p->operandCount; o++) c->at[o] += count * p->operands[o].strides[d];
  while (d > 0 && c->index[d] == p->sizes[d]) {
    c->index[d] = 0;
    c->index[--d]++;
    for (int o = 0; o < p->operandCount; o++)
      c->at[o] += p->operands[o].strides[d] - p->sizes[d + 1] * p->operands[o].strides[d + 1];
  }
}

#define COPY_STRIDED(T)                                            \
  {                                                                \
    T *out = to;                                                   \
    for (ptrdiff_t i = 0; i < count; i++, from += stride) \
      memcpy(out + i, from, sizeof(T));                            \
  }
#define SPREAD_STRIDED(T)                                        \
  {                                                              \
    const T *in = from;                                          \
    for (ptrdiff_t i = 0; i < count; i++, to += stride) \
      memcpy(to, in + i, sizeof(T));                             \
  }

/// Copies elements of `size` bytes that are `stride` bytes apart to contiguous memory.
static void copy_strided(ptrdiff_t count, const char *from, ptrdiff_t stride, size_t size, void *to) {
  if (stride == (ptrdiff_t)size) {
    memcpy(to, from, (size_t)count * size);
    return;
  }
  switch (size) {
    case 1: COPY_STRIDED(uint8_t) break;
    case 2: COPY_STRIDED(uint16_t) break;
    case 4: COPY_STRIDED(uint32_t) break;
    case 8: COPY_STRIDED(uint64_t) break;
  }
}

/// The reverse.
static void spread_strided(ptrdiff_t count, const void *from, size_t size, char *to, ptrdiff_t stride) {
  if (stride == (ptrdiff_t)size) {
    memcpy(to, from, (size_t)count * size);
    return;
  }
  switch (size) {
    case 1: SPREAD_STRIDED(uint8_t) break;
    case 2: SPREAD_STRIDED(uint16_t) break;
    case 4: SPREAD_STRIDED(uint32_t) break;
    case 8: SPREAD_STRIDED(uint64_t) break;
  }
}

void levin_load_run(
  const LevinKernels *kernels, ptrdiff_t count, const char *from, ptrdiff_t stride, LevinType type,
  void *to, LevinType compute, void *room) {
  size_t size = levin_size_of(type);
  if (type == compute) {
    copy_strided(count, from, stride, size, to);
    return;
  }
  if (stride != (ptrdiff_t)size) {
    copy_strided(count, from, stride, size, room);
    from = room;
  }
  kernels->convert(count, from, type, to, compute);
}

#define REPEAT(T)                                     \
  {                                                   \
    T *out = first;                                   \
    const T value = *out;                             \
    for (ptrdiff_t i = 0; i < count; i++) out[i] = value; \
  }                                                   \
  break

void levin_repeat(ptrdiff_t count, void *first, size_t size) {
  switch (size) {
    case 1: REPEAT(uint8_t);
    case 2: REPEAT(uint16_t);
    case 4: REPEAT(uint32_t);
    case 8: REPEAT(uint64_t);
  }
}

static void run_direct(const Map *m, ptrdiff_t begin, ptrdiff_t end) {
  Cursor c = cursor_at(m->plan, begin);
  while (begin < end) {
    ptrdiff_t count = at_most(left_in_run(&c), end - begin);
    m->body(m, count, c.at);
    advance(&c, count);
    begin += count;
  }
}

/// Gathers a block of each operand, across as many runs as it takes, and stores the result the same way.
static void run_blocks(const Map *m, ptrdiff_t begin, ptrdiff_t end) {
  const LevinPlan *p = m->plan;
  int inner = p->rank - 1;
  _Alignas(64) char scratch[mostOperands][block * 8];
  _Alignas(64) char room[block * 8];
  Cursor reading = cursor_at(p, begin), writing = reading;
  char *at[mostOperands];
  size_t sizes[mostOperands];
  bool isFilled[mostOperands] = {false}, isConstant[mostOperands];
  for (int o = 0; o < p->operandCount; o++) {
    sizes[o] = levin_size_of(m->types[o]);
    isConstant[o] = true;
    for (int d = 0; d < p->rank; d++) isConstant[o] &= p->operands[o].strides[d] == 0;
  }
  while (begin < end) {
    ptrdiff_t count = at_most(block, end - begin);
    bool isOneRun = left_in_run(&reading) >= count;
    for (int o = 0; o < p->operandCount; o++) {
      bool isWhole = isOneRun && p->operands[o].type == m->types[o] &&
                     p->operands[o].strides[inner] == (ptrdiff_t)sizes[o];
      at[o] = isWhole ? reading.at[o] : scratch[o];
    }
    for (ptrdiff_t done = 0; done < count;) {
      ptrdiff_t run = at_most(left_in_run(&reading), count - done);
      for (int o = 1; o < p->operandCount; o++) {
        if (at[o] != scratch[o] || isFilled[o]) continue;
        levin_load_run(
          m->kernels, run, reading.at[o], p->operands[o].strides[inner], p->operands[o].type,
          scratch[o] + done * sizes[o], m->types[o], room);
      }
      advance(&reading, run);
      done += run;
    }
    // A repeated number is in its block from the first full block on.
    for (int o = 1; o < p->operandCount; o++) isFilled[o] |= count == block && isConstant[o];
    m->body(m, count, at);
    for (ptrdiff_t done = 0; done < count;) {
      ptrdiff_t run = at_most(left_in_run(&writing), count - done);
      if (at[0] == scratch[0]) {
        const void *result = scratch[0] + done * sizes[0];
        size_t size = levin_size_of(p->operands[0].type);
        if (p->operands[0].type != m->types[0]) {
          m->kernels->convert(run, result, m->types[0], room, p->operands[0].type);
          result = room;
        }
        spread_strided(run, result, size, writing.at[0], p->operands[0].strides[inner]);
      }
      advance(&writing, run);
      done += run;
    }
    begin += count;
  }
}

void levin_blocks_part(void *map, ptrdiff_t begin, ptrdiff_t end) {
  run_blocks(map, begin, end);
}

void levin_direct_part(void *map, ptrdiff_t begin, ptrdiff_t end) {
  run_direct(map, begin, end);
}
