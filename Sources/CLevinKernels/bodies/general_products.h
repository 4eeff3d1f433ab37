/// C = A · B of eight-byte elements, by any strides: four rows of C at a time, a term after the other, so
/// that the order of a sum depends on nothing.

#define GENERAL_PRODUCT(T, SUFFIX)                                                                  \
  static void product_##SUFFIX(                                                                     \
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix left, LevinMatrix right, void *to) {         \
    const T *a = left.data, *b = right.data;                                                        \
    T *out = to;                                                                                    \
    for (ptrdiff_t i = 0; i < m; i += 4) {                                                          \
      ptrdiff_t rows = m - i < 4 ? m - i : 4;                                                       \
      for (ptrdiff_t e = i * n; e < (i + rows) * n; e++) out[e] = 0;                                \
      for (ptrdiff_t p = 0; p < k; p++) {                                                           \
        const T *row = b + p * right.row;                                                           \
        for (ptrdiff_t r = 0; r < rows; r++) {                                                      \
          const T factor = a[(i + r) * left.row + p * left.column];                                 \
          T *c = out + (i + r) * n;                                                                 \
          if (right.column == 1) {                                                                  \
            _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t j = 0; j < n; j++) c[j] += \
              factor * row[j];                                                                      \
          } else {                                                                                  \
            for (ptrdiff_t j = 0; j < n; j++) c[j] += factor * row[j * right.column];               \
          }                                                                                         \
        }                                                                                           \
      }                                                                                             \
    }                                                                                               \
  }
GENERAL_PRODUCT(double, f64)
GENERAL_PRODUCT(uint64_t, i64)
#undef GENERAL_PRODUCT
