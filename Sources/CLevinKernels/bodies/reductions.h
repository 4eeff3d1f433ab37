/// Sums, products and extremes, in double or in int64. They do not split their work.
#include <string.h>

/// The index of the first of the largest values, or of the first NaN.
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

// Combinations of a and b, for vectors and for scalars.
#define SELECT(MASK, A, B) ((__typeof__(A))(((MASK) & (__typeof__(MASK))(A)) | (~(MASK) & (__typeof__(MASK))(B))))
#define SUM_OF(A, B) ((A) + (B))
#define PRODUCT_OF(A, B) ((A) * (B))
#define LARGER(X, Y) ((X) > (Y) || (X) != (X) ? (X) : (Y))
#define SMALLER(X, Y) ((X) < (Y) || (X) != (X) ? (X) : (Y))
#define LARGER_OF(A, B) SELECT(((A) > (B)) | ((A) != (A)), A, B)
#define SMALLER_OF(A, B) SELECT(((A) < (B)) | ((A) != (A)), A, B)

/// The same number of partial results whatever the width of a vector, so that all instruction sets give the same
/// bits. Elements of type T are combined in type A, beginning with START, which changes nothing.
#define FOLD(T, A, LANES, START, OF, EACH)                                               \
  {                                                                                      \
    typedef T Elements __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T)))); \
    typedef A Parts __attribute__((vector_size(LANES * sizeof(A))));                     \
    const T *in = (const T *)x;                                                          \
    Parts parts = (Parts){0} + (A)(START);                                               \
    ptrdiff_t i = 0;                                                                     \
    for (; i + LANES <= count; i += LANES) {                                             \
      Parts y = __builtin_convertvector(*(const Elements *)(in + i), Parts);             \
      parts = OF(parts, y);                                                              \
    }                                                                                    \
    if (i < count) {                                                                     \
      T rest[LANES];                                                                     \
      for (int l = 0; l < LANES; l++) rest[l] = (T)(START);                              \
      for (ptrdiff_t l = 0; l < count - i; l++) rest[l] = in[i + l];                     \
      Parts y = __builtin_convertvector(*(const Elements *)rest, Parts);                 \
      parts = OF(parts, y);                                                              \
    }                                                                                    \
    A lanes[LANES];                                                                      \
    memcpy(lanes, &parts, sizeof(lanes));                                                \
    _Pragma("clang loop unroll(full)") for (int half = LANES / 2; half >= 1; half /= 2)  \
      _Pragma("clang loop unroll(full)") for (int l = 0; l < half; l++) {                \
        const A one = lanes[l], two = lanes[l + half];                                   \
        lanes[l] = EACH(one, two);                                                       \
      }                                                                                  \
    return lanes[0];                                                                     \
  }

static double fold_f32(LevinReduction op, ptrdiff_t count, const float *x) {
  switch (op) {
    case LevinReductionSum: FOLD(float, double, 16, 0, SUM_OF, SUM_OF)
    case LevinReductionProduct: FOLD(float, double, 16, 1, PRODUCT_OF, PRODUCT_OF)
    case LevinReductionMaximum: FOLD(float, float, 32, -__builtin_inff(), LARGER_OF, LARGER)
    case LevinReductionMinimum: FOLD(float, float, 32, __builtin_inff(), SMALLER_OF, SMALLER)
  }
}
static double fold_f64(LevinReduction op, ptrdiff_t count, const double *x) {
  switch (op) {
    case LevinReductionSum: FOLD(double, double, 16, 0, SUM_OF, SUM_OF)
    case LevinReductionProduct: FOLD(double, double, 16, 1, PRODUCT_OF, PRODUCT_OF)
    case LevinReductionMaximum: FOLD(double, double, 16, -__builtin_inf(), LARGER_OF, LARGER)
    case LevinReductionMinimum: FOLD(double, double, 16, __builtin_inf(), SMALLER_OF, SMALLER)
  }
}
static int64_t fold_i64(LevinReduction op, ptrdiff_t count, const int64_t *x) {
  switch (op) {
    case LevinReductionSum: FOLD(uint64_t, uint64_t, 16, 0, SUM_OF, SUM_OF)
    case LevinReductionProduct: FOLD(uint64_t, uint64_t, 16, 1, PRODUCT_OF, PRODUCT_OF)
    case LevinReductionMaximum: FOLD(int64_t, int64_t, 16, INT64_MIN, LARGER_OF, LARGER)
    case LevinReductionMinimum: FOLD(int64_t, int64_t, 16, INT64_MAX, SMALLER_OF, SMALLER)
  }
}
#undef FOLD
#undef SELECT
#undef LARGER_OF
#undef SMALLER_OF

