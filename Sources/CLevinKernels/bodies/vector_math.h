/// Exponential and logarithm of vectors.

typedef int32_t VI __attribute__((vector_size(4 * W), aligned(4)));
typedef double VD __attribute__((vector_size(8 * W), aligned(8)));

INLINE VI vi_set(int32_t x) { return (VI)((VI){0} + x); }
INLINE V v_select(VI mask, V yes, V no) { return (V)((mask & (VI)yes) | (~mask & (VI)no)); }
INLINE V v_max(V a, V b) { return __builtin_elementwise_max(a, b); }
INLINE V v_min(V a, V b) { return __builtin_elementwise_min(a, b); }
INLINE V v_sqrt(V x) { return __builtin_elementwise_sqrt(x); }

/// Adding and subtracting this rounds to an integer, which is then also in the low bits.
#define ROUNDER 0x1.8p23f

/// x = n ln 2 + r with |r| <= ln 2 / 2; returns r and stores n, for |x| < 2¹⁶.
INLINE V v_reduce(V x, VI *n) {
  V shifted = v_fma(x, v_set(0x1.715476p0f), v_set(ROUNDER));
  V whole = shifted - v_set(ROUNDER);
  *n = (VI)shifted - (VI)v_set(ROUNDER);
  // ln 2 in two parts; the first has so few bits that its product with n is exact.
  V r = v_fma(whole, v_set(-0x1.62e4p-1f), x);
  return v_fma(whole, v_set(-0x1.7f7d1cp-20f), r);
}

/// exp(r) - 1 for |r| <= ln 2 / 2: its series, whose eighth term is below 2⁻²⁷.
INLINE V v_expm1_series(V r) {
  V p = v_set(1.0f / 5040);
  p = v_fma(p, r, v_set(1.0f / 720));
  p = v_fma(p, r, v_set(1.0f / 120));
  p = v_fma(p, r, v_set(1.0f / 24));
  p = v_fma(p, r, v_set(1.0f / 6));
  p = v_fma(p, r, v_set(0.5f));
  return v_fma(p * r, r, r);
}

/// 2ⁿ for n in -126...127.
INLINE V v_power_of_two(VI n) { return (V)((n + vi_set(127)) << 23); }

INLINE V v_exp(V x) {
  VI n;
  // Beyond these ends the result is 0 or infinite anyway.
  V r = v_reduce(v_min(v_max(x, v_set(-105)), v_set(89)), &n);
  // In two steps, because n may be outside the exponents of normal numbers.
  VI half = n >> 1;
  V y = (v_expm1_series(r) + v_set(1)) * v_power_of_two(half) * v_power_of_two(n - half);
  return v_select(x != x, x, y);
}

/// exp(x) for x <= 0, where results below 1.7e-38 are 0.
INLINE V v_exp_of_negative(V x) {
  VI n;
  V r = v_reduce(x, &n);
  V power = v_power_of_two(n);
  return v_select(x < v_set(-87), v_set(0), v_fma(v_expm1_series(r), power, power));
}

/// exp(x) - 1 for |x| <= 80, without cancellation near zero.
INLINE V v_expm1_moderate(V x) {
  VI n;
  V r = v_reduce(x, &n);
  V power = v_power_of_two(n);
  return v_fma(v_expm1_series(r), power, power - v_set(1));
}

/// With x = 2ᵉ(1 + f) and s = f / (2 + f): log(1 + f) = f - f²/2 + s (f²/2 + R(s²)), where R is the series of 2
/// artanh(s) without its first term.
INLINE V v_log(V x) {
  VI denormal = x < v_set(0x1p-126f);
  V scaled = v_select(denormal, x * v_set(0x1p23f), x);
  // The exponent such that 1 + f lies in √½...√2.
  VI bits = (VI)scaled - (VI)v_set(0x1.6a09e6p-1f);
  VI exponent = bits >> 23;
  V f = (V)((VI)scaled - (exponent << 23)) - v_set(1);
  V e = __builtin_convertvector(exponent - (denormal & vi_set(23)), V);
  V s = f / (v_set(2) + f);
  V z = s * s;
  V series = v_fma(z, v_set(2.0f / 9), v_set(2.0f / 7));
  series = v_fma(series, z, v_set(2.0f / 5));
  series = v_fma(series, z, v_set(2.0f / 3)) * z;
  V half = v_set(0.5f) * f * f;
  V low = v_fma(s, half + series, e * v_set(0x1.7f7d1cp-20f));
  V y = v_fma(e, v_set(0x1.62e4p-1f), f - (half - low));
  V infinity = v_set(__builtin_inff());
  y = v_select(x == infinity, infinity, y);
  y = v_select(x == v_set(0), -infinity, y);
  return v_select((x < v_set(0)) | (x != x), v_set(__builtin_nanf("")), y);
}

INLINE V v_tanh(V x) {
  // From 10 on the result is ±1 to the last bit.
  V twice = v_min(v_max(x + x, v_set(-20)), v_set(20));
  V t = v_expm1_moderate(twice);
  return v_select(x != x, x, t / (t + v_set(2)));
}

/// Uses the exponential of a negative number, which cannot overflow.
INLINE V v_sigmoid(V x) {
  V e = v_exp(v_select(x < v_set(0), x, -x));
  return v_select(x < v_set(0), e, v_set(1)) / (v_set(1) + e);
}

