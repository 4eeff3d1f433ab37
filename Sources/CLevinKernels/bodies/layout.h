/// Sums down columns, and transposition.

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

/// By squares of 16 × 16, so that the lines of both sides stay in the first cache.
static void transpose(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  enum { side = 16 };
  for (ptrdiff_t r = 0; r < rows; r += side)
    for (ptrdiff_t c = 0; c < columns; c += side) {
      ptrdiff_t height = rows - r < side ? rows - r : side;
      ptrdiff_t width = columns - c < side ? columns - c : side;
      for (ptrdiff_t j = 0; j < width; j++)
        for (ptrdiff_t i = 0; i < height; i++)
          out[(c + j) * ldout + r + i] = x[(r + i) * ldx + c + j];
    }
}
