#ifndef LEVIN_IMAGES_H
#define LEVIN_IMAGES_H

/// Loops over pictures, for transforms. Each call runs on the caller's thread: a loader's workers share the samples.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One pass of a resize: output i is the sum of the inputs first[i] … first[i] + count[i] - 1, each times one of the
/// weights [i][taps].
typedef struct {
  const int32_t *first, *count;
  ptrdiff_t taps;
} LevinResampling;

/// Resizes rows of `channels` bytes a pixel to `outputs` pixels, as Pillow does: the sum with `weights` of `precision`
/// fractional bits is rounded and clipped to 0…255. `ldin` is the distance of rows in bytes; those of `out` follow
/// each other. The windows end one after the other; `room` has 16 bytes for each byte of a row, and 256 more.
void levin_resize_rows_u8(
  ptrdiff_t rows, ptrdiff_t channels, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs,
  LevinResampling windows, const int32_t *weights, int precision, uint8_t *out, uint8_t *room);

/// Resizes columns to `outputs` rows of `width` bytes each.
void levin_resize_columns_u8(
  ptrdiff_t width, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const int32_t *weights, int precision, uint8_t *out);

/// The same for one plane of floats, without clipping.
void levin_resize_rows_f32(
  ptrdiff_t rows, const float *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const float *weights, float *out);
void levin_resize_columns_f32(
  ptrdiff_t width, const float *in, ptrdiff_t ldin, ptrdiff_t outputs, LevinResampling windows,
  const float *weights, float *out);

/// out[c, i] = table[c, in[i, c]] for `count` pixels of `channels` bytes; `table` [channels][256].
void levin_planes_of_pixels(
  ptrdiff_t count, ptrdiff_t channels, const uint8_t *in, const float *table, float *out);

/// out[i, c] = in[c, i] for `count` pixels of `channels` bytes.
void levin_pixels_of_planes(
  ptrdiff_t count, ptrdiff_t channels, const uint8_t *in, uint8_t *out);

#pragma clang assume_nonnull end
#endif