/// total[c] = total[c] combined with x[0, c], x[1, c], … in this order, four rows at a time, while the next four come
/// from memory.
#define EACH_COLUMN(T, A, COMBINE)                                                                 \
  {                                                                                                \
    A *sums = (A *)total;                                                                          \
    for (; rows >= 4; rows -= 4, x += 4 * ldx)                                                     \
      for (ptrdiff_t first = 0; first < columns; first += 64) {                                    \
        const T *x0 = (const T *)x, *x1 = x0 + ldx, *x2 = x1 + ldx, *x3 = x2 + ldx, *next = x3 + ldx;\
        const ptrdiff_t end = at_most(first + 64, columns);                                        \
        for (ptrdiff_t c = first; c < end; c += cacheLine / (ptrdiff_t)sizeof(T))                  \
          for (ptrdiff_t r = 0; r < 4; r++) __builtin_prefetch(next + r * ldx + c);                \
        _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = first; c < end; c++) {   \
          const A b0 = x0[c], b1 = x1[c], b2 = x2[c], b3 = x3[c];                                  \
          A a = sums[c];                                                                           \
          a = COMBINE(a, b0);                                                                      \
          a = COMBINE(a, b1);                                                                      \
          a = COMBINE(a, b2);                                                                      \
          sums[c] = COMBINE(a, b3);                                                                \
        }                                                                                          \
      }                                                                                            \
    for (; rows > 0; rows--, x += ldx) {                                                           \
      const T *x0 = (const T *)x;                                                                  \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = 0; c < columns; c++) {     \
        const A a = sums[c], b = x0[c];                                                            \
        sums[c] = COMBINE(a, b);                                                                   \
      }                                                                                            \
    }                                                                                              \
    return;                                                                                        \
  }

static void accumulate_f32(
  LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, double *total) {
  switch (op) {
    case LevinReductionSum: EACH_COLUMN(float, double, SUM_OF)
    case LevinReductionProduct: EACH_COLUMN(float, double, PRODUCT_OF)
    case LevinReductionMaximum: EACH_COLUMN(float, double, LARGER)
    case LevinReductionMinimum: EACH_COLUMN(float, double, SMALLER)
  }
}
static void accumulate_f64(
  LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const double *x, ptrdiff_t ldx, double *total) {
  switch (op) {
    case LevinReductionSum: EACH_COLUMN(double, double, SUM_OF)
    case LevinReductionProduct: EACH_COLUMN(double, double, PRODUCT_OF)
    case LevinReductionMaximum: EACH_COLUMN(double, double, LARGER)
    case LevinReductionMinimum: EACH_COLUMN(double, double, SMALLER)
  }
}
static void accumulate_i64(
  LevinReduction op, ptrdiff_t rows, ptrdiff_t columns, const int64_t *x, ptrdiff_t ldx, int64_t *total) {
  switch (op) {
    case LevinReductionSum: EACH_COLUMN(uint64_t, uint64_t, SUM_OF)
    case LevinReductionProduct: EACH_COLUMN(uint64_t, uint64_t, PRODUCT_OF)
    case LevinReductionMaximum: EACH_COLUMN(int64_t, int64_t, LARGER)
    case LevinReductionMinimum: EACH_COLUMN(int64_t, int64_t, SMALLER)
  }
}
#undef EACH_COLUMN
#undef LARGER
#undef SMALLER

/// Running sums and products of elements of type T in type A along a line, or of `columns` adjacent lines, one row at
/// a time, beginning with `total`.
#define SCAN(T, A, SUFFIX)                                                                         \
  static void scan_line_##SUFFIX(                                                                  \
    bool multiplies, ptrdiff_t count, const void *from, ptrdiff_t step, void *to, ptrdiff_t stepOut, \
    void *total) {                                                                                 \
    const T *x = from;                                                                             \
    T *out = to;                                                                                   \
    A sum = *(A *)total;                                                                           \
    if (multiplies)                                                                                \
      for (ptrdiff_t i = 0; i < count; i++) out[i * stepOut] = (T)(sum *= x[i * step]);            \
    else                                                                                           \
      for (ptrdiff_t i = 0; i < count; i++) out[i * stepOut] = (T)(sum += x[i * step]);            \
    *(A *)total = sum;                                                                             \
  }                                                                                                \
  static void scan_row_##SUFFIX(                                                                   \
    bool multiplies, ptrdiff_t columns, const void *from, void *to, void *totals) {                \
    const T *x = from;                                                                             \
    T *out = to;                                                                                   \
    A *sums = totals;                                                                              \
    if (multiplies) {                                                                              \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = 0; c < columns; c++)       \
        out[c] = (T)(sums[c] *= x[c]);                                                             \
    } else {                                                                                       \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = 0; c < columns; c++)       \
        out[c] = (T)(sums[c] += x[c]);                                                             \
    }                                                                                              \
  }
SCAN(float, double, f32)
SCAN(double, double, f64)
SCAN(uint64_t, uint64_t, i64)
#undef SCAN

/// Updates the indices of the largest or smallest elements of some columns with row number `row`.
#define FIND_IN_ROW(T, SUFFIX)                                                                     \
  static void find_in_row_##SUFFIX(                                                                \
    bool wantsLargest, ptrdiff_t columns, const void *from, int64_t row, void *bests, int64_t *found) { \
    const T *x = from;                                                                             \
    T *best = bests;                                                                               \
    if (wantsLargest) {                                                                            \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = 0; c < columns; c++) {     \
        bool beats = (x[c] > best[c]) | ((x[c] != x[c]) & (best[c] == best[c]));                   \
        best[c] = beats ? x[c] : best[c];                                                          \
        found[c] = beats ? row : found[c];                                                         \
      }                                                                                            \
    } else {                                                                                       \
      _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t c = 0; c < columns; c++) {     \
        bool beats = (x[c] < best[c]) | ((x[c] != x[c]) & (best[c] == best[c]));                   \
        best[c] = beats ? x[c] : best[c];                                                          \
        found[c] = beats ? row : found[c];                                                         \
      }                                                                                            \
    }                                                                                              \
  }
FIND_IN_ROW(float, f32)
FIND_IN_ROW(double, f64)
FIND_IN_ROW(int64_t, i64)
#undef FIND_IN_ROW
#undef SUM_OF
#undef PRODUCT_OF
