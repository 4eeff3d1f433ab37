/// Sums down columns, transposition, elements at a distance.

/// W elements `stride` apart.
INLINE V v_strided(const float *p, ptrdiff_t stride) {
  if (stride == 1) return v_load(p);
  V x;
  if (stride == 2) {
    // The second vector begins one element early, so that nothing after the last element is read.
    const V low = v_load(p), high = v_load(p + W - 1);
#pragma clang loop unroll(full)
    for (int i = 0; i < W / 2; i++) {
      x[i] = low[2 * i];
      x[W / 2 + i] = high[2 * i + 1];
    }
    return x;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) x[i] = p[i * stride];
  return x;
}

/// Rows are added from first to last, so the sum of a column does not depend on its neighbours.
static void column_sums(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, bool accumulate) {
  for (ptrdiff_t c = 0; c < columns; c += W) {
    ptrdiff_t n = columns - c < W ? columns - c : W;
    V sum = v_set(0);
    if (n == W)
      for (ptrdiff_t r = 0; r < rows; r++) sum += v_load(x + r * ldx + c);
    else
      for (ptrdiff_t r = 0; r < rows; r++) sum += v_load_n(x + r * ldx + c, n);
    v_store_n(out + c, n, accumulate ? v_load_n(out + c, n) + sum : sum);
  }
}

/// By squares of W × W in registers; the edges one by one.
static void transpose(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  ptrdiff_t fullRows = rows - rows % W, fullColumns = columns - columns % W;
  for (ptrdiff_t r = 0; r < fullRows; r += W)
    for (ptrdiff_t c = 0; c < fullColumns; c += W) {
      V square[W];
#pragma clang loop unroll(full)
      for (int i = 0; i < W; i++) square[i] = v_load(x + (r + i) * ldx + c);
      v_transpose(square);
#pragma clang loop unroll(full)
      for (int i = 0; i < W; i++) v_store(out + (c + i) * ldout + r, square[i]);
    }
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = r < fullRows ? fullColumns : 0; c < columns; c++)
      out[c * ldout + r] = x[r * ldx + c];
}

/// The same for elements of other sizes, by squares of eight.
#define TRANSPOSE(T)                                                                        \
  {                                                                                         \
    const T *x = from;                                                                      \
    T *out = to;                                                                            \
    for (ptrdiff_t r = 0; r < rows; r += 8)                                                 \
      for (ptrdiff_t c = 0; c < columns; c += 8) {                                          \
        ptrdiff_t height = at_most(rows - r, 8), width = at_most(columns - c, 8);           \
        for (ptrdiff_t j = 0; j < width; j++)                                               \
          for (ptrdiff_t i = 0; i < height; i++)                                            \
            out[(c + j) * ldout + r + i] = x[(r + i) * ldx + c + j];                        \
      }                                                                                     \
    return;                                                                                 \
  }
static void transpose_any(
  size_t size, ptrdiff_t rows, ptrdiff_t columns, const void *from, ptrdiff_t ldx, void *to,
  ptrdiff_t ldout) {
  switch (size) {
    case 1: TRANSPOSE(uint8_t)
    case 2: TRANSPOSE(uint16_t)
    case 4: transpose(rows, columns, from, ldx, to, ldout); return;
    case 8: TRANSPOSE(uint64_t)
  }
}
#undef TRANSPOSE
