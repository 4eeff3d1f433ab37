/// Products of eight-byte elements with any strides. Terms are added one by one in order of depth, `depthBlock` at a
/// time, and each block is then added to C, whatever tile an element is in.
#include <string.h>

// MARK: float64, by tiles, with operands copied in the order in which tiles read them

typedef double D __attribute__((vector_size(4 * W), aligned(8)));
enum {
  doubles = W / 2,  ///< in a vector
  panelWidth64 = outerVectors * doubles,
  rowBlock64 = 16 * outerRows,  ///< rows of A copied at a time
  strip64 = 16,                 ///< terms copied of all columns before the next
  shallow = 32,                 ///< terms below which a tile's sums are stored as fast as they are added up
};

/// Copies a block of B, depth × n, as panels of panelWidth64 columns, each with its rows one after another; missing
/// columns of the last one are zero. `b` begins at the block.
static void copy_panels_f64(ptrdiff_t n, ptrdiff_t depth, LevinMatrix b, double *room) {
  const double *from = b.data;
  for (ptrdiff_t first = 0; first < depth; first += strip64) {
    ptrdiff_t end = at_most(first + strip64, depth);
    for (ptrdiff_t j = 0; j < n; j += panelWidth64) {
      ptrdiff_t columns = at_most(n - j, panelWidth64);
      double *panel = room + j * depth;
      if (columns < panelWidth64)
        memset(panel + first * panelWidth64, 0, sizeof(double) * (size_t)(panelWidth64 * (end - first)));
      if (columns == panelWidth64 && b.column == 1)
        for (ptrdiff_t p = first; p < end; p++)
          memcpy(panel + p * panelWidth64, from + p * b.row + j, sizeof(double) * panelWidth64);
      else
        for (ptrdiff_t c = 0; c < columns; c++)
          for (ptrdiff_t p = first; p < end; p++)
            panel[p * panelWidth64 + c] = from[p * b.row + (j + c) * b.column];
    }
  }
}

/// Copies rows of A by tiles, each with its columns one after another.
static void copy_tiles_f64(ptrdiff_t m, ptrdiff_t depth, LevinMatrix a, double *room) {
  const double *from = a.data;
  for (ptrdiff_t i = 0; i < m; i += outerRows) {
    ptrdiff_t rows = at_most(m - i, outerRows);
    double *tile = room + i * depth;
    for (ptrdiff_t first = 0; first < depth; first += strip64)
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t p = first; p < depth && p < first + strip64; p++)
          tile[p * outerRows + r] = from[(i + r) * a.row + p * a.column];
  }
}

/// Adds `depth` terms to a tile's sums, from its rows of A at `a`, with terms `step` apart. Values that are constants
/// when this is inlined cost nothing.
INLINE void add_terms_f64(
  int vectors, ptrdiff_t depth, const double *const a[outerRows], ptrdiff_t step, const double *b,
  D sums[outerRows][outerVectors]) {
#pragma clang loop unroll_count(4)
  for (ptrdiff_t p = 0; p < depth; p++, b += panelWidth64) {
    D y[outerVectors];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) y[j] = *(const D *)(b + j * doubles);
#pragma clang loop unroll(full)
    for (int i = 0; i < outerRows; i++) {
      D x;
#pragma clang loop unroll(full)
      for (int l = 0; l < doubles; l++) x[l] = a[i][p * step];
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sums[i][j] = x * y[j] + sums[i][j];
    }
  }
}

