/// Elementwise functions over strided operands of any type: blocks of each operand are brought into the
/// compute type where they are not of it already, computed, and stored.
#include <string.h>

#include "kernels.h"

/// Elements that are computed together where an operand has to be copied first: all of it stays in the
/// first cache. Below `smallArray` elements one thread is faster; `unit` is what is dealt out.
enum { block = 512, smallArray = 1 << 14, unit = 1 << 12, mostOperands = 4 };

size_t levin_size_of(LevinType type) {
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

// MARK: Positions

/// A place in the index space of a plan, and where each operand's element lies there.
typedef struct {
  const LevinPlan *plan;
  ptrdiff_t index[levinMostDimensions];
  char *at[mostOperands];
} Cursor;

static Cursor cursor_at(const LevinPlan *plan, ptrdiff_t element) {
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

/// Elements up to the end of the innermost run.
static inline ptrdiff_t left_in_run(const Cursor *c) {
  int inner = c->plan->rank - 1;
  return c->plan->sizes[inner] - c->index[inner];
}

/// Goes on by `count` elements, at most to the end of the run.
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

// MARK: Blocks

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

/// Copies elements of `size` bytes that lie `stride` bytes apart side by side.
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

/// The way back.
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

/// `count` elements of an operand as contiguous ones of type `to`; `room` holds `count` of any type.
static void load_run(
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

typedef struct Map {
  const LevinPlan *plan;
  const LevinKernels *kernels;
  int op, compute;
  LevinType types[mostOperands];  ///< in which each operand is computed
  bool isDirect;  ///< each operand is contiguous along the innermost dimension and of its type
  void (*body)(const struct Map *map, ptrdiff_t count, char *const at[]);
} Map;

static void run_direct(const Map *m, ptrdiff_t begin, ptrdiff_t end) {
  Cursor c = cursor_at(m->plan, begin);
  while (begin < end) {
    ptrdiff_t count = at_most(left_in_run(&c), end - begin);
    m->body(m, count, c.at);
    advance(&c, count);
    begin += count;
  }
}

/// Brings a block of each operand together, across as many runs as it takes, and stores the result the
/// same way.
static void run_blocks(const Map *m, ptrdiff_t begin, ptrdiff_t end) {
  const LevinPlan *p = m->plan;
  int inner = p->rank - 1;
  _Alignas(64) char scratch[mostOperands][block * 8];
  _Alignas(64) char room[block * 8];
  Cursor reading = cursor_at(p, begin), writing = reading;
  char *at[mostOperands];
  size_t sizes[mostOperands];
  bool isFilled[mostOperands] = {false};
  for (int o = 0; o < p->operandCount; o++) sizes[o] = levin_size_of(m->types[o]);
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
        load_run(
          m->kernels, run, reading.at[o], p->operands[o].strides[inner], p->operands[o].type,
          scratch[o] + done * sizes[o], m->types[o], room);
      }
      advance(&reading, run);
      done += run;
    }
    // A number stands in its block from the first full one on.
    for (int o = 1; o < p->operandCount; o++) isFilled[o] |= count == block && p->operands[o].isConstant;
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

static void map_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Map *m = context;
  (m->isDirect ? run_direct : run_blocks)(m, begin, end);
}

static ptrdiff_t element_count(const LevinPlan *plan) {
  ptrdiff_t count = 1;
  for (int d = 0; d < plan->rank; d++) count *= plan->sizes[d];
  return count;
}

static void run(Map *m) {
  const LevinPlan *p = m->plan;
  m->kernels = levin_kernels();
  m->isDirect = true;
  for (int o = 0; o < p->operandCount; o++)
    m->isDirect &= p->operands[o].type == m->types[o] &&
                   p->operands[o].strides[p->rank - 1] == (ptrdiff_t)levin_size_of(m->types[o]);
  ptrdiff_t count = element_count(p);
  levin_parallel_for(count, count < smallArray ? count : unit, m, map_part);
}

// MARK: Families

static const LevinType computed[] = {LevinTypeFloat32, LevinTypeFloat64, LevinTypeInt64};

static void unary_body(const Map *m, ptrdiff_t count, char *const at[]) {
  m->kernels->unary[m->compute](m->op, count, at[1], at[0]);
}
void levin_map_unary(LevinUnary op, LevinCompute compute, const LevinPlan *plan) {
  LevinType type = computed[compute];
  run(&(Map){.plan = plan, .op = op, .compute = compute, .types = {type, type}, .body = unary_body});
}

static void binary_body(const Map *m, ptrdiff_t count, char *const at[]) {
  m->kernels->binary[m->compute](m->op, count, at[1], at[2], at[0]);
}
void levin_map_binary(LevinBinary op, LevinCompute compute, const LevinPlan *plan) {
  LevinType type = computed[compute];
  run(&(Map){
    .plan = plan, .op = op, .compute = compute, .types = {type, type, type}, .body = binary_body});
}

static void compare_body(const Map *m, ptrdiff_t count, char *const at[]) {
  m->kernels->compare[m->compute](m->op, count, at[1], at[2], (uint8_t *)at[0]);
}
void levin_map_comparison(LevinComparison op, LevinCompute compute, const LevinPlan *plan) {
  LevinType type = computed[compute];
  run(&(Map){
    .plan = plan, .op = op, .compute = compute, .types = {LevinTypeBool, type, type},
    .body = compare_body});
}

static void choose_body(const Map *m, ptrdiff_t count, char *const at[]) {
  m->kernels->choose[m->compute](count, (const uint8_t *)at[1], at[2], at[3], at[0]);
}
void levin_map_where(LevinCompute compute, const LevinPlan *plan) {
  LevinType type = computed[compute];
  run(&(Map){
    .plan = plan, .compute = compute, .types = {type, LevinTypeBool, type, type},
    .body = choose_body});
}

static void copy_body(const Map *m, ptrdiff_t count, char *const at[]) {
  LevinType type = m->types[0];
  if (at[0] != at[1]) memcpy(at[0], at[1], (size_t)count * levin_size_of(type));
}
void levin_map_copy(const LevinPlan *plan) {
  LevinType type = plan->operands[0].type;
  run(&(Map){.plan = plan, .types = {type, type}, .body = copy_body});
}

// MARK: Contiguous operands of the compute type, without a plan

typedef struct {
  const LevinKernels *kernels;
  int op;
  LevinCompute compute;
  size_t size;
  const char *a, *b;
  char *out;
} Array;

static void unary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  ptrdiff_t skip = begin * (ptrdiff_t)l->size;
  l->kernels->unary[l->compute](l->op, end - begin, l->a + skip, l->out + skip);
}
void levin_unary(LevinUnary op, LevinCompute compute, ptrdiff_t count, const void *x, void *out) {
  Array array = {levin_kernels(), op, compute, levin_size_of(computed[compute]), x, NULL, out};
  levin_parallel_for(count, count < smallArray ? count : unit, &array, unary_part);
}

static void binary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  ptrdiff_t skip = begin * (ptrdiff_t)l->size;
  l->kernels->binary[l->compute](l->op, end - begin, l->a + skip, l->b + skip, l->out + skip);
}
void levin_binary(
  LevinBinary op, LevinCompute compute, ptrdiff_t count, const void *a, const void *b, void *out) {
  Array array = {levin_kernels(), op, compute, levin_size_of(computed[compute]), a, b, out};
  levin_parallel_for(count, count < smallArray ? count : unit, &array, binary_part);
}

void levin_convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to) {
  levin_kernels()->convert(count, source, from, destination, to);
}
