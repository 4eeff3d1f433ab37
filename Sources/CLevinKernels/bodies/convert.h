/// Conversions between element types, of contiguous elements.
#include <string.h>

// Floats become integers by truncation. Values that do not fit, and NaN, become the least integer, as with the
// processor's own instruction; bytes are the low bytes of the integer.
INLINE int64_t to_int64(double x) {
  return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
}
INLINE int32_t to_int32(double x) {
  return x > -0x1p31 - 1 && x < 0x1p31 ? (int32_t)x : INT32_MIN;
}
INLINE uint8_t to_uint8(double x) { return (uint8_t)to_int64(x); }

INLINE float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}
INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

INLINE float from_bfloat16(uint16_t x) { return from_bits((uint32_t)x << 16); }
/// Rounds to the nearest, ties to even; NaN stays NaN.
INLINE uint16_t to_bfloat16(float x) {
  uint32_t bits = bits_of(x);
  if (x != x) return 0x7fc0;
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

INLINE float from_float16(uint16_t x) {
  uint32_t sign = (uint32_t)(x & 0x8000) << 16, rest = x & 0x7fff;
  if (rest >= 0x7c00) return from_bits(sign | 0x7f800000 | (rest & 0x3ff) << 13);
  // Scaling turns denormal numbers into normal ones.
  float value = from_bits(rest << 13) * 0x1p112f;
  return from_bits(sign | bits_of(value));
}
/// Rounds to the nearest, ties to even; values that are too large become infinite, NaN stays NaN.
INLINE uint16_t to_float16(float x) {
  uint32_t bits = bits_of(x), sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
  if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00);
  if (rest >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
  if (rest < 0x38800000) {
    // Below 2⁻¹⁴ the last bit is worth 2⁻²⁴: adding a half lets the addition round to it.
    return (uint16_t)(sign | (bits_of(from_bits(rest) + 0.5f) - 0x3f000000));
  }
  return (uint16_t)(sign | (rest + 0xc8000fff + (rest >> 13 & 1)) >> 13);
}

/// A loop for a pair of types: sets `out` to the expression of `in`.
#define LOOP(TO, EXPRESSION)                                            \
  {                                                                     \
    TO *out = destination;                                              \
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (TO)(EXPRESSION);    \
    return;                                                             \
  }

#define FROM_FLOAT(FROM, VALUE)                              \
  {                                                          \
    const FROM *in = source;                                 \
    switch (to) {                                            \
      case LevinTypeFloat32: LOOP(float, VALUE)              \
      case LevinTypeFloat64: LOOP(double, VALUE)             \
      case LevinTypeInt32: LOOP(int32_t, to_int32(VALUE))    \
      case LevinTypeInt64: LOOP(int64_t, to_int64(VALUE))    \
      case LevinTypeUInt8: LOOP(uint8_t, to_uint8(VALUE))    \
      case LevinTypeBool: LOOP(uint8_t, VALUE != 0)          \
      case LevinTypeFloat16: LOOP(uint16_t, to_float16((float)VALUE))   \
      case LevinTypeBFloat16: LOOP(uint16_t, to_bfloat16((float)VALUE)) \
    }                                                        \
    return;                                                  \
  }

#define FROM_INTEGER(FROM)                                             \
  {                                                                    \
    const FROM *in = source;                                           \
    switch (to) {                                                      \
      case LevinTypeFloat32: LOOP(float, in[i])                        \
      case LevinTypeFloat64: LOOP(double, in[i])                       \
      case LevinTypeInt32: LOOP(int32_t, in[i])                        \
      case LevinTypeInt64: LOOP(int64_t, in[i])                        \
      case LevinTypeUInt8: LOOP(uint8_t, in[i])                        \
      case LevinTypeBool: LOOP(uint8_t, in[i] != 0)                    \
      case LevinTypeFloat16: LOOP(uint16_t, to_float16((float)in[i]))  \
      case LevinTypeBFloat16: LOOP(uint16_t, to_bfloat16((float)in[i])) \
    }                                                                  \
    return;                                                            \
  }

static void convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to) {
  if (count <= 0) return;
  if (from == to) {
    memcpy(destination, source, (size_t)count * levin_size_of(from));
    return;
  }
  switch (from) {
    case LevinTypeFloat32: FROM_FLOAT(float, in[i])
    case LevinTypeFloat64: FROM_FLOAT(double, in[i])
    case LevinTypeFloat16: FROM_FLOAT(uint16_t, from_float16(in[i]))
    case LevinTypeBFloat16: FROM_FLOAT(uint16_t, from_bfloat16(in[i]))
    case LevinTypeInt32: FROM_INTEGER(int32_t)
    case LevinTypeInt64: FROM_INTEGER(int64_t)
    case LevinTypeUInt8:
    case LevinTypeBool: FROM_INTEGER(uint8_t)
  }
}
#undef LOOP
#undef FROM_FLOAT
#undef FROM_INTEGER