/// A tile of C from rows of A, and from `vectors` vectors of each row of B's panel; `vectors` is a constant when this
/// is inlined. Rows beyond the last repeat it.
INLINE void tile_f64(
  int vectors, ptrdiff_t depth, LevinMatrix a, const double *b, double *c, ptrdiff_t ldc,
  ptrdiff_t rows, ptrdiff_t columns, bool accumulates) {
  D sums[outerRows][outerVectors];
#pragma clang loop unroll(full)
  for (int i = 0; i < outerRows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sums[i][j] = (D){0};
  // C is far away; it arrives while the sums are added up.
  for (ptrdiff_t i = 0; i < rows; i++) __builtin_prefetch(c + i * ldc, 1);
  const double *first = a.data, *x[outerRows];
  if (rows == outerRows && a.row == 1 && a.column == outerRows) {
#pragma clang loop unroll(full)
    for (int i = 0; i < outerRows; i++) x[i] = first + i;
    add_terms_f64(vectors, depth, x, outerRows, b, sums);
  } else {
#pragma clang loop unroll(full)
    for (int i = 0; i < outerRows; i++) x[i] = first + (i < rows ? i : rows - 1) * a.row;
    add_terms_f64(vectors, depth, x, a.column, b, sums);
  }
  if (rows == outerRows && columns == vectors * doubles) {
#pragma clang loop unroll(full)
    for (int i = 0; i < outerRows; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) {
        D *to = (D *)(c + i * ldc + j * doubles);
        *to = accumulates ? *to + sums[i][j] : sums[i][j];
      }
    return;
  }
  double edge[outerRows][panelWidth64];
#pragma clang loop unroll(full)
  for (int i = 0; i < outerRows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) *(D *)(edge[i] + j * doubles) = sums[i][j];
  for (ptrdiff_t i = 0; i < rows; i++)
    for (ptrdiff_t j = 0; j < columns; j++)
      c[i * ldc + j] = accumulates ? c[i * ldc + j] + edge[i][j] : edge[i][j];
}

/// Functions of their own: inlined in a loop, their sums do not stay in registers.
#define TILE(VECTORS)                                                                             \
  static __attribute__((noinline)) void tile_f64_##VECTORS(                                       \
    ptrdiff_t depth, LevinMatrix a, const double *b, double *c, ptrdiff_t ldc, ptrdiff_t rows,    \
    ptrdiff_t columns, bool accumulates) {                                                        \
    if (VECTORS <= outerVectors)                                                                  \
      tile_f64(VECTORS, depth, a, b, c, ldc, rows, columns, accumulates);                         \
  }
TILE(1) TILE(2) TILE(3) TILE(4)
#undef TILE

static void (*const tilesF64[4])(
  ptrdiff_t depth, LevinMatrix a, const double *b, double *c, ptrdiff_t ldc, ptrdiff_t rows,
  ptrdiff_t columns, bool accumulates) = {tile_f64_1, tile_f64_2, tile_f64_3, tile_f64_4};

/// C's rows over one block of the depth, with B copied; A's tiles are `tile` elements apart.
static void tiles_f64(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, LevinMatrix a, ptrdiff_t tile, const double *panels,
  double *c, ptrdiff_t ldc, bool accumulates) {
  for (ptrdiff_t j = 0; j < n; j += panelWidth64) {
    ptrdiff_t columns = at_most(n - j, panelWidth64);
    LevinMatrix rows = a;
    for (ptrdiff_t r = 0; r < m; r += outerRows, rows.data = (const double *)rows.data + tile)
      tilesF64[(columns - 1) / doubles](
        depth, rows, panels + j * depth, c + r * ldc + j, ldc, at_most(m - r, outerRows), columns,
        accumulates);
  }
}

/// The number of doubles that packed_product_f64 needs as scratch memory.
static ptrdiff_t room_f64(ptrdiff_t m, ptrdiff_t depth) {
  return (at_most(m, rowBlock64) + outerRows - 1) / outerRows * outerRows * depth;
}

