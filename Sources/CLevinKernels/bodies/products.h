/// Products on one thread. Every element of C is the same sum, added up in the same order, whatever
/// tile it falls into and however operands are packed: splitting C never changes a bit of it.
#include <stdlib.h>
#include <string.h>

/// Four floats, as v_sum4 gives them.
typedef float Quad __attribute__((vector_size(16), aligned(4)));

// MARK: Dot products: C = A · Bᵀ without packing

INLINE Quad quad_load(const float *p, ptrdiff_t n) {
  if (n >= 4) return *(const Quad *)p;
  Quad x = {0, 0, 0, 0};
  for (ptrdiff_t i = 0; i < n; i++) x[i] = p[i];
  return x;
}

/// A tile of dotRows × 4 dot products, of which rows × columns are stored. Rows beyond the last are
/// the last again, so that a tile at the edge adds up like any other.
static void dot_tile(
  ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, const float *bias, bool accumulate, bool relu) {
  const float *ai[dotRows], *bj[4];
  V sums[dotRows][4];
#pragma clang loop unroll(full)
  for (int i = 0; i < dotRows; i++) {
    ai[i] = a + (i < rows ? i : rows - 1) * lda;
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) sums[i][j] = v_set(0);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) bj[j] = b + (j < columns ? j : columns - 1) * ldb;

#define STEP(LOAD)                                                                 \
  {                                                                                \
    V x[dotRows];                                                                  \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < dotRows; i++) x[i] =    \
      LOAD(ai[i] + p);                                                             \
    _Pragma("clang loop unroll(full)") for (int j = 0; j < 4; j++) {               \
      V y = LOAD(bj[j] + p);                                                       \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < dotRows; i++)         \
        sums[i][j] = v_fma(x[i], y, sums[i][j]);                                   \
    }                                                                              \
  }
#define LOAD_LAST(POINTER) v_load_n(POINTER, k - p)
  ptrdiff_t p = 0;
  for (; p + W <= k; p += W) STEP(v_load)
  if (p < k) STEP(LOAD_LAST)
#undef STEP
#undef LOAD_LAST

  Quad shift = bias ? quad_load(bias, columns) : (Quad){0, 0, 0, 0};
#pragma clang loop unroll(full)
  for (int i = 0; i < dotRows; i++) {
    if (i >= rows) break;
    Quad sum = v_sum4(sums[i][0], sums[i][1], sums[i][2], sums[i][3]);
    if (accumulate) sum += quad_load(c + i * ldc, columns);
    if (bias) sum += shift;
    if (relu) sum = (Quad)((__typeof__(sum < sum))sum & ~(sum < (Quad){0, 0, 0, 0}));
    if (columns >= 4)
      *(Quad *)(c + i * ldc) = sum;
    else
      for (ptrdiff_t j = 0; j < columns; j++) c[i * ldc + j] = sum[j];
  }
}

static void dot_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, Epilogue e) {
  for (ptrdiff_t i = 0; i < m; i += dotRows)
    for (ptrdiff_t j = 0; j < n; j += 4)
      dot_tile(
        m - i < dotRows ? m - i : dotRows, n - j < 4 ? n - j : 4, k, a + i * lda, lda, b + j * ldb,
        ldb, c + i * ldc + j, ldc, e.bias ? e.bias + j : NULL, e.accumulate, e.relu);
}

// MARK: Outer products: C = A · B, with B's rows contiguous

/// Sums are taken over this many terms at a time, then added to C. The same everywhere, for it
/// decides how sums round.
enum { depthBlock = 256, panelWidth = outerVectors * W };

/// A panel of C, up to panelWidth columns wide, over one block of the depth: what its tiles share.
typedef struct {
  ptrdiff_t k;
  ptrdiff_t last;  ///< columns in the last vector
  ptrdiff_t row, depth;  ///< steps from element to element of A
  const float *b;
  ptrdiff_t ldb, ldc;
  Epilogue epilogue;
} Panel;