/// x + x P(x²) near zero, otherwise ±(1 - exp(Q(|x|))), with Q the logarithm of 1 - erf; polynomials fitted to 40
/// digits, within 2⁻²⁵ of the result.
INLINE V v_erf(V x) {
  V square = x * x;
  V p = v_set(-0.00059431413f);
  p = v_fma(p, square, v_set(0.0049843783f));
  p = v_fma(p, square, v_set(-0.026761107f));
  p = v_fma(p, square, v_set(0.11281682f));
  p = v_fma(p, square, v_set(-0.37612483f));
  p = v_fma(p, square, v_set(0.12837915f));
  VI sign = (VI)x & vi_set(INT32_MIN);
  V size = (V)((VI)x & ~vi_set(INT32_MIN));
  // From 4 on the result is ±1 to the last bit.
  V t = v_min(size, v_set(4));
  V q = v_set(0.00019507036f);
  q = v_fma(q, t, v_set(-0.0030347006f));
  q = v_fma(q, t, v_set(0.022192914f));
  q = v_fma(q, t, v_set(-0.10386092f));
  q = v_fma(q, t, v_set(-0.63726294f));
  q = v_fma(q, t, v_set(-1.1276276f));
  q = v_fma(q, t, v_set(-0.00020732271f));
  VI n;
  V e = (v_expm1_series(v_reduce(q, &n)) + v_set(1)) * v_power_of_two(n);
  V far = (V)((VI)(v_set(1) - e) | sign);
  return v_select(size > v_set(0.9375f), far, v_fma(p, x, x));
}

// MARK: Activations, and their gradients from the output's gradient and the input

/// exp(-x²/2), and the normal distribution's integral up to -|x|: their quotient is a polynomial of |x|, fitted to keep
/// the integral within 3e-8. From 13 on both are 0.
INLINE V v_normal(V x, V *tail) {
  V size = (V)((VI)x & ~vi_set(INT32_MIN));
  VI n, isFar = size > v_set(13);
  V r = v_reduce(x * x * v_set(-0.5f), &n);
  V power = v_power_of_two(n);
  V bell = v_select(isFar, v_set(0), v_fma(v_expm1_series(r), power, power));
  size = v_min(size, v_set(13));
  V p = v_set(6.01337646e-08f);
  p = v_fma(p, size, v_set(-1.64105279e-06f));
  p = v_fma(p, size, v_set(2.02709289e-05f));
  p = v_fma(p, size, v_set(-0.000151962726f));
  p = v_fma(p, size, v_set(0.000787515601f));
  p = v_fma(p, size, v_set(-0.00307391747f));
  p = v_fma(p, size, v_set(0.00968900323f));
  p = v_fma(p, size, v_set(-0.0260994304f));
  p = v_fma(p, size, v_set(0.0622824319f));
  p = v_fma(p, size, v_set(-0.132924914f));
  p = v_fma(p, size, v_set(0.249992847f));
  p = v_fma(p, size, v_set(-0.398941964f));
  p = v_fma(p, size, v_set(0.5f));
  *tail = p * bell;
  return bell;
}
INLINE V v_gelu(V x) {
  V tail;
  v_normal(x, &tail);
  return x * v_select(x < v_set(0), tail, v_set(1) - tail);
}
INLINE V v_gelu_gradient(V dy, V x) {
  V tail;
  V density = v_normal(x, &tail) * v_set(0.39894228f);
  return dy * v_fma(x, density, v_select(x < v_set(0), tail, v_set(1) - tail));
}

INLINE V v_gelu_tanh_of(V x) {
  V cubic = v_fma(x * x, v_set(0.044715f), v_set(1)) * x;
  return v_tanh(cubic * v_set(0.79788456f));
}
INLINE V v_gelu_tanh(V x) {
  return x * v_fma(v_gelu_tanh_of(x), v_set(0.5f), v_set(0.5f));
}
INLINE V v_gelu_tanh_gradient(V dy, V x) {
  V t = v_gelu_tanh_of(x), half = v_set(0.5f);
  V inner = v_fma(x * x, v_set(3 * 0.044715f), v_set(1)) * v_set(0.79788456f);
  V bend = x * v_negated_fma(t, t, v_set(1)) * inner;
  return dy * v_fma(bend + t, half, half);
}

INLINE V v_silu(V x) { return x * v_sigmoid(x); }
INLINE V v_silu_gradient(V dy, V x) {
  V s = v_sigmoid(x);
  return dy * (s * v_fma(x, v_set(1) - s, v_set(1)));
}

// MARK: Across lanes

INLINE float v_largest(V x) {
  float lanes[W];
  v_store(lanes, x);
#pragma clang loop unroll(full)
  for (int half = W / 2; half >= 1; half /= 2)
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++)
      lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
  return lanes[0];
}

INLINE bool vi_any(VI x) {
  int32_t any = 0;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) any |= x[i];
  return any != 0;
}

INLINE double vd_sum(const VD *x) {
  double lanes[W];
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lanes[i] = (*x)[i];
#pragma clang loop unroll(full)
  for (int half = W / 2; half >= 1; half /= 2)
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

/// Sums in double are passed by address: vectors this wide have no calling convention for values.
INLINE void vd_add(VD *total, V x) { *total += __builtin_convertvector(x, VD); }
INLINE void vd_add_product(VD *total, V x, V y) {
  *total += __builtin_convertvector(x, VD) * __builtin_convertvector(y, VD);
}

/// Like v_load_n, with `rest` in the lanes from n on.
INLINE V v_load_or(const float *p, ptrdiff_t n, float rest) {
  if (n >= W) return v_load(p);
  VI lane;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lane[i] = i;
  return v_select(lane < vi_set((int)n), v_load_n(p, n), v_set(rest));
}
