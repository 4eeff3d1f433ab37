/// Products on one thread. Every element of C is the same sum, added up in the same order, whatever tile it is in and
/// however the operands are packed: splitting C never changes a bit of it.
#include <string.h>

// MARK: Outer products: C = A · B, with B's rows contiguous

enum {
  panelWidth = outerVectors * W,
  deep = 128,  ///< terms that take longer to add up than C takes to arrive
};

enum { aheadFloats = 128 };

/// Memory that will be read soon: `rows` rows of aheadFloats floats, `row` floats apart, and how many of them each tile
/// prefetches.
typedef struct {
  const float *data;
  ptrdiff_t row, rows, share;
} Ahead;

/// A panel of C, up to panelWidth columns wide, over one block of the depth: the data that its tiles share.
///
/// B's rows are `ldb` apart, or, if there are `places`, scattered: vector j of row p is at vectors[j] + places[p], and
/// column p of A, which is copied by tiles, at columns[p], or after column p - 1 if that is null. The columns of C from
/// vector j on are at `to[j]`.
typedef struct {
  ptrdiff_t k;
  ptrdiff_t last;  ///< columns in the last vector
  ptrdiff_t row, depth;  ///< steps from element to element of A
  const float *b;
  ptrdiff_t ldb, ldc;
  Epilogue epilogue;
  const ptrdiff_t *places, *columns;
  const float *vectors[outerVectors];
  ptrdiff_t to[outerVectors];
  const Ahead *ahead;  ///< null if nothing is prefetched, and if A and B are not packed
} Panel;

/// Adds `k` terms to a tile's sums. Values that are constants when this is inlined cost nothing.
INLINE void add_terms(
  int rows, int vectors, ptrdiff_t last, ptrdiff_t k, const float *a, ptrdiff_t row, ptrdiff_t depth,
  const float *b, ptrdiff_t ldb, V sums[outerRows][outerVectors]) {
#pragma clang loop unroll_count(4)
  for (ptrdiff_t p = k; p > 0; p--, a += depth, b += ldb) {
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
}

/// The same for packed operands; between its terms, the tile whose first row is `first` prefetches its share of `ahead`.
INLINE void add_terms_and_prefetch(
  ptrdiff_t k, const float *a, const float *b, const Ahead *ahead, ptrdiff_t first,
  V sums[outerRows][outerVectors]) {
  ptrdiff_t begin = first / outerRows * ahead->share;
  ptrdiff_t rows = at_most(ahead->rows - begin, ahead->share);
  ptrdiff_t step = rows > 0 ? k / rows : 0, done = 0;
  for (ptrdiff_t r = 0; r < rows; r++, done += step) {
    const float *line = ahead->data + (begin + r) * ahead->row;
#pragma clang loop unroll(full)
    for (int i = 0; i < aheadFloats; i += 16) __builtin_prefetch(line + i);
    add_terms(
      outerRows, outerVectors, W, step, a + done * outerRows, 1, outerRows, b + done * panelWidth,
      panelWidth, sums);
  }
  add_terms(
    outerRows, outerVectors, W, k - done, a + done * outerRows, 1, outerRows, b + done * panelWidth,
    panelWidth, sums);
}

/// The same for scattered rows of B, and whole vectors.
INLINE void add_scattered_terms(
  int rows, int vectors, ptrdiff_t k, const float *a, const ptrdiff_t *columns,
  const ptrdiff_t *places, const float *const b[outerVectors], V sums[outerRows][outerVectors]) {
#pragma clang loop unroll_count(4)
  for (ptrdiff_t p = 0; p < k; p++) {
    const float *x = columns ? a + columns[p] : a + p * outerRows;
    V y[outerVectors];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) y[j] = v_load(b[j] + places[p]);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V own = v_set(x[i]);
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sums[i][j] = v_fma(own, y[j], sums[i][j]);
    }
  }
}

