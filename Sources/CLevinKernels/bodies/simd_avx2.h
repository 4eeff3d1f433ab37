/// Vectors of eight floats with AVX2 and FMA.
#define INLINE static inline __attribute__((always_inline))

typedef __m256 V;
enum {
  W = 8,         ///< floats in a vector
  hasFusedMultiplyAdd = 1,  ///< v_fma rounds once
  dotRows = 3,   ///< tile of dot products: dotRows × 4
  outerRows = 6,  ///< tile of outer products: outerRows × (outerVectors · W)
  outerVectors = 2,
};

INLINE V v_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void v_store(float *p, V x) { _mm256_storeu_ps(p, x); }
INLINE V v_set(float x) { return _mm256_set1_ps(x); }
INLINE V v_bytes(const uint8_t *p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}

INLINE __m256i v_mask(ptrdiff_t n) {
  return _mm256_cmpgt_epi32(
    _mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
/// The first n of W floats; the rest are zero on loading, unchanged on storing. Masked stores are slow on some
/// machines.
INLINE V v_load_n(const float *p, ptrdiff_t n) {
  return n >= W ? v_load(p) : _mm256_maskload_ps(p, v_mask(n));
}
INLINE void v_store_n(float *p, ptrdiff_t n, V x) {
  if (n >= W)
    v_store(p, x);
  else
    _mm256_maskstore_ps(p, v_mask(n), x);
}

INLINE V v_fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
/// c - a · b.
INLINE V v_negated_fma(V a, V b, V c) { return _mm256_fnmadd_ps(a, b, c); }

/// 0 where x < 0, otherwise x.
INLINE V v_relu(V x) {
  return _mm256_andnot_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ), x);
}
/// 0 where y <= 0, otherwise x.
INLINE V v_where_active(V y, V x) {
  return _mm256_andnot_ps(_mm256_cmp_ps(y, _mm256_setzero_ps(), _CMP_LE_OQ), x);
}

/// The sums over the lanes of four vectors.
INLINE __m128 v_sum4(V a, V b, V c, V d) {
  V ab = _mm256_unpacklo_ps(a, b) + _mm256_unpackhi_ps(a, b);
  V cd = _mm256_unpacklo_ps(c, d) + _mm256_unpackhi_ps(c, d);
  V low = (V)_mm256_unpacklo_pd((__m256d)ab, (__m256d)cd);
  V high = (V)_mm256_unpackhi_pd((__m256d)ab, (__m256d)cd);
  V sums = low + high;
  return _mm256_castps256_ps128(sums) + _mm256_extractf128_ps(sums, 1);
}

/// Transposes W × W floats in place: pairs, then pairs of pairs, within 128 bits; then the halves.
INLINE void v_transpose(V r[W]) {
  V t[W];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 4) {
    r[i] = (V)_mm256_unpacklo_pd((__m256d)t[i], (__m256d)t[i + 2]);
    r[i + 1] = (V)_mm256_unpackhi_pd((__m256d)t[i], (__m256d)t[i + 2]);
    r[i + 2] = (V)_mm256_unpacklo_pd((__m256d)t[i + 1], (__m256d)t[i + 3]);
    r[i + 3] = (V)_mm256_unpackhi_pd((__m256d)t[i + 1], (__m256d)t[i + 3]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    t[c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x20);
    t[4 + c] = _mm256_permute2f128_ps(r[c], r[4 + c], 0x31);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) r[i] = t[i];
}
