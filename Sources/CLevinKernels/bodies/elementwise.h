/// Loops whose elements stand alone: the compiler makes vectors of them.
#include <math.h>

/// Sets out[i] for each i, and leaves the switch around it. Outputs are an input exactly or not at
/// all, so elements never depend on each other.
#define EACH(EXPRESSION)                                                      \
  {                                                                           \
    _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) \
      out[i] = (EXPRESSION);                                                  \
  }                                                                           \
  break

/// The same with a function of C's library, one element at a time.
#define EACH_CALL(EXPRESSION)                                      \
  {                                                                \
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (EXPRESSION); \
  }                                                                \
  break

INLINE float larger(float a, float b) { return a > b || a != a ? a : b; }
INLINE float smaller(float a, float b) { return a < b || a != a ? a : b; }

#define BINARY(A, B)                               \
  switch (op) {                                    \
    case LevinBinaryAdd: EACH((A) + (B));          \
    case LevinBinarySubtract: EACH((A) - (B));     \
    case LevinBinaryMultiply: EACH((A) * (B));     \
    case LevinBinaryDivide: EACH((A) / (B));       \
    case LevinBinaryMaximum: EACH(larger(A, B));   \
    case LevinBinaryMinimum: EACH(smaller(A, B));  \
    case LevinBinaryPower: EACH_CALL(powf(A, B));       \
  }

static void binary(LevinBinary op, ptrdiff_t count, const float *a, const float *b, float *out) {
  BINARY(a[i], b[i])
}

static void binary_scalar(LevinBinary op, ptrdiff_t count, const float *a, float b, float *out) {
  BINARY(a[i], b)
}

static void scalar_binary(LevinBinary op, ptrdiff_t count, float a, const float *b, float *out) {
  BINARY(a, b[i])
}
#undef BINARY

#define COMPARE(A, B)                                \
  switch (op) {                                      \
    case LevinCompareEqual: EACH((A) == (B));        \
    case LevinCompareNotEqual: EACH((A) != (B));     \
    case LevinCompareLess: EACH((A) < (B));          \
    case LevinCompareLessOrEqual: EACH((A) <= (B));  \
    case LevinCompareGreater: EACH((A) > (B));       \
    case LevinCompareGreaterOrEqual: EACH((A) >= (B)); \
  }

static void compare(
  LevinCompare op, ptrdiff_t count, const float *a, const float *b, uint8_t *out) {
  COMPARE(a[i], b[i])
}

static void compare_scalar(
  LevinCompare op, ptrdiff_t count, const float *a, float b, uint8_t *out) {
  COMPARE(a[i], b)
}
#undef COMPARE

static void select_each(
  ptrdiff_t count, const uint8_t *condition, const float *a, const float *b, float *out) {
  switch (0) {
    case 0: EACH(condition[i] ? a[i] : b[i]);
  }
}

#define EACH_VECTOR(FUNCTION)                                         \
  {                                                                   \
    for (ptrdiff_t i = 0; i < count; i += W)                          \
      v_store_n(out + i, count - i, FUNCTION(v_load_n(x + i, count - i))); \
  }                                                                   \
  break

INLINE float sign_of(float x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

static void unary(LevinUnary op, ptrdiff_t count, const float *x, float *out) {
  switch (op) {
    case LevinUnaryNegate: EACH(-x[i]);
    case LevinUnaryAbsolute: EACH(__builtin_fabsf(x[i]));
    case LevinUnarySquare: EACH(x[i] * x[i]);
    case LevinUnarySqrt: EACH(__builtin_elementwise_sqrt(x[i]));
    case LevinUnaryReciprocal: EACH(1 / x[i]);
    case LevinUnaryReciprocalSqrt: EACH(1 / __builtin_elementwise_sqrt(x[i]));
    case LevinUnaryExp: EACH_VECTOR(v_exp);
    case LevinUnaryLog: EACH_VECTOR(v_log);
    case LevinUnaryTanh: EACH_VECTOR(v_tanh);
    case LevinUnarySigmoid: EACH_VECTOR(v_sigmoid);
    case LevinUnaryRelu: EACH(x[i] < 0 ? 0 : x[i]);
    case LevinUnarySign: EACH(sign_of(x[i]));
    case LevinUnaryFloor: EACH(floorf(x[i]));
    case LevinUnaryCeil: EACH(ceilf(x[i]));
    case LevinUnaryRound: EACH(rintf(x[i]));
    case LevinUnarySin: EACH_CALL(sinf(x[i]));
    case LevinUnaryCos: EACH_CALL(cosf(x[i]));
    case LevinUnaryErf: EACH_CALL(erff(x[i]));
    case LevinUnaryLog1p: EACH_CALL(log1pf(x[i]));
    case LevinUnaryExpm1: EACH_CALL(expm1f(x[i]));
  }
}
#undef EACH_VECTOR
#undef EACH_CALL
#undef EACH

#define EACH(EXPRESSION)                                                                 \
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) { \
    EXPRESSION;                                                                          \
  }

static void relu_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  EACH(dx[i] = y[i] <= 0 ? 0 : dy[i])
}

static void tanh_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  EACH(dx[i] = dy[i] * (1 - y[i] * y[i]))
}

static void sigmoid_backward(ptrdiff_t count, const float *dy, const float *y, float *dx) {
  EACH(dx[i] = dy[i] * (y[i] * (1 - y[i])))
}

static void axpy(ptrdiff_t count, float alpha, const float *x, float *y) {
  EACH(y[i] += alpha * x[i])
}
#undef EACH
