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
    V y = v_exp_of_negative(v_load_or(x + i, count - i, -__builtin_inff()) - v_set(shift));
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

// MARK: Along columns

/// The softmax of each of up to softmaxColumns columns of `rows` elements, or its logarithm, row by row. Rows lie `ld`
/// elements apart.
static void softmax_columns(
  bool logarithm, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t ld, const float *x, float *out) {
  V largest[softmaxColumns / W], scale[softmaxColumns / W];
  VD sums[softmaxColumns / W];
  for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) {
    largest[i] = v_set(-__builtin_inff());
    sums[i] = (VD){0};
  }
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++)
      largest[i] = v_max(largest[i], v_load_n(x + r * ld + c, columns - c));
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) {
      V y = v_exp_of_negative(v_load_n(x + r * ld + c, columns - c) - largest[i]);
      if (!logarithm) v_store_n(out + r * ld + c, columns - c, y);
      vd_add(&sums[i], y);
    }
  for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++)
    scale[i] = logarithm ? v_log(__builtin_convertvector(sums[i], V))
                         : __builtin_convertvector(1 / sums[i], V);
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) {
      V y = v_load_n((logarithm ? x : out) + r * ld + c, columns - c);
      v_store_n(
        out + r * ld + c, columns - c, logarithm ? y - largest[i] - scale[i] : y * scale[i]);
    }
}

static void softmax_columns_backward(
  bool logarithm, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t ld, const float *dy, const float *y,
  float *dx) {
  VD sums[softmaxColumns / W];
  V totals[softmaxColumns / W];
  for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) sums[i] = (VD){0};
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) {
      V own = v_load_n(dy + r * ld + c, columns - c);
      if (logarithm)
        vd_add(&sums[i], own);
      else
        vd_add_product(&sums[i], own, v_load_n(y + r * ld + c, columns - c));
    }
  for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++)
    totals[i] = __builtin_convertvector(sums[i], V);
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t c = 0, i = 0; c < columns; c += W, i++) {
      V own = v_load_n(dy + r * ld + c, columns - c);
      V of = v_load_n(y + r * ld + c, columns - c);
      v_store_n(
        dx + r * ld + c, columns - c,
        logarithm ? own - v_exp(of) * totals[i] : of * (own - totals[i]));
    }
}
