/// The vectors of the plain build: four floats that the compiler maps to what the machine has
/// (SSE2, NEON) or to scalars.
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef float V __attribute__((vector_size(16), aligned(4)));
enum {
  W = 4,         ///< floats in a vector
  hasFusedMultiplyAdd = 0,  ///< v_fma rounds twice
  dotRows = 3,   ///< tile of dot products: dotRows × 4
  outerRows = 4,  ///< tile of outer products: outerRows × (outerVectors · W)
  outerVectors = 2,
};

INLINE V v_load(const float *p) { return *(const V *)p; }
INLINE void v_store(float *p, V x) { *(V *)p = x; }
INLINE V v_set(float x) { return (V){x, x, x, x}; }
INLINE V v_bytes(const uint8_t *p) { return (V){p[0], p[1], p[2], p[3]}; }

/// The first n of W floats; the rest are zero, or stay.
INLINE V v_load_n(const float *p, ptrdiff_t n) {
  if (n >= W) return v_load(p);
  V x = {0, 0, 0, 0};
  for (ptrdiff_t i = 0; i < n; i++) x[i] = p[i];
  return x;
}
INLINE void v_store_n(float *p, ptrdiff_t n, V x) {
  if (n >= W) return v_store(p, x);
  for (ptrdiff_t i = 0; i < n; i++) p[i] = x[i];
}

/// a · b + c: fused where the target fuses it for free.
INLINE V v_fma(V a, V b, V c) { return a * b + c; }
/// c - a · b.
INLINE V v_negated_fma(V a, V b, V c) { return c - a * b; }

/// 0 where x < 0, else x.
INLINE V v_relu(V x) { return (V)((__typeof__(x < x))x & ~(x < v_set(0))); }
/// 0 where y <= 0, else x.
INLINE V v_where_active(V y, V x) { return (V)((__typeof__(x < x))x & ~(y <= v_set(0))); }

/// The sums over the lanes of four vectors.
INLINE V v_sum4(V a, V b, V c, V d) {
  return (V){
    (a[0] + a[2]) + (a[1] + a[3]), (b[0] + b[2]) + (b[1] + b[3]), (c[0] + c[2]) + (c[1] + c[3]),
    (d[0] + d[2]) + (d[1] + d[3])};
}

/// Transposes W × W floats in place.
INLINE void v_transpose(V r[W]) {
  V t[W];
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) t[i] = (V){r[0][i], r[1][i], r[2][i], r[3][i]};
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) r[i] = t[i];
}
