/// The fast path of the gather: AVX-512 VBMI looks up 64 bytes at a time in a table kept in registers.
#include "kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>

bool levin_has_vbmi(void) { return __builtin_cpu_supports("avx512vbmi"); }

#pragma clang attribute push(                                                         \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,bmi2"))), apply_to = \
    function)

#define INLINE static inline __attribute__((always_inline))

/// The four bytes of each of 256 floats as four planes of 256 bytes, each in four registers.
typedef struct {
  __m512i plane[4][4];
} Planes;

INLINE Planes planes_of(const float *table) {
  uint8_t bytes[4][256];
  for (int i = 0; i < 256; i += 16) {
    __m512i floats = _mm512_loadu_si512(table + i);
    for (int b = 0; b < 4; b++)
      _mm_storeu_si128(
        (__m128i *)(bytes[b] + i), _mm512_cvtepi32_epi8(_mm512_srli_epi32(floats, 8 * (unsigned)b)));
  }
  Planes planes;
#pragma clang loop unroll(full)
  for (int b = 0; b < 4; b++)
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) planes.plane[b][q] = _mm512_loadu_si512(bytes[b] + 64 * q);
  return planes;
}

/// The entries at 64 indices, in one plane: two halves of the table, chosen by each index's top bit.
INLINE __m512i look_up(const __m512i plane[4], __m512i indices, __mmask64 upper) {
  __m512i low = _mm512_permutex2var_epi8(plane[0], indices, plane[1]);
  __m512i high = _mm512_permutex2var_epi8(plane[2], indices, plane[3]);
  return _mm512_mask_blend_epi8(upper, low, high);
}

/// Turns 64 bytes into four vectors of floats.
INLINE void look_up_floats(const Planes *planes, __m512i bytes, __m512i order, __m512i out[4]) {
  __m512i indices = _mm512_permutexvar_epi8(order, bytes);
  __mmask64 upper = _mm512_movepi8_mask(indices);
  __m512i b0 = look_up(planes->plane[0], indices, upper);
  __m512i b1 = look_up(planes->plane[1], indices, upper);
  __m512i b2 = look_up(planes->plane[2], indices, upper);
  __m512i b3 = look_up(planes->plane[3], indices, upper);
  __m512i low01 = _mm512_unpacklo_epi8(b0, b1), high01 = _mm512_unpackhi_epi8(b0, b1);
  __m512i low23 = _mm512_unpacklo_epi8(b2, b3), high23 = _mm512_unpackhi_epi8(b2, b3);
  out[0] = _mm512_unpacklo_epi16(low01, low23);
  out[1] = _mm512_unpackhi_epi16(low01, low23);
  out[2] = _mm512_unpacklo_epi16(high01, high23);
  out[3] = _mm512_unpackhi_epi16(high01, high23);
}

void levin_gather_table_vbmi(const Gather *g, ptrdiff_t begin, ptrdiff_t end) {
  // Unpacking works within 128 bits: lane l's bytes 4q...4q+3 end up in vector q. For vector q to hold indices
  // 16q...16q+15, byte 16l + 4q + i must take index 16q + 4l + i.
  uint8_t places[64];
  for (int l = 0; l < 4; l++)
    for (int q = 0; q < 4; q++)
      for (int i = 0; i < 4; i++) places[16 * l + 4 * q + i] = (uint8_t)(16 * q + 4 * l + i);
  __m512i order = _mm512_loadu_si512(places);
  Planes planes = planes_of(g->table);

  ptrdiff_t count = g->count;
  for (ptrdiff_t r = begin; r < end; r++) {
    const uint8_t *ahead = levin_row_ahead(g, r, begin, end);
    const uint8_t *bytes = g->source + g->indices[r] * g->size + g->first;
    float *out = g->out + r * g->size + g->first;
    __m512i floats[4];
    ptrdiff_t p = 0;
    for (; p + 64 <= count; p += 64) {
      __builtin_prefetch(ahead + p);
      look_up_floats(&planes, _mm512_loadu_si512(bytes + p), order, floats);
      for (int q = 0; q < 4; q++) _mm512_storeu_si512(out + p + 16 * q, floats[q]);
    }
    __builtin_prefetch(ahead + count - 1);
    if (p == count) continue;
    __mmask64 rest = _bzhi_u64(~0ull, (unsigned)(count - p));
    look_up_floats(&planes, _mm512_maskz_loadu_epi8(rest, bytes + p), order, floats);
    for (int q = 0; q < 4; q++)
      _mm512_mask_storeu_epi32(out + p + 16 * q, (__mmask16)(rest >> 16 * q), floats[q]);
  }
}
#pragma clang attribute pop
#endif
