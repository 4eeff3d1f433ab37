/// Sums and maps over the elements of one channel, or of one row. Sums are in double.

/// Adds up elements of a channel, image by image, in sixteen parts, which are added up in order at the end.
#define ADD_UP(A, B)                                                     \
  double first[normalizationParts], second[normalizationParts];          \
  memcpy(first, parts[0], sizeof first);                                 \
  memcpy(second, parts[1], sizeof second);                               \
  ptrdiff_t i = 0;                                                       \
  for (; i + normalizationParts <= count; i += normalizationParts)       \
    _Pragma("clang loop unroll(full)") for (int j = 0; j < normalizationParts; j++) { \
      first[j] += A(i + j);                                              \
      second[j] += B(i + j);                                             \
    }                                                                    \
  for (int j = 0; i + j < count; j++) {                                  \
    first[j] += A(i + j);                                                \
    second[j] += B(i + j);                                               \
  }                                                                      \
  memcpy(parts[0], first, sizeof first);                                 \
  memcpy(parts[1], second, sizeof second);

#define CHANNELS(T, SUFFIX)                                                                     \
  static void deviations_##SUFFIX(                                                              \
    ptrdiff_t count, const void *of, double mean, double parts[2][normalizationParts]) {        \
    const T *x = of;                                                                            \
    ADD_UP(DEVIATION, SQUARE)                                                                   \
  }                                                                                             \
  static void covariances_##SUFFIX(                                                             \
    ptrdiff_t count, const void *gradient, const void *of, double mean,                         \
    double parts[2][normalizationParts]) {                                                      \
    const T *dy = gradient, *x = of;                                                            \
    ADD_UP(GRADIENT, PRODUCT)                                                                   \
  }                                                                                             \
  static void affine_##SUFFIX(                                                                  \
    ptrdiff_t count, const void *of, double factor, const void *with, double other,             \
    double shift, void *to) {                                                                   \
    const T *x = of, *y = with;                                                                 \
    T *out = to;                                                                                \
    const T a = (T)factor, b = (T)other, c = (T)shift;                                          \
    if (y)                                                                                      \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++)      \
        out[i] = x[i] * a + (y[i] * b + c);                                                     \
    else                                                                                        \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++)      \
        out[i] = x[i] * a + c;                                                                  \
  }
/// The same with one sum per element, for adjacent channels with few points each.
#define COLUMNS(T, SUFFIX)                                                                \
  static void add_columns_##SUFFIX(                                                       \
    ptrdiff_t count, const void *gradient, const void *of, const double *levels,          \
    double *first, double *second) {                                                      \
    const T *dy = gradient, *x = of;                                                      \
    if (dy)                                                                               \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) { \
        first[i] += (double)dy[i];                                                        \
        second[i] += (double)dy[i] * ((double)x[i] - levels[i]);                          \
      }                                                                                   \
    else                                                                                  \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) { \
        const double d = (double)x[i] - levels[i];                                        \
        first[i] += d;                                                                    \
        second[i] += d * d;                                                               \
      }                                                                                   \
  }                                                                                       \
  static void affine_columns_##SUFFIX(                                                    \
    ptrdiff_t count, const void *of, const double *factors, const void *with,             \
    const double *others, const double *shifts, void *to) {                               \
    const T *x = of, *y = with;                                                           \
    T *out = to;                                                                          \
    if (y)                                                                                \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) \
        out[i] = x[i] * (T)factors[i] + (y[i] * (T)others[i] + (T)shifts[i]);             \
    else                                                                                  \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) \
        out[i] = x[i] * (T)factors[i] + (T)shifts[i];                                     \
  }
COLUMNS(float, f32)
COLUMNS(double, f64)
#undef COLUMNS

#define DEVIATION(I) ((double)x[I] - mean)
#define SQUARE(I) (DEVIATION(I) * DEVIATION(I))
#define GRADIENT(I) ((double)dy[I])
#define PRODUCT(I) (GRADIENT(I) * DEVIATION(I))
CHANNELS(float, f32)
CHANNELS(double, f64)
#undef CHANNELS
#undef ADD_UP
#undef DEVIATION
#undef SQUARE
#undef GRADIENT
#undef PRODUCT

// MARK: Rows

