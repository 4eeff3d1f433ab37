/// Loops whose elements are independent: levin_elementwise.def, once for each compute type.
#include <math.h>

/// Python's floored division and remainder, exact if the quotient is.
#define FLOORED(T, SUFFIX, FMOD, FLOOR, COPYSIGN)                              \
  INLINE T floor_remainder_##SUFFIX(T x, T y) {                                \
    T rest = FMOD(x, y);                                                       \
    return rest != 0 && (y < 0) != (rest < 0) ? rest + y : rest;               \
  }                                                                            \
  INLINE T floor_quotient_##SUFFIX(T x, T y) {                                 \
    if (y == 0) return x / y;                                                  \
    T rest = FMOD(x, y), quotient = (x - rest) / y;                            \
    if (rest != 0 && (y < 0) != (rest < 0)) quotient -= 1;                     \
    if (quotient == 0) return COPYSIGN(0, x / y);                              \
    T whole = FLOOR(quotient);                                                 \
    return quotient - whole > (T)0.5 ? whole + 1 : whole;                      \
  }
FLOORED(float, f, fmodf, floorf, copysignf)
FLOORED(double, d, fmod, floor, copysign)
#undef FLOORED

/// The least integer divided by -1 wraps to itself.
INLINE int64_t trunc_quotient_i(int64_t x, int64_t y) {
  return y == -1 ? (int64_t)(0 - (uint64_t)x) : x / y;
}
INLINE int64_t floor_quotient_i(int64_t x, int64_t y) {
  if (y == -1) return (int64_t)(0 - (uint64_t)x);
  return x / y - ((x % y != 0) & ((x < 0) != (y < 0)));
}
INLINE int64_t floor_remainder_i(int64_t x, int64_t y) {
  if (y == -1) return 0;
  int64_t rest = x % y;
  return rest != 0 && (y < 0) != (rest < 0) ? rest + y : rest;
}
/// x to the power of y, which wraps; to a negative power only 1 and -1 are not zero.
INLINE int64_t power_i(int64_t x, int64_t y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? (y & 1 ? -1 : 1) : 0;
  uint64_t result = 1, base = (uint64_t)x;
  for (; y > 0; y >>= 1, base *= base)
    if (y & 1) result *= base;
  return (int64_t)result;
}

/// The factor by which GELU multiplies x, and the derivatives of activations, in double.
INLINE double gelu_share(double x) { return 0.5 * (1 + erf(x * M_SQRT1_2)); }
INLINE double gelu_slope(double x) {
  return gelu_share(x) + x * exp(-0.5 * x * x) * (0.5 * M_2_SQRTPI * M_SQRT1_2);
}
INLINE double gelu_tanh_of(double x) {
  return tanh((x + 0.044715 * x * x * x) * (M_2_SQRTPI * M_SQRT1_2));
}
INLINE double gelu_tanh_share(double x) { return 0.5 * (1 + gelu_tanh_of(x)); }
INLINE double gelu_tanh_slope(double x) {
  double t = gelu_tanh_of(x);
  double inner = (1 + 3 * 0.044715 * x * x) * (M_2_SQRTPI * M_SQRT1_2);
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner;
}
INLINE double silu_slope(double x) {
  double s = 1 / (1 + exp(-x));
  return s * (1 + x * (1 - s));
}

/// x, the gradient of y = relu(…), where y is active.
INLINE V v_relu_gradient(V x, V y) { return v_where_active(y, x); }

#define WRAP(A, SIGN, B) ((int64_t)((uint64_t)(A) SIGN (uint64_t)(B)))
#define SIGN(X) (((X) > 0) - ((X) < 0))
#define LARGER(X, Y) ((X) > (Y) || (X) != (X) ? (X) : (Y))
#define SMALLER(X, Y) ((X) < (Y) || (X) != (X) ? (X) : (Y))

// An output is exactly an input or does not overlap it, so elements never depend on each other.
#define EACH(EXPRESSION)                                                                 \
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) { \
    LOAD out[i] = (EXPRESSION);                                                          \
  }
#define CALL(EXPRESSION) \
  for (ptrdiff_t i = 0; i < count; i++) { LOAD out[i] = (EXPRESSION); }
#define VECTOR(FUNCTION)                    \
  for (ptrdiff_t i = 0; i < count; i += W) \
    v_store_n(out + i, count - i, FUNCTION(v_load_n(a + i, count - i)));
#define VECTORS(FUNCTION)                   \
  for (ptrdiff_t i = 0; i < count; i += W) \
    v_store_n(out + i, count - i, FUNCTION(v_load_n(a + i, count - i), v_load_n(b + i, count - i)));
#define NONE __builtin_trap();

#define T float
#define NAMED(NAME) NAME##_f32
#define PICK(F, D, I) F
#include "elementwise_loops.h"
#define T double
#define NAMED(NAME) NAME##_f64
#define PICK(F, D, I) D
#include "elementwise_loops.h"
#define T int64_t
#define NAMED(NAME) NAME##_i64
#define PICK(F, D, I) I
#include "elementwise_loops.h"

#undef EACH
#undef CALL
#undef VECTOR
#undef VECTORS
#undef NONE
#undef WRAP
#undef SIGN
#undef LARGER
#undef SMALLER
