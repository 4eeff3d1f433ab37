#include "kernels.h"

/// Elements below which one thread is faster, and the unit in which arrays are dealt out.
enum { smallArray = 1 << 14, unit = 1 << 10 };

/// What the parts of a split loop need. A matrix's rows are `columns` long; an array is one row.
typedef struct {
  const LevinKernels *kernels;
  int op;
  const float *a, *b;
  const uint8_t *condition;
  float scalar;
  float *out;
  uint8_t *flags;
  ptrdiff_t columns, lda, ldout;
  void (*backward)(ptrdiff_t count, const float *dy, const float *y, float *dx);
} Loop;

static void run(ptrdiff_t count, Loop *loop, void (*body)(void *, ptrdiff_t, ptrdiff_t)) {
  loop->kernels = levin_kernels();
  levin_parallel_for(count, count < smallArray ? count : unit, loop, body);
}

static void run_rows(ptrdiff_t rows, Loop *loop, void (*body)(void *, ptrdiff_t, ptrdiff_t)) {
  loop->kernels = levin_kernels();
  levin_parallel_for(rows, rows * loop->columns < smallArray ? rows : 1, loop, body);
}

// MARK: Two operands

static void binary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->binary(l->op, end - begin, l->a + begin, l->b + begin, l->out + begin);
}

void levin_binary(LevinBinary op, ptrdiff_t count, const float *a, const float *b, float *out) {
  run(count, &(Loop){.op = op, .a = a, .b = b, .out = out}, binary_part);
}

static void binary_scalar_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->binary_scalar(l->op, end - begin, l->a + begin, l->scalar, l->out + begin);
}

void levin_binary_scalar(LevinBinary op, ptrdiff_t count, const float *a, float b, float *out) {
  run(count, &(Loop){.op = op, .a = a, .scalar = b, .out = out}, binary_scalar_part);
}

static void scalar_binary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->scalar_binary(l->op, end - begin, l->scalar, l->b + begin, l->out + begin);
}

void levin_scalar_binary(LevinBinary op, ptrdiff_t count, float a, const float *b, float *out) {
  run(count, &(Loop){.op = op, .scalar = a, .b = b, .out = out}, scalar_binary_part);
}

static void binary_row_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  for (ptrdiff_t r = begin; r < end; r++)
    l->kernels->binary(l->op, l->columns, l->a + r * l->lda, l->b, l->out + r * l->ldout);
}

void levin_binary_row(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout) {
  Loop loop = {
    .op = op, .a = a, .b = b, .out = out, .columns = columns, .lda = lda, .ldout = ldout};
  run_rows(rows, &loop, binary_row_part);
}

static void binary_column_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  for (ptrdiff_t r = begin; r < end; r++)
    l->kernels->binary_scalar(
      l->op, l->columns, l->a + r * l->lda, l->b[r], l->out + r * l->ldout);
}

void levin_binary_column(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout) {
  Loop loop = {
    .op = op, .a = a, .b = b, .out = out, .columns = columns, .lda = lda, .ldout = ldout};
  run_rows(rows, &loop, binary_column_part);
}

// MARK: Comparisons

static void compare_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->compare(l->op, end - begin, l->a + begin, l->b + begin, l->flags + begin);
}

void levin_compare(
  LevinCompare op, ptrdiff_t count, const float *a, const float *b, uint8_t *out) {
  run(count, &(Loop){.op = op, .a = a, .b = b, .flags = out}, compare_part);
}

static void compare_scalar_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->compare_scalar(l->op, end - begin, l->a + begin, l->scalar, l->flags + begin);
}

void levin_compare_scalar(
  LevinCompare op, ptrdiff_t count, const float *a, float b, uint8_t *out) {
  run(count, &(Loop){.op = op, .a = a, .scalar = b, .flags = out}, compare_scalar_part);
}

static void select_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->select(
    end - begin, l->condition + begin, l->a + begin, l->b + begin, l->out + begin);
}

void levin_select(
  ptrdiff_t count, const uint8_t *condition, const float *a, const float *b, float *out) {
  run(count, &(Loop){.condition = condition, .a = a, .b = b, .out = out}, select_part);
}

// MARK: One operand

static void unary_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->unary(l->op, end - begin, l->a + begin, l->out + begin);
}

void levin_unary(LevinUnary op, ptrdiff_t count, const float *x, float *out) {
  run(count, &(Loop){.op = op, .a = x, .out = out}, unary_part);
}

static void backward_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->backward(end - begin, l->a + begin, l->b + begin, l->out + begin);
}

void levin_relu_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  Loop loop = {.a = dy, .b = y, .out = dx, .backward = levin_kernels()->relu_backward};
  run(count, &loop, backward_part);
}

void levin_tanh_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  Loop loop = {.a = dy, .b = y, .out = dx, .backward = levin_kernels()->tanh_backward};
  run(count, &loop, backward_part);
}

void levin_sigmoid_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  Loop loop = {.a = dy, .b = y, .out = dx, .backward = levin_kernels()->sigmoid_backward};
  run(count, &loop, backward_part);
}

void levin_fill(ptrdiff_t count, float value, float *out) {
  for (ptrdiff_t i = 0; i < count; i++) out[i] = value;
}

static void axpy_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Loop *l = context;
  l->kernels->axpy(end - begin, l->scalar, l->a + begin, l->out + begin);
}

void levin_axpy(ptrdiff_t count, float alpha, const float *x, float *y) {
  run(count, &(Loop){.scalar = alpha, .a = x, .out = y}, axpy_part);
}

void levin_convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to) {
  levin_kernels()->convert(count, source, from, destination, to);
}
