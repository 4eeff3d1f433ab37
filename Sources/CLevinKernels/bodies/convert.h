/// Conversions between element types.
#include <string.h>


/// Truncates towards zero into a range whose ends are powers of two (less one at the upper end);
/// NaN gives 0.
INLINE int64_t clamped(double x, double lowest, double limit, int64_t last) {
  if (!(x == x)) return 0;
  if (x < lowest) return (int64_t)lowest;
  return x >= limit ? last : (int64_t)x;
}

INLINE int32_t to_int32(double x) {
  return (int32_t)clamped(x, -0x1p31, 0x1p31, INT32_MAX);
}
INLINE int64_t to_int64(double x) { return clamped(x, -0x1p63, 0x1p63, INT64_MAX); }
INLINE uint8_t to_uint8(double x) { return (uint8_t)clamped(x, 0, 0x1p8, UINT8_MAX); }

/// One loop for a pair of types: `out` gets `value(in)`.
#define LOOP(TO, EXPRESSION)                                            \
  {                                                                     \
    TO *out = destination;                                              \
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (TO)(EXPRESSION); \
    return;                                                             \
  }

#define FROM_FLOAT(FROM)                                 \
  {                                                      \
    const FROM *in = source;                             \
    switch (to) {                                        \
      case LevinTypeFloat32: LOOP(float, in[i])          \
      case LevinTypeFloat64: LOOP(double, in[i])         \
      case LevinTypeInt32: LOOP(int32_t, to_int32(in[i])) \
      case LevinTypeInt64: LOOP(int64_t, to_int64(in[i])) \
      case LevinTypeUInt8: LOOP(uint8_t, to_uint8(in[i])) \
      case LevinTypeBool: LOOP(uint8_t, in[i] != 0)      \
    }                                                    \
    return;                                              \
  }

#define FROM_INTEGER(FROM)                          \
  {                                                 \
    const FROM *in = source;                        \
    switch (to) {                                   \
      case LevinTypeFloat32: LOOP(float, in[i])     \
      case LevinTypeFloat64: LOOP(double, in[i])    \
      case LevinTypeInt32: LOOP(int32_t, in[i])     \
      case LevinTypeInt64: LOOP(int64_t, in[i])     \
      case LevinTypeUInt8: LOOP(uint8_t, in[i])     \
      case LevinTypeBool: LOOP(uint8_t, in[i] != 0) \
    }                                               \
    return;                                         \
  }

static size_t size_of(LevinType type) {
  switch (type) {
    case LevinTypeFloat64:
    case LevinTypeInt64:
      return 8;
    case LevinTypeFloat32:
    case LevinTypeInt32:
      return 4;
    case LevinTypeUInt8:
    case LevinTypeBool:
      return 1;
  }
}

static void convert(
  ptrdiff_t count, const void *source, LevinType from, void *destination, LevinType to) {
  if (count <= 0) return;
  if (from == to) {
    memcpy(destination, source, (size_t)count * size_of(from));
    return;
  }
  switch (from) {
    case LevinTypeFloat32: FROM_FLOAT(float)
    case LevinTypeFloat64: FROM_FLOAT(double)
    case LevinTypeInt32: FROM_INTEGER(int32_t)
    case LevinTypeInt64: FROM_INTEGER(int64_t)
    case LevinTypeUInt8:
    case LevinTypeBool: FROM_INTEGER(uint8_t)
  }
}
