#include "kernels.h"

/// The number of multiply-adds below which one thread is faster than synchronizing several.
static const ptrdiff_t smallProduct = 1 << 15;

/// Rows and columns of C are split in these units: whole tiles of most instruction sets.
enum { rowUnit = 6, columnUnit = 16, dotColumnUnit = 4 };

/// The multiply-adds of the smallest piece that is worth handing out: about a microsecond.
static const ptrdiff_t leastPiece = 1 << 16;

/// `count`, at least 1, rounded up to a multiple of `unit`.
static ptrdiff_t whole_units(ptrdiff_t count, ptrdiff_t unit) {
  return count <= unit ? unit : (count + unit - 1) / unit * unit;
}

typedef struct {
  ptrdiff_t m, n, k;
  Operand a, b;
  float *c;
  ptrdiff_t ldc;
  Epilogue epilogue;
  bool isLarge;  // enough that copying its operands is worthwhile
  float *sums;  // column sums of A if wanted
} Product;

/// The part of a product that computes C's rows i..<i+m and columns j..<j+n.
static void run_block(const Product *p, ptrdiff_t i, ptrdiff_t m, ptrdiff_t j, ptrdiff_t n) {
  const LevinKernels *kernels = levin_kernels();
  Epilogue epilogue = levin_part_of_epilogue(p->epilogue, i, j);
  Operand a = p->a, b = p->b;
  a.data += i * a.row;
  b.data += j * b.row;
  float *c = p->c + i * p->ldc + j;
  // Tiles of dot products know no activation; a B of one column has adjacent terms, too.
  if (a.depth == 1 && b.depth == 1 && !epilogue.activation)
    kernels->dot_product(m, n, p->k, a.data, a.row, b.data, b.row, c, p->ldc, epilogue);
  else
    kernels->outer_product(m, n, p->k, a, b, c, p->ldc, epilogue);
  if (p->sums)
    kernels->column_sums(p->k, m, a.data, a.depth, p->sums + i, epilogue.accumulate);
}

/// Rows in equal shares, of which only the last piece is no whole number of tiles: with 128 rows for two threads, whole
/// tiles alone would be 66 and 62. The rows of a share are numbered up to `padded`.
typedef struct {
  const Product *product;
  ptrdiff_t share, padded;
} Shares;

static void run_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Shares *s = context;
  for (ptrdiff_t at = begin, stop; at < end; at = stop) {
    const ptrdiff_t own = at / s->padded, back = own * (s->padded - s->share);
    stop = at_most(end, (own + 1) * s->padded);
    const ptrdiff_t last = at_most(at_most(stop - back, (own + 1) * s->share), s->product->m);
    if (at - back < last) run_block(s->product, at - back, last - (at - back), 0, s->product->n);
  }
}

static void run_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  run_block(p, 0, p->m, begin, end - begin);
}

/// Splits by the dimension in which the caller's data is owned by threads, or by the other one if that one is too
/// short.
static void split(Product *p, bool byColumns) {
  int threads = levin_thread_count();
  if (byColumns ? p->n < columnUnit * threads : p->m < rowUnit * threads)
    byColumns = !byColumns;
  if (p->sums) byColumns = false;
  ptrdiff_t count = byColumns ? p->n : p->m;
  ptrdiff_t unit = !byColumns ? rowUnit : p->b.depth == 1 ? dotColumnUnit : columnUnit;
  ptrdiff_t share = (count + threads - 1) / threads;
  ptrdiff_t piece = whole_units(at_most(leastPiece / (p->m * p->n / count * p->k), share), unit);
  if (byColumns) {
    levin_parallel_for(count, piece, p, run_columns);
  } else {
    Shares shares = {p, share, whole_units(share, piece)};
    levin_parallel_for(threads * shares.padded, piece, &shares, run_rows);
  }
}

// MARK: Large products

/// A block of a large product: `n` columns from `column` on, `depth` terms from `term` on. All threads copy B's part
/// of it together, then share its rows; each copies the rows of A that it takes.
typedef struct {
  const Product *product;
  ptrdiff_t column, n, term, depth;
  float *panels;
} Block;

/// Columns of B that are copied at a time.
enum { columnBlock = 2048 };

/// The multiply-adds of the smallest piece of a block: with fewer, reading B's copy again takes longer.
static const ptrdiff_t leastPieceOfBlock = 1 << 21;

static void copy_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Block *block = context;
  Operand b = block->product->b;
  b.data += (block->column + begin) * b.row + block->term * b.depth;
  levin_kernels()->copy_panels(end - begin, block->depth, b, block->panels + begin * block->depth);
}

static void multiply_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Block *block = context;
  const Product *p = block->product;
  Operand a = p->a;
  a.data += begin * a.row + block->term * a.depth;
  Epilogue epilogue = levin_epilogue_of_block(
    p->epilogue, block->term == 0, block->term + block->depth >= p->k);
  levin_kernels()->packed_product(
    end - begin, block->n, block->depth, a, true, block->panels,
    p->c + begin * p->ldc + block->column, p->ldc,
    levin_part_of_epilogue(epilogue, begin, block->column));
}