/// C's rows over one block of the depth, with B copied by copy_panels_f64. A is copied to `room`, unless that is null.
static void packed_product_f64(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, LevinMatrix a, const double *panels, double *c,
  ptrdiff_t ldc, bool accumulates, double *room) {
  // With few terms, C's rows are written from beginning to end: the time goes into writing them.
  ptrdiff_t step = depth <= shallow ? outerRows : rowBlock64;
  for (ptrdiff_t i = 0; i < m; i += step) {
    ptrdiff_t rows = at_most(m - i, step);
    LevinMatrix lines = {(const double *)a.data + i * a.row, a.row, a.column};
    if (room) copy_tiles_f64(rows, depth, lines, room);
    tiles_f64(
      rows, n, depth, room ? (LevinMatrix){room, 1, outerRows} : lines,
      room ? outerRows * depth : outerRows * a.row, panels, c + i * ldc, ldc, accumulates);
  }
}

/// Inner products of rows of A and rows of Bᵀ, both contiguous, in sixteen partial sums: for few rows or columns.
static void dots_f64(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, double *c, ptrdiff_t ldc) {
  typedef double Sums __attribute__((vector_size(128), aligned(8)));
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      const double *x = (const double *)a.data + i * a.row, *y = (const double *)b.data + j * b.column;
      Sums sums = {0};
      ptrdiff_t p = 0;
      for (; p + 16 <= k; p += 16) sums = *(const Sums *)(x + p) * *(const Sums *)(y + p) + sums;
      double lanes[16];
      memcpy(lanes, &sums, sizeof(lanes));
      for (; p < k; p++) lanes[p % 16] = x[p] * y[p] + lanes[p % 16];
      for (int half = 8; half >= 1; half /= 2)
        for (int l = 0; l < half; l++) lanes[l] += lanes[l + half];
      c[i * ldc + j] = lanes[0];
    }
}

/// One row of C, from rows of B, which are contiguous and read completely.
static void row_product_f64(
  ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, double *c) {
  enum { columns = 256 };
  const double *x = a.data;
  double sums[columns];
  for (ptrdiff_t j = 0; j < n; j += columns) {
    ptrdiff_t width = at_most(n - j, columns);
    for (ptrdiff_t first = 0; first < k; first += depthBlock) {
      ptrdiff_t end = at_most(first + depthBlock, k);
      memset(sums, 0, sizeof(sums));
      ptrdiff_t p = first;
      for (; p + 4 <= end; p += 4) {
        const double *row = (const double *)b.data + p * b.row + j, *factors = x + p * a.column;
        const double f0 = factors[0], f1 = factors[a.column], f2 = factors[2 * a.column],
                     f3 = factors[3 * a.column];
        _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < width; i++) {
          double sum = f0 * row[i] + sums[i];
          sum = f1 * row[b.row + i] + sum;
          sum = f2 * row[2 * b.row + i] + sum;
          sums[i] = f3 * row[3 * b.row + i] + sum;
        }
      }
      for (; p < end; p++) {
        const double *row = (const double *)b.data + p * b.row + j, factor = x[p * a.column];
        _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < width; i++)
          sums[i] = factor * row[i] + sums[i];
      }
      for (ptrdiff_t i = 0; i < width; i++) c[j + i] = first ? c[j + i] + sums[i] : sums[i];
    }
  }
}

// MARK: int64, four rows of C at a time

static void product_i64(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix left, LevinMatrix right, void *to) {
  const uint64_t *a = left.data, *b = right.data;
  uint64_t *out = to;
  for (ptrdiff_t i = 0; i < m; i += 4) {
    ptrdiff_t rows = at_most(m - i, 4);
    for (ptrdiff_t e = i * n; e < (i + rows) * n; e++) out[e] = 0;
    for (ptrdiff_t p = 0; p < k; p++) {
      const uint64_t *row = b + p * right.row;
      for (ptrdiff_t r = 0; r < rows; r++) {
        const uint64_t factor = a[(i + r) * left.row + p * left.column];
        uint64_t *c = out + (i + r) * n;
        if (right.column == 1) {
          _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t j = 0; j < n; j++) c[j] +=
            factor * row[j];
        } else {
          for (ptrdiff_t j = 0; j < n; j++) c[j] += factor * row[j * right.column];
        }
      }
    }
  }
}
