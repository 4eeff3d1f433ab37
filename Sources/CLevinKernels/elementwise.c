/// Elementwise functions over strided operands of any type: blocks of each operand are converted to the compute type
/// if necessary, computed, and stored.
#include <string.h>

#include "kernels.h"

/// The number of elements that are computed together if an operand has to be copied first: all of it stays in the
/// first-level cache. Below `smallArray` elements one thread is faster; `unit` is the smallest piece of work.
enum { block = 512, smallArray = 1 << 14, unit = 1 << 12, mostOperands = 4 };

/// Rows of at least `longRow` elements are computed one by one, or, if an operand is contiguous along another
/// dimension, in tiles of `tileColumns` columns and as many rows as fit in `tileBytes`.
enum { longRow = 16, tileColumns = 64, tileBytes = 1 << 14 };

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

/// A position in the index space of a plan, and the address of each operand's element there.
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

/// `count` elements of an operand as contiguous elements of type `to`; `room` has space for `count` of any type.
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

#define REPEAT(T)                                     \
  {                                                   \
    T *out = first;                                   \
    const T value = *out;                             \
    for (ptrdiff_t i = 0; i < count; i++) out[i] = value; \
  }                                                   \
  break

/// Repeats the first element until there are `count`.
static void repeat(ptrdiff_t count, void *first, size_t size) {
  switch (size) {
    case 1: REPEAT(uint8_t);
    case 2: REPEAT(uint16_t);
    case 4: REPEAT(uint32_t);
    case 8: REPEAT(uint64_t);
  }
}

typedef struct Map {
  const LevinPlan *plan;
  const LevinKernels *kernels;
  int op, compute;
  LevinType types[mostOperands];  ///< that each operand is converted to
  void (*body)(const struct Map *map, ptrdiff_t count, char *const at[]);
  /// Whether results have the type of their operand, and are equal to it.
  bool isCopy;
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
        load_run(
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

static void blocks_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  run_blocks(context, begin, end);
}
static void direct_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  run_direct(context, begin, end);
}

// MARK: Tiles

/// How the elements of an operand are brought together along a row.
typedef enum {
  isSideBySide,   ///< already adjacent
  isRepeated,     ///< one for the whole row
  liesAcross,     ///< adjacent along the dimension before: a tile is transposed
  isBroughtOver,  ///< strided or converted: copied row by row
} Way;

/// A plan as rows of its last dimension; consecutive rows along the dimension before make up tiles.
typedef struct {
  const Map *map;
  LevinPlan plan;
  Way ways[mostOperands];
  bool hasAcross;
  ptrdiff_t rows, width;  ///< rows, and columns of them in a piece of work
  ptrdiff_t mostRows, mostColumns;  ///< of a tile
} Rows;

static size_t size_in_tile(const Rows *r, int o) { return levin_size_of(r->map->types[o]); }

/// Computes a tile whose operands begin at `origin`; `repeated` is the value in the scratch memory of repeated
/// operands.
static void run_tile(
  const Rows *r, char *const origin[], ptrdiff_t rows, ptrdiff_t columns,
  char scratch[mostOperands][tileBytes], const char *repeated[]) {
  const Map *m = r->map;
  const LevinPlan *p = &r->plan;
  int inner = p->rank - 1;
  _Alignas(64) char room[tileBytes];
  for (int o = 1; o < p->operandCount; o++)
    if (r->ways[o] == liesAcross) {
      size_t size = levin_size_of(p->operands[o].type);
      bool converts = p->operands[o].type != m->types[o];
      char *to = m->isCopy ? origin[0] : converts ? room : scratch[o];
      m->kernels->transpose_any(
        size, columns, rows, origin[o], p->operands[o].strides[inner] / (ptrdiff_t)size, to,
        m->isCopy ? p->operands[0].strides[inner - 1] / (ptrdiff_t)size : columns);
      if (m->isCopy) return;
      if (converts)
        m->kernels->convert(rows * columns, room, p->operands[o].type, scratch[o], m->types[o]);
    }
  for (ptrdiff_t i = 0; i < rows; i++) {
    char *at[mostOperands];
    for (int o = 0; o < p->operandCount; o++) {
      const LevinOperand *operand = &p->operands[o];
      char *own = origin[o] + (inner > 0 ? i * operand->strides[inner - 1] : 0);
      switch (r->ways[o]) {
        case isSideBySide: at[o] = own; break;
        case liesAcross: at[o] = scratch[o] + (size_t)(i * columns) * size_in_tile(r, o); break;
        case isRepeated:
          if (repeated[o] != own) {
            m->kernels->convert(1, own, operand->type, scratch[o], m->types[o]);
            repeat(r->mostColumns, scratch[o], size_in_tile(r, o));
          }
          repeated[o] = own;
          at[o] = scratch[o];
          break;
        case isBroughtOver:
          at[o] = scratch[o];
          if (o > 0)
            load_run(
              m->kernels, columns, own, operand->strides[inner], operand->type, scratch[o],
              m->types[o], room);
          break;
      }
    }
    m->body(m, columns, at);
    if (r->ways[0] == isBroughtOver)
      m->kernels->convert(
        columns, scratch[0], m->types[0],
        origin[0] + (inner > 0 ? i * p->operands[0].strides[inner - 1] : 0), p->operands[0].type);
  }
  if (r->ways[0] == liesAcross) {
    size_t size = size_in_tile(r, 0);
    m->kernels->transpose_any(
      size, rows, columns, scratch[0], columns, origin[0],
      p->operands[0].strides[inner] / (ptrdiff_t)size);
  }
}