/// A tile of C, rows × vectors · W, at `c`, from the rows of A at `a`; the activation of the epilogue
/// lies at `activation`. `rows` and `vectors` are constants where this is inlined.
INLINE void outer_tile(
  int rows, int vectors, const Panel *panel, const float *a, float *c, const float *activation) {
  V sums[outerRows][outerVectors];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sums[i][j] = v_set(0);

  ptrdiff_t last = panel->last, row = panel->row, depth = panel->depth, ldb = panel->ldb;
  const float *b = panel->b;
  for (ptrdiff_t p = panel->k; p > 0; p--, a += depth, b += ldb) {
    V y[outerVectors];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      y[j] = j < vectors - 1 ? v_load(b + W * j) : v_load_n(b + W * j, last);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V x = v_set(a[i * row]);
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sums[i][j] = v_fma(x, y[j], sums[i][j]);
    }
  }

  const Epilogue *e = &panel->epilogue;
  ptrdiff_t ldc = panel->ldc;
  bool stores = !e->accumulate && !e->bias && !e->relu && !e->activation;
#pragma clang loop unroll(full)
  for (int i = 0; stores && i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      v_store_n(c + i * ldc + W * j, j < vectors - 1 ? W : last, sums[i][j]);
  if (stores) return;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      ptrdiff_t n = j < vectors - 1 ? W : last;
      float *out = c + i * ldc + W * j;
      V sum = sums[i][j];
      if (e->accumulate) sum += v_load_n(out, n);
      if (e->bias) sum += v_load_n(e->bias + W * j, n);
      if (e->relu) sum = v_relu(sum);
      if (e->activation)
        sum = v_where_active(v_load_n(activation + i * e->ldact + W * j, n), sum);
      v_store_n(out, n, sum);
    }
}

/// The tiles by rows and vectors; those wider than this instruction set's registers allow are empty
/// and never asked for.
#define TILE(ROWS, VECTORS)                                                             \
  static void outer_tile_##ROWS##x##VECTORS(                                            \
    const Panel *panel, const float *a, float *c, const float *activation) {            \
    if (ROWS <= outerRows && VECTORS <= outerVectors)                                   \
      outer_tile(ROWS, VECTORS, panel, a, c, activation);                               \
  }
#define TILES(ROWS) TILE(ROWS, 1) TILE(ROWS, 2) TILE(ROWS, 3) TILE(ROWS, 4)
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#undef TILES
#undef TILE

#define TILES(ROWS) \
  {outer_tile_##ROWS##x1, outer_tile_##ROWS##x2, outer_tile_##ROWS##x3, outer_tile_##ROWS##x4}
static void (*const outerTiles[6][4])(
  const Panel *panel, const float *a, float *c, const float *activation) = {
  TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6)};
#undef TILES

/// The tiles of a panel that is m × n, from the first rows of A to the last.
static void outer_panel(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Operand a, const float *b, ptrdiff_t ldb, float *c,
  ptrdiff_t ldc, Epilogue e) {
  ptrdiff_t vectors = (n + W - 1) / W;
  const Panel panel = {
    .k = k, .last = n - (vectors - 1) * W, .row = a.row, .depth = a.depth, .b = b, .ldb = ldb,
    .ldc = ldc, .epilogue = e};
  for (ptrdiff_t i = 0; i < m; i += outerRows) {
    ptrdiff_t rows = m - i < outerRows ? m - i : outerRows;
    outerTiles[rows - 1][vectors - 1](
      &panel, a.data + i * a.row, c + i * ldc, e.activation ? e.activation + i * e.ldact : NULL);
  }
}

/// What of the epilogue belongs to this block of the depth, and to C from row i and column j on.
INLINE Epilogue epilogue_of_block(
  Epilogue e, bool first, bool last, ptrdiff_t i, ptrdiff_t j) {
  return (Epilogue){
    .accumulate = e.accumulate || !first,
    .bias = last && e.bias ? e.bias + j : NULL,
    .relu = last && e.relu,
    .activation = last && e.activation ? e.activation + i * e.ldact + j : NULL,
    .ldact = e.ldact,
  };
}

