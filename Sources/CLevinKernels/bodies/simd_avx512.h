/// Vectors of sixteen floats with AVX-512 (F, BW, DQ, VL).
#define INLINE static inline __attribute__((always_inline))

typedef __m512 V;
enum {
  W = 16,        ///< floats in a vector
  hasFusedMultiplyAdd = 1,  ///< v_fma rounds once
  dotRows = 4,   ///< tile of dot products: dotRows × 4
  outerRows = 6,  ///< tile of outer products: outerRows × (outerVectors · W)
  outerVectors = 4,
};

INLINE V v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(float *p, V x) { _mm512_storeu_ps(p, x); }
INLINE V v_set(float x) { return _mm512_set1_ps(x); }
INLINE V v_bytes(const uint8_t *p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)));
}

INLINE __mmask16 v_mask(ptrdiff_t n) { return (__mmask16)((1u << n) - 1); }
/// The first n of W floats; the rest are zero on loading, unchanged on storing.
INLINE V v_load_n(const float *p, ptrdiff_t n) {
  return n >= W ? v_load(p) : _mm512_maskz_loadu_ps(v_mask(n), p);
}
INLINE void v_store_n(float *p, ptrdiff_t n, V x) {
  if (n >= W)
    v_store(p, x);
  else
    _mm512_mask_storeu_ps(p, v_mask(n), x);
}

INLINE V v_fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
/// c - a · b.
INLINE V v_negated_fma(V a, V b, V c) { return _mm512_fnmadd_ps(a, b, c); }

/// 0 where x < 0, otherwise x.
INLINE V v_relu(V x) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLT_UQ), x);
}
/// 0 where y <= 0, otherwise x.
INLINE V v_where_active(V y, V x) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(y, _mm512_setzero_ps(), _CMP_NLE_UQ), x);
}

/// The sums over the lanes of four vectors.
INLINE __m128 v_sum4(V a, V b, V c, V d) {
  V ab = _mm512_unpacklo_ps(a, b) + _mm512_unpackhi_ps(a, b);
  V cd = _mm512_unpacklo_ps(c, d) + _mm512_unpackhi_ps(c, d);
  V low = (V)_mm512_unpacklo_pd((__m512d)ab, (__m512d)cd);
  V high = (V)_mm512_unpackhi_pd((__m512d)ab, (__m512d)cd);
  V sums = low + high;
  __m256 halves = _mm512_castps512_ps256(sums) + _mm512_extractf32x8_ps(sums, 1);
  return _mm256_castps256_ps128(halves) + _mm256_extractf128_ps(halves, 1);
}

/// Transposes W × W floats in place: pairs, then pairs of pairs, within 128 bits; then the quarters.
INLINE void v_transpose(V r[W]) {
  V t[W];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4) {
    r[i] = (V)_mm512_unpacklo_pd((__m512d)t[i], (__m512d)t[i + 2]);
    r[i + 1] = (V)_mm512_unpackhi_pd((__m512d)t[i], (__m512d)t[i + 2]);
    r[i + 2] = (V)_mm512_unpacklo_pd((__m512d)t[i + 1], (__m512d)t[i + 3]);
    r[i + 3] = (V)_mm512_unpackhi_pd((__m512d)t[i + 1], (__m512d)t[i + 3]);
  }
  // Now the quarter q of r[4 g + c] holds column 4 q + c of rows 4 g...4 g + 3.
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    V low = _mm512_shuffle_f32x4(r[c], r[4 + c], 0x44), high = _mm512_shuffle_f32x4(r[c], r[4 + c], 0xEE);
    V low2 = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0x44);
    V high2 = _mm512_shuffle_f32x4(r[8 + c], r[12 + c], 0xEE);
    t[c] = _mm512_shuffle_f32x4(low, low2, 0x88);
    t[4 + c] = _mm512_shuffle_f32x4(low, low2, 0xDD);
    t[8 + c] = _mm512_shuffle_f32x4(high, high2, 0x88);
    t[12 + c] = _mm512_shuffle_f32x4(high, high2, 0xDD);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) r[i] = t[i];
}
