/// Sums, products and extremes, in double or in int64. Never split.

static double sum(ptrdiff_t count, const float *x) {
  VD total = {0};
  for (ptrdiff_t i = 0; i < count; i += W) vd_add(&total, v_load_n(x + i, count - i));
  return vd_sum(&total);
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

#define LARGER(X, Y) ((X) > (Y) || (X) != (X) ? (X) : (Y))
#define SMALLER(X, Y) ((X) < (Y) || (X) != (X) ? (X) : (Y))

/// Eight partial results side by side, whatever the width of a vector: all instruction sets give the
/// same bits.
#define FOLD(T, START, COMBINE)                               \
  {                                                           \
    enum { lanes = 8 };                                       \
    T part[lanes];                                            \
    for (int l = 0; l < lanes; l++) part[l] = START;          \
    ptrdiff_t whole = count - count % lanes;                  \
    for (ptrdiff_t i = 0; i < whole; i += lanes)              \
      for (int l = 0; l < lanes; l++) {                       \
        const T a = part[l], b = x[i + l];                    \
        part[l] = COMBINE;                                    \
      }                                                       \
    for (ptrdiff_t i = whole; i < count; i++) {               \
      const T a = part[i - whole], b = x[i];                  \
      part[i - whole] = COMBINE;                              \
    }                                                         \
    for (int half = lanes / 2; half >= 1; half /= 2)          \
      for (int l = 0; l < half; l++) {                        \
        const T a = part[l], b = part[l + half];              \
        part[l] = COMBINE;                                    \
      }                                                       \
    return part[0];                                           \
  }

#define ADD_I ((int64_t)((uint64_t)a + (uint64_t)b))
#define MULTIPLY_I ((int64_t)((uint64_t)a * (uint64_t)b))

static double fold_f32(LevinReduction op, ptrdiff_t count, const float *x) {
  switch (op) {
    case LevinReductionSum: return sum(count, x);
    case LevinReductionProduct: FOLD(double, 1, a * b)
    case LevinReductionMaximum: FOLD(double, -__builtin_inf(), LARGER(a, b))
    case LevinReductionMinimum: FOLD(double, __builtin_inf(), SMALLER(a, b))
  }
}
static double fold_f64(LevinReduction op, ptrdiff_t count, const double *x) {
  switch (op) {
    case LevinReductionSum: FOLD(double, 0, a + b)
    case LevinReductionProduct: FOLD(double, 1, a * b)
    case LevinReductionMaximum: FOLD(double, -__builtin_inf(), LARGER(a, b))
    case LevinReductionMinimum: FOLD(double, __builtin_inf(), SMALLER(a, b))
  }
}
static int64_t fold_i64(LevinReduction op, ptrdiff_t count, const int64_t *x) {
  switch (op) {
    case LevinReductionSum: FOLD(int64_t, 0, ADD_I)
    case LevinReductionProduct: FOLD(int64_t, 1, MULTIPLY_I)
    case LevinReductionMaximum: FOLD(int64_t, INT64_MIN, (a > b ? a : b))
    case LevinReductionMinimum: FOLD(int64_t, INT64_MAX, (a < b ? a : b))
  }
}
#undef FOLD

/// total[i] = total[i] combined with x[i].
#define EACH(T, COMBINE)                                                                   \
  {                                                                                        \
    _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) { \
      const T a = total[i], b = x[i];                                                      \
      total[i] = COMBINE;                                                                  \
    }                                                                                      \
    return;                                                                                \
  }

static void accumulate_f32(LevinReduction op, ptrdiff_t count, const float *x, double *total) {
  switch (op) {
    case LevinReductionSum: EACH(double, a + b)
    case LevinReductionProduct: EACH(double, a * b)
    case LevinReductionMaximum: EACH(double, LARGER(a, b))
    case LevinReductionMinimum: EACH(double, SMALLER(a, b))
  }
}
static void accumulate_f64(LevinReduction op, ptrdiff_t count, const double *x, double *total) {
  switch (op) {
    case LevinReductionSum: EACH(double, a + b)
    case LevinReductionProduct: EACH(double, a * b)
    case LevinReductionMaximum: EACH(double, LARGER(a, b))
    case LevinReductionMinimum: EACH(double, SMALLER(a, b))
  }
}
static void accumulate_i64(LevinReduction op, ptrdiff_t count, const int64_t *x, int64_t *total) {
  switch (op) {
    case LevinReductionSum: EACH(int64_t, ADD_I)
    case LevinReductionProduct: EACH(int64_t, MULTIPLY_I)
    case LevinReductionMaximum: EACH(int64_t, (a > b ? a : b))
    case LevinReductionMinimum: EACH(int64_t, (a < b ? a : b))
  }
}
#undef EACH
#undef LARGER
#undef SMALLER
#undef ADD_I
#undef MULTIPLY_I