/// A tile of C, rows × vectors · W, at `c`, from the rows of A at `a` and the panel's rows from `first` on. `rows` and
/// `vectors` are constants when this is inlined.
INLINE void outer_tile(
  int rows, int vectors, const Panel *panel, const float *a, float *c, ptrdiff_t first) {
  V sums[outerRows][outerVectors];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) sums[i][j] = v_set(0);
  // The C of a large product is far away; it arrives while the sums are added up.
  if (!panel->places && panel->k >= deep)
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++)
        __builtin_prefetch(c + i * panel->ldc + panel->to[j], 1);

  ptrdiff_t last = panel->last, row = panel->row, depth = panel->depth, ldb = panel->ldb;
  bool isWhole = rows == outerRows && vectors == outerVectors && last == W;
  if (panel->columns)
    add_scattered_terms(
      rows, vectors, panel->k, a, panel->columns, panel->places, panel->vectors, sums);
  else if (panel->places)
    add_scattered_terms(rows, vectors, panel->k, a, NULL, panel->places, panel->vectors, sums);
  else if (isWhole && panel->ahead)
    add_terms_and_prefetch(panel->k, a, panel->b, panel->ahead, first, sums);
  else if (isWhole && row == 1 && depth == outerRows && ldb == panelWidth)
    add_terms(rows, vectors, W, panel->k, a, 1, outerRows, panel->b, panelWidth, sums);
  else if (last == W)
    add_terms(rows, vectors, W, panel->k, a, row, depth, panel->b, ldb, sums);
  else
    add_terms(rows, vectors, last, panel->k, a, row, depth, panel->b, ldb, sums);

  const Epilogue *e = &panel->epilogue;
  ptrdiff_t ldc = panel->ldc;
  bool stores = !e->accumulate && !e->bias && !e->rowBias && !e->relu && !e->activation;
#pragma clang loop unroll(full)
  for (int i = 0; stores && i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      v_store_n(c + i * ldc + panel->to[j], j < vectors - 1 ? W : last, sums[i][j]);
  if (stores) return;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      ptrdiff_t n = j < vectors - 1 ? W : last;
      float *out = c + i * ldc + panel->to[j];
      V sum = sums[i][j];
      if (e->accumulate) sum += v_load_n(out, n);
      if (e->bias) sum += v_load_n(e->bias + W * j, n);
      if (e->rowBias) sum += v_set(e->rowBias[first + i]);
      if (e->relu) sum = v_relu(sum);
      if (e->activation)
        sum = v_where_active(v_load_n(e->activation + (first + i) * e->ldact + W * j, n), sum);
      v_store_n(out, n, sum);
    }
}

/// The tiles by rows and vectors; those wider than the registers of this instruction set allow are empty and never
/// used.
#define TILE(ROWS, VECTORS)                                                             \
  static void outer_tile_##ROWS##x##VECTORS(                                            \
    const Panel *panel, const float *a, float *c, ptrdiff_t first) {                    \
    if (ROWS <= outerRows && VECTORS <= outerVectors)                                   \
      outer_tile(ROWS, VECTORS, panel, a, c, first);                                    \
  }
#define TILES(ROWS) TILE(ROWS, 1) TILE(ROWS, 2) TILE(ROWS, 3) TILE(ROWS, 4)
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#undef TILES
#undef TILE

