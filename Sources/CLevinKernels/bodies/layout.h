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

/// By squares of W × W in registers; what is left at the edges, one by one.
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
