#include "kernels.h"

/// Elements of a matrix below which one thread is faster, and columns that are dealt out together.
enum { smallMatrix = 1 << 14, columnUnit = 16 };

double levin_sum(ptrdiff_t count, const float *x) { return levin_kernels()->sum(count, x); }

double levin_sum_of_squares(ptrdiff_t count, const float *x) {
  return levin_kernels()->sum_of_squares(count, x);
}

bool levin_all_finite(ptrdiff_t count, const float *x) {
  return levin_kernels()->all_finite(count, x);
}

typedef struct {
  const LevinKernels *kernels;
  ptrdiff_t rows, columns;
  const float *x;
  ptrdiff_t ldx;
  float *out;
  ptrdiff_t ldout;
  int64_t *indices;
  bool accumulate;
} Matrix;

static void row_sums_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Matrix *m = context;
  for (ptrdiff_t r = begin; r < end; r++) {
    float sum = (float)m->kernels->sum(m->columns, m->x + r * m->ldx);
    m->out[r] = m->accumulate ? m->out[r] + sum : sum;
  }
}

static void column_sums_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Matrix *m = context;
  m->kernels->column_sums(
    m->rows, end - begin, m->x + begin, m->ldx, m->out + begin, m->accumulate);
}

static void row_max_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Matrix *m = context;
  for (ptrdiff_t r = begin; r < end; r++) {
    const float *x = m->x + r * m->ldx;
    ptrdiff_t index = m->kernels->index_of_max(m->columns, x);
    if (m->out) m->out[r] = x[index];
    if (m->indices) m->indices[r] = index;
  }
}

static void transpose_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Matrix *m = context;
  m->kernels->transpose(
    m->rows, end - begin, m->x + begin, m->ldx, m->out + begin * m->ldout, m->ldout);
}

static void run(
  ptrdiff_t count, ptrdiff_t unit, Matrix *m, void (*body)(void *, ptrdiff_t, ptrdiff_t)) {
  m->kernels = levin_kernels();
  levin_parallel_for(count, m->rows * m->columns < smallMatrix ? count : unit, m, body);
}

void levin_row_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  Matrix m = {
    .rows = rows, .columns = columns, .x = x, .ldx = ldx, .out = out, .accumulate = accumulate};
  run(rows, 1, &m, row_sums_part);
}

void levin_column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  Matrix m = {
    .rows = rows, .columns = columns, .x = x, .ldx = ldx, .out = out, .accumulate = accumulate};
  run(columns, columnUnit, &m, column_sums_part);
}

void levin_row_max(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *values,
  int64_t *indices) {
  Matrix m = {
    .rows = rows, .columns = columns, .x = x, .ldx = ldx, .out = values, .indices = indices};
  run(rows, 1, &m, row_max_part);
}

void levin_transpose(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  Matrix m = {
    .rows = rows, .columns = columns, .x = x, .ldx = ldx, .out = out, .ldout = ldout};
  run(columns, columnUnit, &m, transpose_part);
}