/// A vector of `x` with the mean subtracted, divided by the deviation.
INLINE V v_standardized(const float *x, ptrdiff_t n, LevinRowStatistics s) {
  return (v_load_n(x, n) - v_set((float)s.mean)) * v_set((float)s.inverse);
}

static LevinRowStatistics normalize_row(
  ptrdiff_t columns, const float *x, const float *weight, const float *bias, double epsilon,
  float *out) {
  // In one pass, with differences from the first element, so that few digits cancel.
  const float level = __builtin_isfinite(x[0]) ? x[0] : 0;
  VD sum = {0}, squares = {0};
  for (ptrdiff_t c = 0; c < columns; c += W) {
    const V d = v_load_or(x + c, columns - c, level) - v_set(level);
    vd_add(&sum, d);
    vd_add_product(&squares, d, d);
  }
  const double mean = vd_sum(&sum) / (double)columns;
  const double variance = vd_sum(&squares) / (double)columns - mean * mean;
  const LevinRowStatistics s = {
    level + mean, 1 / __builtin_sqrt((variance < 0 ? 0 : variance) + epsilon)};
  for (ptrdiff_t c = 0; c < columns; c += W) {
    ptrdiff_t n = columns - c;
    V y = v_standardized(x + c, n, s);
    if (weight) y *= v_load_n(weight + c, n);
    if (bias) y += v_load_n(bias + c, n);
    v_store_n(out + c, n, y);
  }
  return s;
}

/// dx = inverse · (g - mean g - y · mean (g · y)) with g = dy · weight and y the standardized x.
static void normalize_row_backward(
  ptrdiff_t columns, const float *dy, const float *x, const float *weight, LevinRowStatistics s,
  float *dx) {
  VD sum = {0}, products = {0};
  for (ptrdiff_t c = 0; c < columns; c += W) {
    ptrdiff_t n = columns - c;
    V g = v_load_n(dy + c, n);
    if (weight) g *= v_load_n(weight + c, n);
    vd_add(&sum, g);
    vd_add_product(&products, g, v_standardized(x + c, n, s));
  }
  const V level = v_set((float)(vd_sum(&sum) / (double)columns));
  const V along = v_set((float)(vd_sum(&products) / (double)columns));
  const V inverse = v_set((float)s.inverse);
  for (ptrdiff_t c = 0; c < columns; c += W) {
    ptrdiff_t n = columns - c;
    V g = v_load_n(dy + c, n);
    if (weight) g *= v_load_n(weight + c, n);
    V y = v_standardized(x + c, n, s);
    v_store_n(dx + c, n, (v_negated_fma(y, along, g) - level) * inverse);
  }
}

/// Σ dy · y and, unless `dbias` is null, Σ dy over the rows, for each of `columns` columns, as many at a time as fit in
/// the first-level cache.
static void normalized_columns(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x,
  const LevinRowStatistics *statistics, double *dweight, double *dbias) {
  // rowsAtOnce rows are added up in float32, while the one rowsAhead of them comes from memory.
  enum { vectors = 1024 / W, rowsAtOnce = 8, rowsAhead = 2 };
  for (ptrdiff_t first = 0; first < columns; first += vectors * W) {
    const ptrdiff_t width = at_most(columns - first, vectors * W);
    VD products[vectors] = {0}, sums[vectors] = {0};
    for (ptrdiff_t r = 0; r < rows; r += rowsAtOnce) {
      V product[vectors] = {0}, sum[vectors] = {0};
      for (ptrdiff_t i = r; i < at_most(rows, r + rowsAtOnce); i++)
        for (ptrdiff_t c = 0; c < width; c += W) {
          const float *g = dy + i * columns + first + c, *of = x + i * columns + first + c;
          __builtin_prefetch(g + rowsAhead * columns);
          __builtin_prefetch(of + rowsAhead * columns);
          const V own = v_load_n(g, width - c);
          const V y = v_standardized(of, width - c, statistics[i]);
          product[c / W] = v_fma(own, y, product[c / W]);
          if (dbias) sum[c / W] += own;
        }
      for (ptrdiff_t c = 0; c < width; c += W) {
        vd_add(&products[c / W], product[c / W]);
        if (dbias) vd_add(&sums[c / W], sum[c / W]);
      }
    }
    memcpy(dweight + first, products, (size_t)width * sizeof(double));
    if (dbias) memcpy(dbias + first, sums, (size_t)width * sizeof(double));
  }
}
