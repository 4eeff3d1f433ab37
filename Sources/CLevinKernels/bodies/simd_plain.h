/// The vectors of the plain build: four floats that the compiler maps to the machine's vectors (SSE2, NEON) or to
/// scalars. For tests there may be sixteen, with AVX-512's tiles, so that code that depends on their number is tested
/// on machines without AVX-512.
#include <string.h>

#ifndef LEVIN_PLAIN_LANES
#define LEVIN_PLAIN_LANES 4
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float V __attribute__((vector_size(4 * LEVIN_PLAIN_LANES), aligned(4)));
enum {
  W = LEVIN_PLAIN_LANES,    ///< floats in a vector
  hasFusedMultiplyAdd = 0,  ///< v_fma rounds twice
  dotRows = W < 16 ? 3 : 4,    ///< tile of dot products: dotRows × 4
  outerRows = W < 16 ? 4 : 6,  ///< tile of outer products: outerRows × (outerVectors · W)
  outerVectors = W < 16 ? 2 : 4,
};

INLINE V v_load(const float *p) { return *(const V *)p; }
INLINE void v_store(float *p, V x) { *(V *)p = x; }
INLINE V v_set(float x) {
  V y;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) y[i] = x;
  return y;
}
INLINE V v_bytes(const uint8_t *p) {
  V x;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) x[i] = p[i];
  return x;
}

/// The first n of W floats; the rest are zero on loading, unchanged on storing.
INLINE V v_load_n(const float *p, ptrdiff_t n) {
  if (n >= W) return v_load(p);
  V x = v_set(0);
  for (ptrdiff_t i = 0; i < n; i++) x[i] = p[i];
  return x;
}
INLINE void v_store_n(float *p, ptrdiff_t n, V x) {
  if (n >= W) return v_store(p, x);
  for (ptrdiff_t i = 0; i < n; i++) p[i] = x[i];
}

/// a · b + c: fused if the target does so at no cost.
INLINE V v_fma(V a, V b, V c) { return a * b + c; }
/// c - a · b.
INLINE V v_negated_fma(V a, V b, V c) { return c - a * b; }

/// 0 where x < 0, otherwise x.
INLINE V v_relu(V x) { return (V)((__typeof__(x < x))x & ~(x < v_set(0))); }
/// 0 where y <= 0, otherwise x.
INLINE V v_where_active(V y, V x) { return (V)((__typeof__(x < x))x & ~(y <= v_set(0))); }

/// The sum over the lanes: of the halves, then of their halves, and so on.
INLINE float v_sum_of_lanes(V x) {
#pragma clang loop unroll(full)
  for (int half = W / 2; half > 0; half /= 2)
#pragma clang loop unroll(full)
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  return x[0];
}

/// The sums over the lanes of four vectors.
typedef float FourSums __attribute__((vector_size(16), aligned(4)));
INLINE FourSums v_sum4(V a, V b, V c, V d) {
  return (FourSums){v_sum_of_lanes(a), v_sum_of_lanes(b), v_sum_of_lanes(c), v_sum_of_lanes(d)};
}

/// Transposes W × W floats in place.
INLINE void v_transpose(V r[W]) {
  V t[W];
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < W; j++) t[i][j] = r[j][i];
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) r[i] = t[i];
}