/// Returns false, having done nothing, if there is no memory for the copy.
static bool run_large(const Product *p) {
  ptrdiff_t panel = levin_kernels()->panelWidth;
  ptrdiff_t columns = whole_units(at_most(p->n, columnBlock), panel);
  size_t bytes = sizeof(float) * (size_t)(columns * at_most(p->k, depthBlock));
  float *panels = levin_take_memory(bytes);
  if (!panels) return false;
  for (ptrdiff_t column = 0; column < p->n; column += columnBlock)
    for (ptrdiff_t term = 0; term < p->k; term += depthBlock) {
      Block block = {
        .product = p, .column = column, .n = at_most(p->n - column, columnBlock), .term = term,
        .depth = at_most(p->k - term, depthBlock), .panels = panels};
      levin_parallel_for(block.n, panel, &block, copy_columns);
      ptrdiff_t piece = leastPieceOfBlock / (block.n * block.depth);
      ptrdiff_t share = (p->m + levin_thread_count() - 1) / levin_thread_count();
      levin_parallel_for(
        p->m, whole_units(at_most(piece, share), rowUnit), &block, multiply_rows);
    }
  levin_give_memory_back(panels, bytes);
  if (p->sums)
    levin_column_sums(p->k, p->m, p->a.data, p->a.depth, p->sums, p->epilogue.accumulate);
  return true;
}

enum {
  fewRows = 64,      ///< rows of C for which B is copied a few columns at a time, by each thread for itself
  fewColumns = 256,  ///< those columns
};

/// Columns of C, of a few of which B's part is copied to the second-level cache and used up at once.
static void few_rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  size_t bytes = sizeof(float) * (size_t)(fewColumns * at_most(p->k, depthBlock));
  float *panels = levin_take_memory(bytes);
  if (!panels) return run_columns(context, begin, end);
  const LevinKernels *kernels = levin_kernels();
  for (ptrdiff_t j = begin; j < end; j += fewColumns)
    for (ptrdiff_t term = 0; term < p->k; term += depthBlock) {
      ptrdiff_t columns = at_most(end - j, fewColumns), depth = at_most(p->k - term, depthBlock);
      Operand a = p->a, b = p->b;
      a.data += term * a.depth;
      b.data += j * b.row + term * b.depth;
      kernels->copy_panels(columns, depth, b, panels);
      kernels->packed_product(
        p->m, columns, depth, a, false, panels, p->c + j, p->ldc,
        levin_part_of_epilogue(
          levin_epilogue_of_block(p->epilogue, term == 0, term + depth >= p->k), 0, j));
    }
  levin_give_memory_back(panels, bytes);
}

/// A block of B as large as run_large's would be read from memory more often than few rows of C use it.
static void run_few_rows(Product *p) {
  ptrdiff_t share = (p->n + levin_thread_count() - 1) / levin_thread_count();
  ptrdiff_t piece = at_most(leastPieceOfBlock / (p->m * p->k) + 1, share);
  levin_parallel_for(p->n, whole_units(piece, 4 * columnUnit), p, few_rows_part);
}

static void run(Product *p, bool byColumns) {
  if (p->m <= 0 || p->n <= 0) return;
  if (p->m * p->n * p->k < smallProduct)
    run_block(p, 0, p->m, 0, p->n);
  else if (p->isLarge && p->m <= fewRows)
    run_few_rows(p);
  else if (!p->isLarge || !run_large(p))
    split(p, byColumns);
}

/// Whether a product is so large that copies of the operands cost little compared with their gain.
static bool is_large(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  return m >= 128 && n * k >= 1 << 16;
}

/// The same if B's rows are contiguous: even for few rows of C, because a panel of a B that no cache holds is read in
/// small pieces from many pages.
static bool is_large_by_rows(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  return is_large(m, n, k) || (m >= 48 && n * k >= 1 << 16) || (m >= 12 && n * k >= 1 << 20);
}

void levin_product_nt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *bias, bool relu) {
  Product product = {
    .m = m, .n = n, .k = k, .a = {a, lda, 1}, .b = {b, ldb, 1}, .c = c, .ldc = ldc,
    .epilogue = {.accumulate = accumulate, .bias = bias, .relu = relu}, .isLarge = is_large(m, n, k)};
  run(&product, true);
}

void levin_product_nn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *activation,
  ptrdiff_t ldact) {
  Product product = {
    .m = m, .n = n, .k = k, .a = {a, lda, 1}, .b = {b, 1, ldb}, .c = c, .ldc = ldc,
    .epilogue = {.accumulate = accumulate, .activation = activation, .ldact = ldact}, .isLarge = is_large_by_rows(m, n, k)};
  run(&product, true);
}

void levin_product_tn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, float *sums) {
  Product product = {
    .m = m, .n = n, .k = k, .a = {a, 1, lda}, .b = {b, 1, ldb}, .c = c, .ldc = ldc,
    .epilogue = {.accumulate = accumulate}, .sums = sums, .isLarge = is_large(m, n, k)};
  run(&product, false);
}

bool levin_product_tt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc) {
  Product product = {.m = m, .n = n, .k = k, .a = {a, 1, lda}, .b = {b, ldb, 1}, .c = c, .ldc = ldc};
  return is_large(m, n, k) && run_large(&product);
}
