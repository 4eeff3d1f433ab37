/// C = A · Bᵀ on one thread, without packing. Every element of C is the same sum, added up in the same order, whatever tile
/// it is in.

/// Four floats, as v_sum4 returns them.
typedef float Quad __attribute__((vector_size(16), aligned(4)));

INLINE Quad quad_load(const float *p, ptrdiff_t n) {
  if (n >= 4) return *(const Quad *)p;
  Quad x = {0, 0, 0, 0};
  for (ptrdiff_t i = 0; i < n; i++) x[i] = p[i];
  return x;
}

/// A tile of rows × `width` dot products (4, or 1 for a product with a vector), of which the first `columns` are stored.
/// Columns beyond the last repeat it, so that a tile at the edge adds up like any other. `rows` and `width` are constants
/// when this is inlined.
INLINE void dot_tile(
  int rows, int width, ptrdiff_t columns, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, const Epilogue *e) {
  const float *ai[dotRows], *bj[4];
  V sums[dotRows][4];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    ai[i] = a + i * lda;
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) sums[i][j] = v_set(0);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < width; j++) bj[j] = b + (j < columns ? j : columns - 1) * ldb;

#define STEP(LOAD)                                                                 \
  {                                                                                \
    V x[dotRows];                                                                  \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++) x[i] =       \
      LOAD(ai[i] + p);                                                             \
    _Pragma("clang loop unroll(full)") for (int j = 0; j < width; j++) {           \
      V y = LOAD(bj[j] + p);                                                       \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++)            \
        sums[i][j] = v_fma(x[i], y, sums[i][j]);                                   \
    }                                                                              \
  }
#define LOAD_LAST(POINTER) v_load_n(POINTER, k - p)
  ptrdiff_t p = 0;
  for (; p + W <= k; p += W) STEP(v_load)
  if (p < k) STEP(LOAD_LAST)
#undef STEP
#undef LOAD_LAST

  Quad shift = e->bias ? quad_load(e->bias, columns) : (Quad){0, 0, 0, 0};
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    Quad sum = v_sum4(sums[i][0], sums[i][1], sums[i][2], sums[i][3]);
    if (e->accumulate) sum += quad_load(c + i * ldc, columns);
    if (e->bias) sum += shift;
    if (e->relu) sum = (Quad)((__typeof__(sum < sum))sum & ~(sum < (Quad){0, 0, 0, 0}));
    if (columns >= 4)
      *(Quad *)(c + i * ldc) = sum;
    else
      for (ptrdiff_t j = 0; j < columns; j++) c[i * ldc + j] = sum[j];
  }
}

#define TILE(ROWS)                                                                       \
  static void dot_tile_##ROWS(                                                           \
    ptrdiff_t columns, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,       \
    ptrdiff_t ldb, float *c, ptrdiff_t ldc, const Epilogue *e) {                         \
    if (ROWS <= dotRows && columns == 1)                                                 \
      dot_tile(ROWS, 1, columns, k, a, lda, b, ldb, c, ldc, e);                          \
    else if (ROWS <= dotRows)                                                            \
      dot_tile(ROWS, 4, columns, k, a, lda, b, ldb, c, ldc, e);                          \
  }
TILE(1) TILE(2) TILE(3) TILE(4)
#undef TILE

static void (*const dotTiles[4])(
  ptrdiff_t columns, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb,
  float *c, ptrdiff_t ldc, const Epilogue *e) = {dot_tile_1, dot_tile_2, dot_tile_3, dot_tile_4};

/// Four rows of B stay in the first-level cache while all of A, the smaller of the two in a layer's forward pass,
/// passes through.
static void dot_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, Epilogue e) {
  Epilogue part = e;
  for (ptrdiff_t j = 0; j < n; j += 4) {
    if (e.bias) part.bias = e.bias + j;
    for (ptrdiff_t i = 0, rows; i < m; i += rows) {
      // The last two tiles share their rows evenly: a tile of one row has too few sums to be fast.
      ptrdiff_t left = m - i;
      rows = left <= dotRows ? left : left < 2 * dotRows ? (left + 1) / 2 : dotRows;
      dotTiles[rows - 1](
        n - j < 4 ? n - j : 4, k, a + i * lda, lda, b + j * ldb, ldb, c + i * ldc + j, ldc, &part);
    }
  }
}