static void rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *r = context;
  const LevinPlan *p = &r->plan;
  int inner = p->rank - 1;
  ptrdiff_t along = inner > 0 ? p->sizes[inner - 1] : 1;
  _Alignas(64) char scratch[mostOperands][tileBytes];
  const char *repeated[mostOperands] = {NULL};
  while (begin < end) {
    ptrdiff_t row = begin % r->rows, first = begin / r->rows * r->width;
    ptrdiff_t columns = at_most(p->sizes[inner] - first, r->width);
    ptrdiff_t rows = at_most(at_most(along - row % along, end - begin), r->mostRows);
    Cursor c = cursor_at(p, row * p->sizes[inner] + first);
    for (ptrdiff_t done = 0, count; done < columns; done += count) {
      count = at_most(columns - done, r->mostColumns);
      run_tile(r, c.at, rows, count, scratch, repeated);
      for (int o = 0; o < p->operandCount; o++) c.at[o] += count * p->operands[o].strides[inner];
    }
    begin += rows;
  }
}

/// The dimension along which an operand that is strided along the last one is contiguous; -1 if there is none.
static int dimension_across(const Map *m) {
  const LevinPlan *p = m->plan;
  for (int o = 1; o < p->operandCount; o++) {
    ptrdiff_t size = (ptrdiff_t)levin_size_of(p->operands[o].type);
    ptrdiff_t stride = p->operands[o].strides[p->rank - 1];
    if (stride == size || stride == 0) continue;
    for (int d = p->rank - 2; d >= 0; d--)
      if (p->operands[o].strides[d] == size && p->sizes[d] >= longRow / 2) return d;
  }
  return -1;
}

/// Swaps dimension d with the one after it.
static void swap_with_next(LevinPlan *p, int d) {
  ptrdiff_t size = p->sizes[d];
  p->sizes[d] = p->sizes[d + 1];
  p->sizes[d + 1] = size;
  for (int o = 0; o < p->operandCount; o++) {
    ptrdiff_t *strides = p->operands[o].strides, stride = strides[d];
    strides[d] = strides[d + 1];
    strides[d + 1] = stride;
  }
}

/// Whether all operands that are not repeated are contiguous across rows, and there are several: then it is better to
/// transpose the result.
static bool lies_across_alone(const Map *m, const LevinPlan *p) {
  int inner = p->rank - 1, across = 0;
  for (int o = 1; o < p->operandCount; o++) {
    ptrdiff_t size = (ptrdiff_t)levin_size_of(p->operands[o].type);
    if (p->operands[o].strides[inner] == 0) continue;
    if (p->operands[o].strides[inner - 1] != size) return false;
    across++;
  }
  return across > 1 && p->operands[0].type == m->types[0];
}

static void run_rows(const Map *m, ptrdiff_t count) {
  Rows r = {.map = m, .plan = *m->plan};
  int inner = r.plan.rank - 1, across = dimension_across(m);
  if (across >= 0) {
    for (int d = across; d < inner - 1; d++) swap_with_next(&r.plan, d);
    if (lies_across_alone(m, &r.plan)) swap_with_next(&r.plan, inner - 1);
  }
  for (int o = 0; o < r.plan.operandCount; o++) {
    const LevinOperand *operand = &r.plan.operands[o];
    ptrdiff_t size = (ptrdiff_t)levin_size_of(operand->type), stride = operand->strides[inner];
    if (stride == size)
      r.ways[o] = operand->type == m->types[o] ? isSideBySide : isBroughtOver;
    else if (o > 0 && stride == 0)
      r.ways[o] = isRepeated;
    else if (across >= 0 && operand->strides[inner - 1] == size)
      r.ways[o] = liesAcross;
    else
      r.ways[o] = isBroughtOver;
    r.hasAcross |= r.ways[o] == liesAcross;
  }
  r.width = at_most(r.plan.sizes[inner], unit);
  r.mostRows = tileBytes / tileColumns / 8;
  r.mostColumns = at_most(r.width, r.hasAcross ? tileColumns : tileBytes / 8);
  r.rows = count / r.plan.sizes[inner];
  ptrdiff_t units = r.rows * ((r.plan.sizes[inner] + r.width - 1) / r.width);
  ptrdiff_t grain = unit / r.width;
  if (r.hasAcross) grain = (grain + r.mostRows - 1) / r.mostRows * r.mostRows;
  levin_parallel_for(units, count < smallArray ? units : grain, &r, rows_part);
}

static ptrdiff_t element_count(const LevinPlan *plan) {
  ptrdiff_t count = 1;
  for (int d = 0; d < plan->rank; d++) count *= plan->sizes[d];
  return count;
}

