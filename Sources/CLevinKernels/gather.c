#include <string.h>

#include "levin_kernels.h"

void levin_normalization_table(
  ptrdiff_t channels, const float *mean, const float *std, float *table) {
  for (ptrdiff_t c = 0; c < channels; c++)
    for (int byte = 0; byte < 256; byte++) {
      // Each step is stored, so that it is rounded to float wherever this is compiled.
      volatile float unit = (float)byte / 255.0f;
      volatile float centred = unit - mean[c];
      table[256 * c + byte] = centred / std[c];
    }
}

void levin_gather_table(
  ptrdiff_t rows, const int64_t *indices, ptrdiff_t readable, const uint8_t *source,
  ptrdiff_t channels, ptrdiff_t pixels, const float *table, float *out) {
  (void)readable;
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0; c < channels; c++) {
      const uint8_t *row = source + (indices[r] * channels + c) * pixels;
      for (ptrdiff_t p = 0; p < pixels; p++) *out++ = table[256 * c + row[p]];
    }
}

void levin_gather_rows(
  ptrdiff_t rows, const int64_t *indices, const void *source, ptrdiff_t rowBytes, void *out) {
  for (ptrdiff_t r = 0; r < rows; r++)
    memcpy(
      (char *)out + r * rowBytes, (const char *)source + indices[r] * rowBytes, (size_t)rowBytes);
}
