/// Sums and maps over the elements of one channel. Sums are in double, in sixteen parts that are added up in order.

enum { parts = 16 };

INLINE void add_parts(const double first[parts], const double second[parts], double total[2]) {
  for (int j = 0; j < parts; j++) {
    total[0] += first[j];
    total[1] += second[j];
  }
}

/// Adds a(i) to total[0] and b(i) to total[1] for each element i.
#define ADD_UP(A, B)                                                 \
  double first[parts] = {0}, second[parts] = {0};                    \
  ptrdiff_t i = 0;                                                   \
  for (; i + parts <= count; i += parts)                             \
    _Pragma("clang loop unroll(full)") for (int j = 0; j < parts; j++) { \
      first[j] += A(i + j);                                          \
      second[j] += B(i + j);                                         \
    }                                                                \
  for (int j = 0; i + j < count; j++) {                              \
    first[j] += A(i + j);                                            \
    second[j] += B(i + j);                                           \
  }                                                                  \
  add_parts(first, second, total);

#define CHANNELS(T, SUFFIX)                                                                     \
  static void deviations_##SUFFIX(                                                              \
    ptrdiff_t count, const void *of, double mean, double total[2]) {                            \
    const T *x = of;                                                                            \
    ADD_UP(DEVIATION, SQUARE)                                                                   \
  }                                                                                             \
  static void covariances_##SUFFIX(                                                             \
    ptrdiff_t count, const void *gradient, const void *of, double mean, double total[2]) {      \
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
      for (ptrdiff_t i = 0; i < count; i++) out[i] = x[i] * a + (y[i] * b + c);                 \
    else                                                                                        \
      for (ptrdiff_t i = 0; i < count; i++) out[i] = x[i] * a + c;                              \
  }
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
