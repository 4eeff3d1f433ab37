/// Resizing of pictures. The loops are plain C: compilers vectorize those over columns for each instruction set.

static inline uint8_t to_byte(int32_t value) {
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/// Output pixel by output pixel, with the channels side by side.
static inline __attribute__((always_inline)) void resize_row_u8_of(
  ptrdiff_t channels, const uint8_t *in, ptrdiff_t outputs, LevinResampling w, const int32_t *weights,
  int precision, uint8_t *out) {
  for (ptrdiff_t i = 0; i < outputs; i++) {
    const uint8_t *from = in + w.first[i] * channels;
    const int32_t *weight = weights + i * w.taps;
    int32_t sums[4];
    for (ptrdiff_t c = 0; c < channels; c++) sums[c] = 1 << (precision - 1);
    for (ptrdiff_t j = 0; j < w.count[i]; j++)
      for (ptrdiff_t c = 0; c < channels; c++) sums[c] += from[j * channels + c] * weight[j];
    for (ptrdiff_t c = 0; c < channels; c++)
      out[i * channels + c] = to_byte(sums[c] >> precision);
  }
}

static void resize_row_u8(
  ptrdiff_t channels, const uint8_t *in, ptrdiff_t outputs, LevinResampling w, const int32_t *weights,
  int precision, uint8_t *out) {
  switch (channels) {
    case 1: return resize_row_u8_of(1, in, outputs, w, weights, precision, out);
    case 2: return resize_row_u8_of(2, in, outputs, w, weights, precision, out);
    case 3: return resize_row_u8_of(3, in, outputs, w, weights, precision, out);
    default: return resize_row_u8_of(4, in, outputs, w, weights, precision, out);
  }
}

/// One output row: the sum of `count` rows, a stretch of columns at a time.
static void sum_rows_u8(
  ptrdiff_t width, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t count, const int32_t *weights,
  int precision, uint8_t *out) {
  enum { stretch = 512 };
  int32_t sums[stretch];
  for (ptrdiff_t start = 0; start < width; start += stretch) {
    ptrdiff_t columns = at_most(width - start, stretch);
    for (ptrdiff_t x = 0; x < columns; x++) sums[x] = 1 << (precision - 1);
    for (ptrdiff_t j = 0; j < count; j++) {
      const uint8_t *row = in + j * ldin + start;
      int32_t weight = weights[j];
      for (ptrdiff_t x = 0; x < columns; x++) sums[x] += row[x] * weight;
    }
    for (ptrdiff_t x = 0; x < columns; x++) out[start + x] = to_byte(sums[x] >> precision);
  }
}

static void sum_rows_f32(
  ptrdiff_t width, const float *in, ptrdiff_t ldin, ptrdiff_t count, const float *weights,
  float *out) {
  for (ptrdiff_t x = 0; x < width; x++) out[x] = in[x] * weights[0];
  for (ptrdiff_t j = 1; j < count; j++)
    for (ptrdiff_t x = 0; x < width; x++) out[x] += in[j * ldin + x] * weights[j];
}
