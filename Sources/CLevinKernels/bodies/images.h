/// Resizing of pictures: weighted sums of bytes in whole numbers, 16 at a time.

typedef uint8_t Bytes __attribute__((vector_size(16)));
typedef int32_t Sums __attribute__((vector_size(64)));

INLINE Bytes load_bytes(const uint8_t *from, ptrdiff_t count) {
  Bytes bytes = {0};
  if (count >= 16) {
    memcpy(&bytes, from, 16);
  } else {
    memcpy(&bytes, from, (size_t)count);
  }
  return bytes;
}

INLINE void store_bytes(uint8_t *to, Bytes bytes, ptrdiff_t count) {
  if (count >= 16) {
    memcpy(to, &bytes, 16);
  } else {
    memcpy(to, &bytes, (size_t)count);
  }
}

// Sums are passed by address: by value they would have another ABI on each instruction set.

INLINE void add_weighted(Sums *sums, Bytes bytes, int32_t weight) {
  *sums += __builtin_convertvector(bytes, Sums) * weight;
}

INLINE Bytes bytes_of(const Sums *sums, int precision) {
  const Sums zero = {0};
  return __builtin_convertvector(
    __builtin_elementwise_min(__builtin_elementwise_max(*sums >> precision, zero), zero + 255), Bytes);
}

/// Turns rows into columns: four times the first half of the rows is interleaved with the second.
INLINE void transpose_bytes(Bytes square[16]) {
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
    Bytes next[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      next[2 * i] = __builtin_shufflevector(
        square[i], square[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
        square[i], square[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) square[i] = next[i];
  }
}

/// Resizes up to 16 rows. They become columns in `room`, so that a vector holds the same element of each row.
static void resize_band_u8(
  ptrdiff_t rows, ptrdiff_t channels, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t outputs,
  LevinResampling w, const int32_t *weights, int precision, uint8_t *out, uint8_t *room) {
  ptrdiff_t width = (w.first[outputs - 1] + w.count[outputs - 1]) * channels;
  ptrdiff_t length = outputs * channels;
  Bytes square[16] = {0};
  for (ptrdiff_t x = w.first[0] * channels / 16 * 16; x < width; x += 16) {
    for (ptrdiff_t r = 0; r < rows; r++) square[r] = load_bytes(in + r * ldin + x, width - x);
    transpose_bytes(square);
    memcpy(room + 16 * x, square, sizeof(square));
    for (ptrdiff_t r = rows; r < 16; r++) square[r] = (Bytes){0};
  }
  ptrdiff_t i = 0, c = 0;
  for (ptrdiff_t x = 0; x < length; x += 16) {
    ptrdiff_t count = at_most(length - x, 16);
    for (ptrdiff_t k = 0; k < count; k++) {
      const uint8_t *from = room + 16 * (w.first[i] * channels + c);
      const int32_t *weight = weights + i * w.taps;
      Sums sum = (Sums){0} + (1 << (precision - 1));
      for (ptrdiff_t j = 0; j < w.count[i]; j++)
        add_weighted(&sum, load_bytes(from + 16 * j * channels, 16), weight[j]);
      square[k] = bytes_of(&sum, precision);
      c = c + 1 == channels ? 0 : c + 1;
      i += c == 0;
    }
    transpose_bytes(square);
    for (ptrdiff_t r = 0; r < rows; r++) store_bytes(out + r * length + x, square[r], count);
  }
}

/// One output row: the sum of `count` rows.
static void sum_rows_u8(
  ptrdiff_t width, const uint8_t *in, ptrdiff_t ldin, ptrdiff_t count, const int32_t *weights,
  int precision, uint8_t *out) {
  for (ptrdiff_t x = 0; x < width; x += 16) {
    Sums sum = (Sums){0} + (1 << (precision - 1));
    for (ptrdiff_t j = 0; j < count; j++)
      add_weighted(&sum, load_bytes(in + j * ldin + x, width - x), weights[j]);
    store_bytes(out + x, bytes_of(&sum, precision), width - x);
  }
}

static void sum_rows_f32(
  ptrdiff_t width, const float *in, ptrdiff_t ldin, ptrdiff_t count, const float *weights,
  float *out) {
  for (ptrdiff_t x = 0; x < width; x++) out[x] = in[x] * weights[0];
  for (ptrdiff_t j = 1; j < count; j++)
    for (ptrdiff_t x = 0; x < width; x++) out[x] += in[j * ldin + x] * weights[j];
}
