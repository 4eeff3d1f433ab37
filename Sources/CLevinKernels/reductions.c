#include <math.h>

#include "levin_kernels.h"

double levin_sum(ptrdiff_t count, const float *x) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

double levin_sum_of_squares(ptrdiff_t count, const float *x) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * x[i];
  return sum;
}

bool levin_all_finite(ptrdiff_t count, const float *x) {
  for (ptrdiff_t i = 0; i < count; i++)
    if (!isfinite(x[i])) return false;
  return true;
}

void levin_row_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    float sum = (float)levin_sum(columns, x + r * ldx);
    out[r] = accumulate ? out[r] + sum : sum;
  }
}

void levin_column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  for (ptrdiff_t c = 0; c < columns; c++) {
    float sum = 0;
    for (ptrdiff_t r = 0; r < rows; r++) sum += x[r * ldx + c];
    out[c] = accumulate ? out[c] + sum : sum;
  }
}

void levin_row_max(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *values,
  int64_t *indices) {
  for (ptrdiff_t r = 0; r < rows; r++, x += ldx) {
    ptrdiff_t best = 0;
    for (ptrdiff_t c = 1; c < columns && !isnan(x[best]); c++)
      if (!(x[c] <= x[best])) best = c;
    if (values) values[r] = x[best];
    if (indices) indices[r] = best;
  }
}

void levin_transpose(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  for (ptrdiff_t c = 0; c < columns; c++)
    for (ptrdiff_t r = 0; r < rows; r++) out[c * ldout + r] = x[r * ldx + c];
}
