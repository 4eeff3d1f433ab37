/// Elementwise functions over strided operands of any type: blocks of each operand are converted to the compute type
/// if necessary, computed, and stored.
#include <string.h>

#include "elementwise_map.h"

static ptrdiff_t element_count(const LevinPlan *plan) {
  ptrdiff_t count = 1;
  for (int d = 0; d < plan->rank; d++) count *= plan->sizes[d];
  return count;
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
    levin_parallel_for(count, count < smallArray ? count : unit, m, levin_direct_part);
  else if (size == (ptrdiff_t)levin_size_of(p->operands[0].type) && levin_has_long_rows(m))
    levin_run_rows(m, count);
  else
    levin_parallel_for(count, count < smallArray ? count : unit, m, levin_blocks_part);
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
    levin_repeat(at_most(end - begin, block), room, size);
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