/// Whether rows are long enough to be computed one by one. Half of `longRow` will do if they are transposed in tiles.
static bool has_long_rows(const Map *m) {
  ptrdiff_t length = m->plan->sizes[m->plan->rank - 1];
  return length >= longRow || (length >= longRow / 2 && dimension_across(m) >= 0);
}

static void run(Map *m) {
  const LevinPlan *p = m->plan;
  int inner = p->rank - 1;
  m->kernels = levin_kernels();
  ptrdiff_t count = element_count(p), size = p->operands[0].strides[inner];
  if (count == 0) return;
  bool isDirect = true;
  for (int o = 0; o < p->operandCount; o++)
    isDirect &= p->operands[o].type == m->types[o] &&
                p->operands[o].strides[inner] == (ptrdiff_t)levin_size_of(m->types[o]);
  if (isDirect)
    levin_parallel_for(count, count < smallArray ? count : unit, m, direct_part);
  else if (size == (ptrdiff_t)levin_size_of(p->operands[0].type) && has_long_rows(m))
    run_rows(m, count);
  else
    levin_parallel_for(count, count < smallArray ? count : unit, m, blocks_part);
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
  run(&(Map){
    .plan = plan, .types = {type, type}, .body = copy_body, .isCopy = plan->operands[1].type == type});
}

// MARK: Contiguous operands of the compute type, without a plan

typedef struct {
  const LevinKernels *kernels;
  int op;
  LevinCompute compute;
  const char *a, *b;
  char *out;
  const uint8_t *condition;
  LevinRepeated repeated;
} Array;

/// The address of element i of an operand of the compute type.
static inline const char *element(const Array *l, const char *x, ptrdiff_t i) {
  return x + i * (ptrdiff_t)levin_size_of(computed[l->compute]);
}

static void run_array(Array *l, ptrdiff_t count, void (*part)(void *, ptrdiff_t, ptrdiff_t)) {
  l->kernels = levin_kernels();
  levin_parallel_for(count, count < smallArray ? count : unit, l, part);
}

static void unary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  l->kernels->unary[l->compute](
    l->op, end - begin, element(l, l->a, begin), (char *)element(l, l->out, begin));
}
void levin_unary(LevinUnary op, LevinCompute compute, ptrdiff_t count, const void *x, void *out) {
  run_array(&(Array){.op = op, .compute = compute, .a = x, .out = out}, count, unary_part);
}

static void binary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  _Alignas(64) char room[block * 8];
  ptrdiff_t step = l->repeated == LevinRepeatedNone ? end - begin : block;
  if (l->repeated != LevinRepeatedNone) {
    size_t size = levin_size_of(computed[l->compute]);
    memcpy(room, l->repeated == LevinRepeatedFirst ? l->a : l->b, size);
    repeat(at_most(end - begin, block), room, size);
  }
  for (; begin < end; begin += step)
    l->kernels->binary[l->compute](
      l->op, at_most(end - begin, step),
      l->repeated == LevinRepeatedFirst ? room : element(l, l->a, begin),
      l->repeated == LevinRepeatedSecond ? room : element(l, l->b, begin),
      (char *)element(l, l->out, begin));
}
void levin_binary(
  LevinBinary op, LevinCompute compute, ptrdiff_t count, const void *a, const void *b,
  LevinRepeated repeated, void *out) {
  run_array(
    &(Array){.op = op, .compute = compute, .a = a, .b = b, .out = out, .repeated = repeated}, count,
    binary_part);
}

static void compare_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  l->kernels->compare[l->compute](
    l->op, end - begin, element(l, l->a, begin), element(l, l->b, begin),
    (uint8_t *)l->out + begin);
}
void levin_compare(
  LevinComparison op, LevinCompute compute, ptrdiff_t count, const void *a, const void *b,
  bool *out) {
  run_array(
    &(Array){.op = op, .compute = compute, .a = a, .b = b, .out = (char *)out}, count, compare_part);
}

static void choose_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Array *l = context;
  l->kernels->choose[l->compute](
    end - begin, l->condition + begin, element(l, l->a, begin), element(l, l->b, begin),
    (char *)element(l, l->out, begin));
}
void levin_where(
  LevinCompute compute, ptrdiff_t count, const bool *condition, const void *a, const void *b,
  void *out) {
  run_array(
    &(Array){
      .compute = compute, .a = a, .b = b, .out = out, .condition = (const uint8_t *)condition},
    count, choose_part);
}

typedef struct {
  const LevinKernels *kernels;
  const char *source;
  LevinType from, to;
  char *destination;
} Conversion;

static void convert_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Conversion *c = context;
  c->kernels->convert(
    end - begin, c->source + begin * (ptrdiff_t)levin_size_of(c->from), c->from,
    c->destination + begin * (ptrdiff_t)levin_size_of(c->to), c->to);
}

void levin_convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to) {
  Conversion conversion = {levin_kernels(), source, from, to, destination};
  levin_parallel_for(count, count < smallArray ? count : unit, &conversion, convert_part);
}