#define TILES(ROWS) \
  {outer_tile_##ROWS##x1, outer_tile_##ROWS##x2, outer_tile_##ROWS##x3, outer_tile_##ROWS##x4}
static void (*const outerTiles[6][4])(
  const Panel *panel, const float *a, float *c, ptrdiff_t first) = {
  TILES(1), TILES(2), TILES(3), TILES(4), TILES(5), TILES(6)};
#undef TILES

/// The tiles of a panel with m rows, from the first rows of A to the last.
static void panel_tiles(
  ptrdiff_t m, ptrdiff_t vectors, Tiles a, const Panel *panel, float *c) {
  const float *rows = a.rows.data;
  for (ptrdiff_t i = 0; i < m; i += outerRows, rows += a.tile)
    outerTiles[(m - i < outerRows ? m - i : outerRows) - 1][vectors - 1](
      panel, rows, c + i * panel->ldc, i);
}

/// The tiles of a panel that is m × n, with evenly spaced rows of B.
static void outer_panel(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Tiles a, const float *b, ptrdiff_t ldb, float *c,
  ptrdiff_t ldc, Epilogue e, const Ahead *ahead) {
  ptrdiff_t vectors = (n + W - 1) / W;
  Panel panel = {
    .k = k, .last = n - (vectors - 1) * W, .row = a.rows.row, .depth = a.rows.depth, .b = b,
    .ldb = ldb, .ldc = ldc, .epilogue = e, .ahead = ahead};
#pragma clang loop unroll(full)
  for (int j = 0; j < outerVectors; j++) panel.to[j] = W * j;
  panel_tiles(m, vectors, a, &panel, c);
}

// MARK: Copies in the order in which tiles read

enum {
  rowBlock = 21 * outerRows,       ///< rows of A copied at a time: a quarter of the second-level cache
  strip = 16,                      ///< terms read of one row before the next
  worthCopying = 16 * panelWidth,  ///< columns of C from which a copy of A costs less than it saves
  roomOnStack = 32 << 10,          ///< bytes that a copy may use on the stack
};

/// Copies a block of B, depth × n, as panels of panelWidth columns, each with its rows one after another: the tiles
/// then read memory in order, from few pages, aligned.
static void copy_panels(ptrdiff_t n, ptrdiff_t depth, Operand b, float *room) {
  ptrdiff_t length = b.depth == 1 ? depth : strip;
  for (ptrdiff_t from = 0; from < depth; from += length)
    for (ptrdiff_t j = 0; j < n; j += panelWidth) {
      ptrdiff_t columns = at_most(n - j, panelWidth), rows = at_most(depth - from, length);
      const float *first = b.data + from * b.depth + j * b.row;
      float *panel = room + j * depth + from * panelWidth;
      if (b.depth == 1) {
        transpose(columns, rows, first, b.row, panel, panelWidth);
        continue;
      }
      for (ptrdiff_t p = 0; p < rows; p++)
        for (ptrdiff_t v = 0; v < columns; v += W)
          v_store_n(
            panel + p * panelWidth + v, columns - v, v_load_n(first + p * b.depth + v, columns - v));
    }
}

static Tiles copy_tiles(ptrdiff_t m, ptrdiff_t depth, Operand a, float *room) {
  for (ptrdiff_t from = 0; from < depth; from += strip)
    for (ptrdiff_t i = 0; i < m; i += outerRows) {
      ptrdiff_t rows = at_most(m - i, outerRows), length = at_most(depth - from, strip), p = 0;
      const float *first = a.data + i * a.row + from * a.depth;
      float *tile = room + i * depth + from * outerRows;
      if (rows == outerRows) {
        // By squares of which the tile takes the first rows. The rest, W - outerRows floats, is written where later
        // columns overwrite it: a strip without enough columns after it is copied float by float.
        enum { columnsAfter = (W - 1) / outerRows };
        for (; a.depth == 1 && from + strip + columnsAfter <= depth && p < strip; p += W) {
          V square[W];
#pragma clang loop unroll(full)
          for (int r = 0; r < W; r++)
            square[r] = v_load(first + (r < outerRows ? r : outerRows - 1) * a.row + p);
          v_transpose(square);
#pragma clang loop unroll(full)
          for (int c = 0; c < W; c++) v_store(tile + (p + c) * outerRows, square[c]);
        }
        for (; a.row == 1 && p < length; p++)
          memcpy(tile + p * outerRows, first + p * a.depth, outerRows * sizeof(float));
        for (; p < length; p++)
#pragma clang loop unroll(full)
          for (int r = 0; r < outerRows; r++)
            tile[p * outerRows + r] = first[r * a.row + p * a.depth];
      }
      for (; p < length; p++)
        for (ptrdiff_t r = 0; r < rows; r++)
          tile[p * outerRows + r] = first[r * a.row + p * a.depth];
    }
  return (Tiles){{room, 1, outerRows}, depth * outerRows};
}

/// The bytes of the copy of a block of A, in whole tiles.
INLINE size_t bytes_of_tiles(ptrdiff_t m, ptrdiff_t k) {
  ptrdiff_t rows = (at_most(m, rowBlock) + outerRows - 1) / outerRows * outerRows;
  return sizeof(float) * (size_t)(rows * at_most(k, depthBlock));
}

/// Memory for a copy: `onStack`, roomOnStack bytes, if that is enough; null if the system has no more.
INLINE float *take_room(size_t bytes, float *onStack) {
  return bytes <= roomOnStack ? onStack : levin_take_memory(bytes);
}

INLINE void give_room_back(float *room, size_t bytes, float *onStack) {
  if (room && room != onStack) levin_give_memory_back(room, bytes);
}

/// C = A · B over one block of the depth; B's panels are `panel` elements apart, with rows `ldb` apart. A is copied
/// to `room`, unless that is null.
static void outer_block(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, Operand a, const float *b, ptrdiff_t panel,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, Epilogue e, float *room) {
  // With few terms, C's rows are written from beginning to end: the time goes into writing them.
  ptrdiff_t step = !room ? m : depth <= shallow ? outerRows : rowBlock;
  for (ptrdiff_t i = 0; i < m; i += step) {
    ptrdiff_t rows = at_most(m - i, step);
    Operand lines = {a.data + i * a.row, a.row, a.depth};
    Tiles tiles =
      room ? copy_tiles(rows, depth, lines, room) : (Tiles){lines, outerRows * a.row};
    for (ptrdiff_t j = 0; j < n; j += panelWidth)
      outer_panel(
        rows, at_most(n - j, panelWidth), depth, tiles, b + j / panelWidth * panel, ldb,
        c + i * ldc + j, ldc, levin_part_of_epilogue(e, i, j), NULL);
  }
}

/// One row of C = A · B, with B's rows contiguous; they are read completely, four at a time.
static void row_product(
  ptrdiff_t n, ptrdiff_t k, Operand a, Operand b, float *c, Epilogue epilogue) {
  enum { columns = 512 };
  float sums[columns];
  for (ptrdiff_t j = 0; j < n; j += columns)
    for (ptrdiff_t first = 0; first == 0 || first < k; first += depthBlock) {
      ptrdiff_t width = at_most(n - j, columns), end = at_most(first + depthBlock, k), p = first;
      Epilogue e = levin_part_of_epilogue(
        levin_epilogue_of_block(epilogue, first == 0, first + depthBlock >= k), 0, j);
      for (ptrdiff_t v = 0; v < columns; v += W) v_store(sums + v, v_set(0));
      for (; p + 4 <= end; p += 4) {
        const float *row = b.data + p * b.depth + j;
        const V x0 = v_set(a.data[p * a.depth]), x1 = v_set(a.data[(p + 1) * a.depth]),
                x2 = v_set(a.data[(p + 2) * a.depth]), x3 = v_set(a.data[(p + 3) * a.depth]);
        for (ptrdiff_t v = 0; v < width; v += W) {
          ptrdiff_t count = width - v;
          V sum = v_fma(x0, v_load_n(row + v, count), v_load(sums + v));
          sum = v_fma(x1, v_load_n(row + b.depth + v, count), sum);
          sum = v_fma(x2, v_load_n(row + 2 * b.depth + v, count), sum);
          v_store(sums + v, v_fma(x3, v_load_n(row + 3 * b.depth + v, count), sum));
        }
      }
      for (; p < end; p++)
        for (ptrdiff_t v = 0; v < width; v += W)
          v_store(
            sums + v, v_fma(
                        v_set(a.data[p * a.depth]),
                        v_load_n(b.data + p * b.depth + j + v, width - v), v_load(sums + v)));
      for (ptrdiff_t v = 0; v < width; v += W) {
        ptrdiff_t count = width - v;
        V sum = v_load(sums + v);
        if (e.accumulate) sum += v_load_n(c + j + v, count);
        if (e.bias) sum += v_load_n(e.bias + v, count);
        if (e.relu) sum = v_relu(sum);
        if (e.activation) sum = v_where_active(v_load_n(e.activation + v, count), sum);
        v_store_n(c + j + v, count, sum);
      }
    }
}

/// C = A · B, with B's rows contiguous.
static void outer_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, Operand a, Operand b, float *c, ptrdiff_t ldc,
  Epilogue e) {
  // Two rows at once are faster as tiles, unless B is read from memory.
  if ((m == 1 || (m == 2 && n * k > 1 << 18)) && n >= 2 * panelWidth) {
    for (ptrdiff_t i = 0; i < m; i++)
      row_product(
        n, k, (Operand){a.data + i * a.row, a.row, a.depth}, b, c + i * ldc,
        levin_part_of_epilogue(e, i, 0));
    return;
  }
  _Alignas(64) float onStack[roomOnStack / sizeof(float)];
  size_t bytes = bytes_of_tiles(m, k);
  float *room = n < worthCopying ? NULL : take_room(bytes, onStack);
  // Even with nothing to add up, one empty block must apply the epilogue.
  for (ptrdiff_t p = 0; p == 0 || p < k; p += depthBlock) {
    Operand block = {a.data + p * a.depth, a.row, a.depth};
    outer_block(
      m, n, at_most(k - p, depthBlock), block, b.data + p * b.depth, panelWidth, b.depth, c, ldc,
      levin_epilogue_of_block(e, p == 0, p + depthBlock >= k), room);
  }
  give_room_back(room, bytes, onStack);
}

/// Rows of a large product, over one block of the depth: C = A · B with B copied by copy_panels. A is copied, too, or
/// read where it is.
static void packed_product(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t depth, Operand a, bool copiesA, const float *panels, float *c,
  ptrdiff_t ldc, Epilogue e) {
  _Alignas(64) float onStack[roomOnStack / sizeof(float)];
  size_t bytes = bytes_of_tiles(m, depth);
  float *room = copiesA ? take_room(bytes, onStack) : NULL;
  outer_block(m, n, depth, a, panels, panelWidth * depth, panelWidth, c, ldc, e, room);
  give_room_back(room, bytes, onStack);
}
