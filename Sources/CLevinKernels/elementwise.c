#include <math.h>

#include "levin_kernels.h"

/// Runs `statement` for each i in 0..<count, with `r` computed by the operation's expression.
#define EACH(expression)                                          \
  for (ptrdiff_t i = 0; i < count; i++) out[i] = (expression); \
  break

static inline float larger(float a, float b) { return a > b || a != a ? a : b; }
static inline float smaller(float a, float b) { return a < b || a != a ? a : b; }

#define BINARY(A, B)                                       \
  switch (op) {                                            \
    case LevinBinaryAdd: EACH(A + B);                      \
    case LevinBinarySubtract: EACH(A - B);                 \
    case LevinBinaryMultiply: EACH(A * B);                 \
    case LevinBinaryDivide: EACH(A / B);                   \
    case LevinBinaryMaximum: EACH(larger(A, B));           \
    case LevinBinaryMinimum: EACH(smaller(A, B));          \
    case LevinBinaryPower: EACH(powf(A, B));               \
  }

void levin_binary(LevinBinary op, ptrdiff_t count, const float *a, const float *b, float *out) {
  BINARY(a[i], b[i])
}

void levin_binary_scalar(LevinBinary op, ptrdiff_t count, const float *a, float b, float *out) {
  BINARY(a[i], b)
}

void levin_scalar_binary(LevinBinary op, ptrdiff_t count, float a, const float *b, float *out) {
  BINARY(a, b[i])
}

void levin_binary_row(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout) {
  for (ptrdiff_t r = 0; r < rows; r++) levin_binary(op, columns, a + r * lda, b, out + r * ldout);
}

void levin_binary_column(
  LevinBinary op, ptrdiff_t rows, ptrdiff_t columns, const float *a, ptrdiff_t lda, const float *b,
  float *out, ptrdiff_t ldout) {
  for (ptrdiff_t r = 0; r < rows; r++)
    levin_binary_scalar(op, columns, a + r * lda, b[r], out + r * ldout);
}

#define COMPARE(A, B)                               \
  switch (op) {                                     \
    case LevinCompareEqual: EACH(A == B);           \
    case LevinCompareNotEqual: EACH(A != B);        \
    case LevinCompareLess: EACH(A < B);             \
    case LevinCompareLessOrEqual: EACH(A <= B);     \
    case LevinCompareGreater: EACH(A > B);          \
    case LevinCompareGreaterOrEqual: EACH(A >= B);  \
  }

void levin_compare(
  LevinCompare op, ptrdiff_t count, const float *a, const float *b, uint8_t *out) {
  COMPARE(a[i], b[i])
}

void levin_compare_scalar(
  LevinCompare op, ptrdiff_t count, const float *a, float b, uint8_t *out) {
  COMPARE(a[i], b)
}

void levin_select(
  ptrdiff_t count, const uint8_t *condition, const float *a, const float *b, float *out) {
  for (ptrdiff_t i = 0; i < count; i++) out[i] = condition[i] ? a[i] : b[i];
}

static inline float sign_of(float x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

void levin_unary(LevinUnary op, ptrdiff_t count, const float *x, float *out) {
  switch (op) {
    case LevinUnaryNegate: EACH(-x[i]);
    case LevinUnaryAbsolute: EACH(fabsf(x[i]));
    case LevinUnarySquare: EACH(x[i] * x[i]);
    case LevinUnarySqrt: EACH(sqrtf(x[i]));
    case LevinUnaryReciprocal: EACH(1 / x[i]);
    case LevinUnaryReciprocalSqrt: EACH(1 / sqrtf(x[i]));
    case LevinUnaryExp: EACH(expf(x[i]));
    case LevinUnaryLog: EACH(logf(x[i]));
    case LevinUnaryTanh: EACH(tanhf(x[i]));
    case LevinUnarySigmoid: EACH(1 / (1 + expf(-x[i])));
    case LevinUnaryRelu: EACH(x[i] < 0 ? 0 : x[i]);
    case LevinUnarySign: EACH(sign_of(x[i]));
    case LevinUnaryFloor: EACH(floorf(x[i]));
    case LevinUnaryCeil: EACH(ceilf(x[i]));
    case LevinUnaryRound: EACH(rintf(x[i]));
    case LevinUnarySin: EACH(sinf(x[i]));
    case LevinUnaryCos: EACH(cosf(x[i]));
    case LevinUnaryErf: EACH(erff(x[i]));
    case LevinUnaryLog1p: EACH(log1pf(x[i]));
    case LevinUnaryExpm1: EACH(expm1f(x[i]));
  }
}

void levin_relu_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  for (ptrdiff_t i = 0; i < count; i++) dx[i] = y[i] <= 0 ? 0 : dy[i];
}

void levin_tanh_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  for (ptrdiff_t i = 0; i < count; i++) dx[i] = dy[i] * (1 - y[i] * y[i]);
}

void levin_sigmoid_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  for (ptrdiff_t i = 0; i < count; i++) dx[i] = dy[i] * (y[i] * (1 - y[i]));
}

void levin_fill(ptrdiff_t count, float value, float *out) {
  for (ptrdiff_t i = 0; i < count; i++) out[i] = value;
}

void levin_axpy(ptrdiff_t count, float alpha, const float *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += alpha * x[i];
}
