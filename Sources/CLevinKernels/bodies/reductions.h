/// Sums in double, and the largest of a row. Never split.

static double sum(ptrdiff_t count, const float *x) {
  VD total = {0};
  for (ptrdiff_t i = 0; i < count; i += W) vd_add(&total, v_load_n(x + i, count - i));
  return vd_sum(&total);
}

static double sum_of_squares(ptrdiff_t count, const float *x) {
  VD total = {0};
  for (ptrdiff_t i = 0; i < count; i += W) {
    V value = v_load_n(x + i, count - i);
    vd_add_product(&total, value, value);
  }
  return vd_sum(&total);
}

/// x - x is 0 for a finite number and NaN for the others.
static bool all_finite(ptrdiff_t count, const float *x) {
  VI bad = {0};
  for (ptrdiff_t i = 0; i < count; i += W) {
    V value = v_load_n(x + i, count - i);
    bad |= (value - value) != v_set(0);
  }
  return !vi_any(bad);
}

/// The first place of the largest value, or of the first NaN.
static ptrdiff_t index_of_max(ptrdiff_t count, const float *x) {
  V largest = v_set(-__builtin_inff());
  VI unordered = {0};
  for (ptrdiff_t i = 0; i < count; i += W) {
    V value = v_load_or(x + i, count - i, -__builtin_inff());
    largest = v_max(largest, value);
    unordered |= value != value;
  }
  bool hasNaN = vi_any(unordered);
  float top = v_largest(largest);
  for (ptrdiff_t i = 0; i < count; i++)
    if (hasNaN ? x[i] != x[i] : x[i] == top) return i;
  return 0;
}
