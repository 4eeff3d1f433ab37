/// Random numbers: the words of the Mersenne twister, and numbers made from them.
#include <math.h>

/// Replaces the 624 words of MT19937 by the next ones. Each depends on words that are 227 or more positions away, and
/// on the next word, so vectors of them can be computed at a time.
static void twist(uint32_t *words) {
  enum { length = 624, middle = 397 };
#define NEXT(I, FOLLOWING, PARTNER)                                                \
  {                                                                                \
    const uint32_t following = words[FOLLOWING];                                   \
    const uint32_t mixed = (words[I] & 0x80000000u) | (following & 0x7fffffffu);   \
    words[I] = words[PARTNER] ^ (mixed >> 1) ^ ((0 - (following & 1)) & 0x9908b0dfu); \
  }
  _Pragma("clang loop vectorize(assume_safety) interleave_count(1)") for (int i = 0; i < length - middle; i++)
    NEXT(i, i + 1, i + middle)
  _Pragma("clang loop vectorize(assume_safety) interleave_count(1)") for (int i = length - middle; i < length - 1; i++)
    NEXT(i, i + 1, i + middle - length)
  NEXT(length - 1, 0, middle - 1)
#undef NEXT
}

/// The output of the twister for its words.
static void temper(ptrdiff_t count, const uint32_t *words, uint32_t *bits) {
  for (ptrdiff_t i = 0; i < count; i++) {
    uint32_t x = words[i];
    x ^= x >> 11;
    x ^= (x << 7) & 0x9d2c5680u;
    x ^= (x << 15) & 0xefc60000u;
    bits[i] = x ^ (x >> 18);
  }
}

/// low + width · u, rounded once, with u in 0..<1 from the low 24 bits.
static void uniform_f32(ptrdiff_t count, const uint32_t *bits, float low, float width, float *out) {
  if (low == 0 && width == 1)
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (float)(int32_t)(bits[i] & 0xffffff) * 0x1p-24f;
  else
    for (ptrdiff_t i = 0; i < count; i++)
      out[i] = fmaf((float)(int32_t)(bits[i] & 0xffffff) * 0x1p-24f, width, low);
}

/// Sine and cosine of x in 0...2π: removes whole quarter turns and sums the series of both for the rest r; the next
/// terms are below 2⁻²⁴.
INLINE void v_sine_and_cosine(V x, V *sine, V *cosine) {
  V shifted = v_fma(x, v_set(0x1.45f306p-1f), v_set(ROUNDER));
  VI quarter = (VI)shifted - (VI)v_set(ROUNDER);
  V whole = shifted - v_set(ROUNDER);
  // π/2 in two parts; the first has so few bits that its product with a quarter is exact.
  V r = v_fma(whole, v_set(-0x1.92p0f), x);
  r = v_fma(whole, v_set(-0x1.fb5444p-12f), r);
  V z = r * r;
  V s = v_fma(z, v_set(1.0f / 362880), v_set(-1.0f / 5040));
  s = v_fma(s, z, v_set(1.0f / 120));
  s = v_fma(s, z, v_set(-1.0f / 6));
  s = v_fma(s * z, r, r);
  V c = v_fma(z, v_set(1.0f / 40320), v_set(-1.0f / 720));
  c = v_fma(c, z, v_set(1.0f / 24));
  c = v_fma(c, z, v_set(-0.5f));
  c = v_fma(c, z, v_set(1));
  VI isOdd = (quarter & vi_set(1)) != vi_set(0);
  VI sineSign = (quarter & vi_set(2)) << 30, cosineSign = ((quarter + vi_set(1)) & vi_set(2)) << 30;
  *sine = (V)((VI)v_select(isOdd, c, s) ^ sineSign);
  *cosine = (V)((VI)v_select(isOdd, s, c) ^ cosineSign);
}

/// Turns uniform numbers into normal ones (Box and Muller 1958), in blocks of sixteen: eight radii, then eight
/// angles.
static void normal_f32(ptrdiff_t blocks, float mean, float deviation, float *values) {
  enum { half = W < 8 ? W : 8 };
  for (ptrdiff_t block = 0; block < blocks; block++, values += 16)
    for (int i = 0; i < 8; i += half) {
      V radius = v_sqrt(v_set(-2) * v_log(v_set(1) - v_load_n(values + i, half)));
      V sine, cosine;
      v_sine_and_cosine(v_set(0x1.921fb6p2f) * v_load_n(values + 8 + i, half), &sine, &cosine);
      v_store_n(values + i, half, radius * cosine * v_set(deviation) + v_set(mean));
      v_store_n(values + 8 + i, half, radius * sine * v_set(deviation) + v_set(mean));
    }
}
