/// CRC-32C, the checksum of TFRecord files: eight bytes per step if the processor has the instruction, otherwise half
/// a byte per step through a table.
#include <string.h>

#include "levin_runtime.h"
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

/// The remainder of zero after four bits have been shifted out; polynomial 0x82F63B78, bits reversed.
static const uint32_t table[16] = {
  0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u,
  0x417B1DBCu, 0x5125DAD3u, 0x61C69362u, 0x7198540Du,
  0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u,
  0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u,
};

static uint32_t by_table(uint32_t crc, const uint8_t *p, size_t count) {
  for (size_t i = 0; i < count; i++) {
    crc ^= p[i];
    crc = (crc >> 4) ^ table[crc & 15];
    crc = (crc >> 4) ^ table[crc & 15];
  }
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_instruction(
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
static bool has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }
#elif defined(__ARM_FEATURE_CRC32)
static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t count) {
  for (; count >= 8; p += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    crc = __crc32cd(crc, word);
  }
  for (; count > 0; p++, count--) crc = __crc32cb(crc, *p);
  return crc;
}
static bool has_instruction(void) { return true; }
#else
static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t count) {
  return by_table(crc, p, count);
}
static bool has_instruction(void) { return false; }
#endif

uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count) {
  bool fast = levin_isa() != LevinISAPlain && has_instruction();
#if defined(__ARM_FEATURE_CRC32)
  fast = true;
#endif
  return ~(fast ? by_instruction : by_table)(~crc, bytes, count);
}