/// C = A · B, with B's rows contiguous, both read where they lie.
static void outer_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Operand a, Operand b, float *c, ptrdiff_t ldc,
  Epilogue e) {
  // With nothing to add up, one empty block still has the epilogue to do.
  for (ptrdiff_t p = 0; p == 0 || p < k; p += depthBlock) {
    ptrdiff_t depth = k - p < depthBlock ? k - p : depthBlock;
    for (ptrdiff_t j = 0; j < n; j += panelWidth)
      outer_panel(
        m, n - j < panelWidth ? n - j : panelWidth, depth,
        (Operand){a.data + p * a.depth, a.row, a.depth}, b.data + p * b.depth + j, b.depth, c + j,
        ldc, epilogue_of_block(e, p == 0, p + depth >= k, 0, j));
  }
}

// MARK: Large products: copies that lie as the tiles read

enum {
  rowBlock = 40 * outerRows,     ///< rows of A that stay in the second cache
  rowRoom = depthBlock + 16,     ///< between them; a power of two would make them share cache lines
  columnBlock = 32 * panelWidth,  ///< columns of B copied at a time
};

/// Copies a block of B, depth × n, as panels, each with its rows one after the other: the tiles then
/// read memory in order, from few pages, aligned.
static void pack_panels(ptrdiff_t n, ptrdiff_t depth, Operand b, float *panel) {
  for (ptrdiff_t j = 0; j < n; j += panelWidth, panel += depth * panelWidth) {
    ptrdiff_t columns = n - j < panelWidth ? n - j : panelWidth;
    if (b.depth == 1) {
      transpose(columns, depth, b.data + j * b.row, b.row, panel, panelWidth);
      continue;
    }
    for (ptrdiff_t p = 0; p < depth; p++)
      for (ptrdiff_t v = 0; v < columns; v += W)
        v_store_n(
          panel + p * panelWidth + v, columns - v,
          v_load_n(b.data + p * b.depth + j + v, columns - v));
  }
}

/// Copies a block of A, rows × depth, to `room`, close together and lying as before.
static Operand pack_block(ptrdiff_t rows, ptrdiff_t depth, Operand a, float *room) {
  bool byRows = a.depth == 1;
  ptrdiff_t lines = byRows ? rows : depth, length = byRows ? depth : rows;
  ptrdiff_t distance = byRows ? rowRoom : rowBlock;
  for (ptrdiff_t i = 0; i < lines; i++)
    memcpy(
      room + i * distance, a.data + i * (byRows ? a.row : a.depth), sizeof(float) * (size_t)length);
  return byRows ? (Operand){room, distance, 1} : (Operand){room, 1, distance};
}

/// C = A · B for any B. Returns false, having done nothing, where memory for the copies lacks.
static bool packed_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Operand a, Operand b, float *c, ptrdiff_t ldc,
  Epilogue e) {
  ptrdiff_t blockRoom = rowBlock * rowRoom;
  ptrdiff_t panels = ((n < columnBlock ? n : columnBlock) + panelWidth - 1) / panelWidth;
  float *room = aligned_alloc(
    64, sizeof(float) * (size_t)(blockRoom + panels * panelWidth * depthBlock));
  if (!room) return false;
  for (ptrdiff_t first = 0; first < n; first += columnBlock) {
    ptrdiff_t end = n - first < columnBlock ? n : first + columnBlock;
    for (ptrdiff_t p = 0; p < k; p += depthBlock) {
      ptrdiff_t depth = k - p < depthBlock ? k - p : depthBlock;
      float *panel = room + blockRoom;
      pack_panels(
        end - first, depth, (Operand){b.data + p * b.depth + first * b.row, b.row, b.depth}, panel);
      for (ptrdiff_t i = 0; i < m; i += rowBlock) {
        ptrdiff_t rows = m - i < rowBlock ? m - i : rowBlock;
        Operand block = pack_block(
          rows, depth, (Operand){a.data + p * a.depth + i * a.row, a.row, a.depth}, room);
        for (ptrdiff_t j = first; j < end; j += panelWidth)
          outer_panel(
            rows, end - j < panelWidth ? end - j : panelWidth, depth, block,
            panel + (j - first) * depth, panelWidth, c + i * ldc + j, ldc,
            epilogue_of_block(e, p == 0, p + depth >= k, i, j));
      }
    }
  }
  free(room);
  return true;
}
