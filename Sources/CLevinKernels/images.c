#include "levin_images.h"

#include "kernels.h"

void levin_resize_rows_u8(
  ptrdiff_t rows, ptrdiff_t channels, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs,
  LevinResampling windows, const int32_t *weights, int precision, uint8_t *out, uint8_t *room) {
  const ptrdiff_t band = 16;
  for (ptrdiff_t r = 0; r < rows && outputs > 0; r += band)
    levin_kernels()->resize_band_u8(
      at_most(rows - r, band), channels, in + r * ldin, ldin, outputs, windows, weights, precision,
      out + r * outputs * channels, room);
}

void levin_resize_columns_u8(
  ptrdiff_t width, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const int32_t *weights, int precision, uint8_t *out) {
  for (ptrdiff_t i = 0; i < outputs; i++)
    levin_kernels()->sum_rows_u8(
      width, in + windows.first[i] * ldin, ldin, windows.count[i], weights + i * windows.taps,
      precision, out + i * width);
}

void levin_resize_rows_f32(
  ptrdiff_t rows, const float *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const float *weights, float *out) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t i = 0; i < outputs; i++) {
      const float *from = in + r * ldin + windows.first[i];
      float sum = 0;
      for (ptrdiff_t j = 0; j < windows.count[i]; j++)
        sum += from[j] * weights[i * windows.taps + j];
      out[r * outputs + i] = sum;
    }
}

void levin_resize_columns_f32(
  ptrdiff_t width, const float *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const float *weights, float *out) {
  for (ptrdiff_t i = 0; i < outputs; i++)
    levin_kernels()->sum_rows_f32(
      width, in + windows.first[i] * ldin, ldin, windows.count[i], weights + i * windows.taps,
      out + i * width);
}

void levin_planes_of_pixels(
  ptrdiff_t count, ptrdiff_t channels, const uint8_t *in, const float *table, float *out) {
  for (ptrdiff_t c = 0; c < channels; c++) {
    const float *values = table + c * 256;
    float *plane = out + c * count;
    for (ptrdiff_t i = 0; i < count; i++) plane[i] = values[in[i * channels + c]];
  }
}

void levin_pixels_of_planes(
  ptrdiff_t count, ptrdiff_t channels, const uint8_t *in, uint8_t *out) {
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t i = 0; i < count; i++) out[i * channels + c] = in[c * count + i];
}
