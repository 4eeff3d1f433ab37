#include "kernels.h"

/// The number of elements of a matrix below which one thread is faster, and the columns in a piece of work.
enum { smallMatrix = 1 << 14, columnUnit = 16 };

typedef struct {
  const LevinKernels *kernels;
  ptrdiff_t rows;
  const float *x;
  ptrdiff_t ldx;
  float *out;
  bool accumulate;
} Matrix;

static void column_sums_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Matrix *m = context;
  m->kernels->column_sums(
    m->rows, end - begin, m->x + begin, m->ldx, m->out + begin, m->accumulate);
}

void levin_column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  Matrix m = {levin_kernels(), rows, x, ldx, out, accumulate};
  levin_parallel_for(
    columns, rows * columns < smallMatrix ? columns : columnUnit, &m, column_sums_part);
}
