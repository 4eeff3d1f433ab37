/// CRC-32C and CRC-32. On x86 long data is folded 64 bytes at a time by carry-less multiplication (Gopal and others, "Fast
/// CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009). The rest goes eight bytes per step
/// through the processor's instruction, or half a byte per step through a table.
#include <string.h>

#include "levin_runtime.h"
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

typedef uint32_t Continue(uint32_t crc, const uint8_t *p, size_t count);

/// A polynomial, bits reversed.
typedef struct {
  /// The remainders of zero after four bits have been shifted out.
  uint32_t table[16];
  /// x^(64·8+32), x^(64·8−32), x^(16·8+32) and x^(16·8−32) modulo the polynomial, bits reversed, shifted left by one:
  /// the factors that move each half of 16 bytes on by 64 and by 16 bytes.
  uint64_t by64[2], by16[2];
} Polynomial;

#if !defined(__ARM_FEATURE_CRC32)
/// 0x82F63B78.
static const Polynomial castagnoli = {
  {0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u, 0x61C69362u,
    0x7198540Du, 0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u, 0xC38D26C4u, 0xD3D3E1ABu,
    0xE330A81Au, 0xF36E6F75u},
  {0x0740EEF02, 0x09E4ADDF8}, {0x0F20C0DFE, 0x14CD00BD6},
};

#if defined(__x86_64__)
/// 0xEDB88320, of gzip, zip and PNG.
static const Polynomial ieee = {
  {0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u,
    0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u,
    0xA00AE278u, 0xBDBDF21Cu},
  {0x154442BD4, 0x1C6E41596}, {0x1751997D0, 0x0CCAA009E},
};
#endif

static uint32_t by_table(
  const Polynomial *polynomial, uint32_t crc, const uint8_t *p, size_t count) {
  const uint32_t *table = polynomial->table;
  for (size_t i = 0; i < count; i++) {
    crc ^= p[i];
    crc = (crc >> 4) ^ table[crc & 15];
    crc = (crc >> 4) ^ table[crc & 15];
  }
  return crc;
}
static uint32_t castagnoli_by_table(uint32_t crc, const uint8_t *p, size_t count) {
  return by_table(&castagnoli, crc, p, count);
}
#endif

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t castagnoli_by_instruction(
  uint32_t crc, const uint8_t *p, size_t count) {
  uint64_t wide = crc;
  for (; count >= 8; p += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = (uint32_t)wide;
  for (; count > 0; p++, count--) crc = _mm_crc32_u8(crc, *p);
  return crc;
}
static uint32_t ieee_by_table(uint32_t crc, const uint8_t *p, size_t count) {
  return by_table(&ieee, crc, p, count);
}

/// The remainder of `x` moved on by the distance of `factors`, added to 16 more bytes.
__attribute__((target("pclmul,sse4.2"))) static inline __m128i moved(
  __m128i x, __m128i factors, const uint8_t *more) {
  __m128i low = _mm_clmulepi64_si128(x, factors, 0x00);
  __m128i high = _mm_clmulepi64_si128(x, factors, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), _mm_loadu_si128((const __m128i *)more));
}

/// Takes at least 64 bytes.
__attribute__((target("pclmul,sse4.2"))) static uint32_t folded(
  const Polynomial *polynomial, Continue *finish, uint32_t crc, const uint8_t *p, size_t count) {
  const __m128i by64 = _mm_loadu_si128((const __m128i *)polynomial->by64);
  const __m128i by16 = _mm_loadu_si128((const __m128i *)polynomial->by16);
  __m128i x[4];
  for (int i = 0; i < 4; i++) x[i] = _mm_loadu_si128((const __m128i *)p + i);
  x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)crc));
  for (p += 64, count -= 64; count >= 64; p += 64, count -= 64) {
    for (int i = 0; i < 4; i++) x[i] = moved(x[i], by64, p + 16 * i);
  }
  uint8_t block[16];
  for (int i = 1; i < 4; i++) {
    _mm_storeu_si128((__m128i *)block, x[i]);
    x[i] = moved(x[i - 1], by16, block);
  }
  for (; count >= 16; p += 16, count -= 16) x[3] = moved(x[3], by16, p);
  _mm_storeu_si128((__m128i *)block, x[3]);
  return finish(finish(0, block, 16), p, count);
}
#elif defined(__ARM_FEATURE_CRC32)
static uint32_t castagnoli_by_instruction(uint32_t crc, const uint8_t *p, size_t count) {
  for (; count >= 8; p += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __crc32cd(crc, word);
  }
  for (; count > 0; p++, count--) crc = __crc32cb(crc, *p);
  return crc;
}
#endif

uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count) {
#if defined(__ARM_FEATURE_CRC32)
  return ~castagnoli_by_instruction(~crc, bytes, count);
#else
#if defined(__x86_64__)
  if (levin_isa() != LevinISAPlain && __builtin_cpu_supports("sse4.2")) {
    return count >= 256 && __builtin_cpu_supports("pclmul")
      ? ~folded(&castagnoli, castagnoli_by_instruction, ~crc, bytes, count)
      : ~castagnoli_by_instruction(~crc, bytes, count);
  }
#endif
  return ~castagnoli_by_table(~crc, bytes, count);
#endif
}

bool levin_crc32(uint32_t *crc, const void *bytes, size_t count) {
#if defined(__x86_64__)
  if (count >= 64 && levin_isa() != LevinISAPlain && __builtin_cpu_supports("sse4.2") &&
    __builtin_cpu_supports("pclmul")) {
    *crc = ~folded(&ieee, ieee_by_table, ~*crc, bytes, count);
    return true;
  }
#else
  // On ARM, zlib has the processor's instruction.
  (void)crc;
  (void)bytes;
  (void)count;
#endif
  return false;
}
