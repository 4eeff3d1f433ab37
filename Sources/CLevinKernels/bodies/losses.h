/// Softmax and functions based on it, row by row.

INLINE float largest_of(ptrdiff_t count, const float *x) {
  V largest = v_set(-__builtin_inff());
  for (ptrdiff_t i = 0; i < count; i += W)
    largest = v_max(largest, v_load_or(x + i, count - i, -__builtin_inff()));
  return v_largest(largest);
}

/// Σ exp(x - shift). Each exponential is stored in `out` if given, which may be x itself.
INLINE double exponentials(ptrdiff_t count, const float *x, float shift, float *out) {
  VD sum = {0};
  for (ptrdiff_t i = 0; i < count; i += W) {
    V y = v_exp(v_load_or(x + i, count - i, -__builtin_inff()) - v_set(shift));
    if (out) v_store_n(out + i, count - i, y);
    vd_add(&sum, y);
  }
  return vd_sum(&sum);
}

static void cross_entropy(
  ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
  const int64_t *targets, int64_t ignoreIndex, float scale, float *losses, float *gradient,
  ptrdiff_t ldgradient) {
  for (ptrdiff_t first = 0; first < batch; first += W) {
    // One logarithm for a whole vector of rows. Rows that do not count have log 1 - 0.
    float sums[W], margins[W];
    ptrdiff_t rows = batch - first < W ? batch - first : W;
    for (ptrdiff_t i = 0; i < W; i++) {
      ptrdiff_t r = first + i;
      bool counts = i < rows && targets[r] != ignoreIndex;
      sums[i] = 1;
      margins[i] = 0;
      float *out = gradient && i < rows ? gradient + r * ldgradient : NULL;
      if (!counts) {
        for (ptrdiff_t c = 0; out && c < classes; c++) out[c] = 0;
        continue;
      }
      const float *x = logits + r * ldlogits;
      float largest = largest_of(classes, x);
      margins[i] = x[targets[r]] - largest;
      double sum = exponentials(classes, x, largest, out);
      sums[i] = (float)sum;
      if (!out) continue;
      V factor = v_set((float)(scale / sum));
      for (ptrdiff_t c = 0; c < classes; c += W)
        v_store_n(out + c, classes - c, v_load_n(out + c, classes - c) * factor);
      out[targets[r]] -= scale;
    }
    v_store_n(losses + first, rows, v_log(v_load(sums)) - v_load(margins));
  }
}

static void softmax(ptrdiff_t columns, const float *x, float *out) {
  double sum = exponentials(columns, x, largest_of(columns, x), out);
  V factor = v_set((float)(1 / sum));
  for (ptrdiff_t c = 0; c < columns; c += W)
    v_store_n(out + c, columns - c, v_load_n(out + c, columns - c) * factor);
}

static void softmax_backward(ptrdiff_t columns, const float *dy, const float *y, float *dx) {
  VD sum = {0};
  for (ptrdiff_t c = 0; c < columns; c += W)
    vd_add_product(&sum, v_load_n(dy + c, columns - c), v_load_n(y + c, columns - c));
  V dot = v_set((float)vd_sum(&sum));
  for (ptrdiff_t c = 0; c < columns; c += W)
    v_store_n(
      dx + c, columns - c,
      v_load_n(y + c, columns - c) * (v_load_n(dy + c, columns - c) - dot));
}

static void log_softmax(ptrdiff_t columns, const float *x, float *out) {
  float largest = largest_of(columns, x);
  V logarithm = v_log(v_set((float)exponentials(columns, x, largest, NULL)));
  for (ptrdiff_t c = 0; c < columns; c += W)
    v_store_n(out + c, columns - c, v_load_n(x + c, columns - c) - v_set(largest) - logarithm);
}

static void log_softmax_backward(ptrdiff_t columns, const float *dy, const float *y, float *dx) {
  VD total = {0};
  for (ptrdiff_t c = 0; c < columns; c += W) vd_add(&total, v_load_n(dy + c, columns - c));
  V sum = v_set((float)vd_sum(&total));
  for (ptrdiff_t c = 0; c < columns; c += W)
    v_store_n(
      dx + c, columns - c,
      v_load_n(dy + c, columns - c) - v_exp(v_load_n(y + c, columns - c)) * sum);
}
