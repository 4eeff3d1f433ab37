#include <math.h>

#include "levin_kernels.h"

static float maximum(ptrdiff_t count, const float *x) {
  float largest = -INFINITY;
  for (ptrdiff_t i = 0; i < count; i++)
    if (!(x[i] <= largest)) largest = x[i];
  return largest;
}

static double sum_of_exponentials(ptrdiff_t count, const float *x, float shift) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += expf(x[i] - shift);
  return sum;
}

float levin_cross_entropy(
  ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
  const int64_t *targets, int64_t ignoreIndex, float *losses, float *gradient,
  ptrdiff_t ldgradient) {
  ptrdiff_t counted = 0;
  for (ptrdiff_t r = 0; r < batch; r++) counted += targets[r] != ignoreIndex;
  double total = 0;
  for (ptrdiff_t r = 0; r < batch; r++) {
    const float *x = logits + r * ldlogits;
    bool ignored = targets[r] == ignoreIndex;
    float largest = maximum(classes, x);
    double sum = sum_of_exponentials(classes, x, largest);
    float loss = ignored ? 0 : (float)(log(sum) - ((double)x[targets[r]] - largest));
    total += loss;
    if (losses) losses[r] = loss;
    if (!gradient) continue;
    float scale = ignored ? 0 : (float)(1 / (sum * (double)counted));
    for (ptrdiff_t c = 0; c < classes; c++)
      gradient[r * ldgradient + c] = ignored ? 0 : expf(x[c] - largest) * scale;
    if (!ignored) gradient[r * ldgradient + targets[r]] -= 1 / (float)counted;
  }
  return (float)(total / (double)counted);
}

void levin_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  for (ptrdiff_t r = 0; r < rows; r++, x += ldx, out += ldout) {
    float largest = maximum(columns, x);
    double sum = sum_of_exponentials(columns, x, largest);
    for (ptrdiff_t c = 0; c < columns; c++) out[c] = (float)(expf(x[c] - largest) / sum);
  }
}

void levin_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx) {
  for (ptrdiff_t r = 0; r < rows; r++, dy += lddy, y += ldy, dx += lddx) {
    double dot = 0;
    for (ptrdiff_t c = 0; c < columns; c++) dot += (double)dy[c] * y[c];
    for (ptrdiff_t c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - (float)dot);
  }
}

void levin_log_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  for (ptrdiff_t r = 0; r < rows; r++, x += ldx, out += ldout) {
    float largest = maximum(columns, x);
    float logarithm = (float)log(sum_of_exponentials(columns, x, largest));
    for (ptrdiff_t c = 0; c < columns; c++) out[c] = x[c] - largest - logarithm;
  }
}

void levin_log_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx) {
  for (ptrdiff_t r = 0; r < rows; r++, dy += lddy, y += ldy, dx += lddx) {
    double sum = 0;
    for (ptrdiff_t c = 0; c < columns; c++) sum += dy[c];
    for (ptrdiff_t c = 0; c < columns; c++) dx[c] = dy[c] - expf(y[c]) * (float)sum;
  }
}
