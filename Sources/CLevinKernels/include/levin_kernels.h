#ifndef LEVIN_KERNELS_H
#define LEVIN_KERNELS_H
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start).
uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count);

#endif
