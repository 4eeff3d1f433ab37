#include "kernels.h"

/// Multiply-adds below which a product is faster on one thread than the threads' meeting.
static const ptrdiff_t smallProduct = 1 << 15;

/// Rows and columns of C are dealt out in these units, the tiles' sizes. (Columns of dot products come
/// in fours.)
enum { rowUnit = 6, columnUnit = 16, dotColumnUnit = 4 };

/// Multiply-adds of the least piece that is worth handing out: about a microsecond.
static const ptrdiff_t leastPiece = 1 << 16;

typedef struct {
  ptrdiff_t m, n, k;
  Operand a, b;
  float *c;
  ptrdiff_t ldc;
  Epilogue epilogue;
  bool isLarge;  // and worth copying its operands
  float *sums;  // column sums of A where wanted
} Product;

/// The part of a product that makes C's rows i..<i+m and columns j..<j+n.
static void run_block(const Product *p, ptrdiff_t i, ptrdiff_t m, ptrdiff_t j, ptrdiff_t n) {
  const LevinKernels *kernels = levin_kernels();
  Epilogue epilogue = p->epilogue;
  if (epilogue.bias) epilogue.bias += j;
  if (epilogue.activation) epilogue.activation += i * epilogue.ldact + j;
  Operand a = p->a, b = p->b;
  a.data += i * a.row;
  b.data += j * b.row;
  float *c = p->c + i * p->ldc + j;
  bool isDone =
    p->isLarge && kernels->outer_product(m, n, p->k, a, b, c, p->ldc, epilogue, true);
  if (!isDone && b.depth == 1)
    kernels->dot_product(m, n, p->k, a.data, a.row, b.data, b.row, c, p->ldc, epilogue);
  else if (!isDone)
    kernels->outer_product(m, n, p->k, a, b, c, p->ldc, epilogue, false);
  if (p->sums)
    kernels->column_sums(p->k, m, a.data, a.depth, p->sums + i, epilogue.accumulate);
}

static void run_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  run_block(p, begin, end - begin, 0, p->n);
}

static void run_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  run_block(p, 0, p->m, begin, end - begin);
}

/// Splits by the dimension that the caller's data is owned by, or by the other where that one is
/// too short to go round.
static void run(Product *p, bool byColumns) {
  if (p->m <= 0 || p->n <= 0) return;
  if (p->m * p->n * p->k < smallProduct) {
    run_block(p, 0, p->m, 0, p->n);
    return;
  }
  int threads = levin_thread_count();
  if (byColumns ? p->n < columnUnit * threads : p->m < rowUnit * threads)
    byColumns = !byColumns;
  if (p->sums) byColumns = false;
  ptrdiff_t count = byColumns ? p->n : p->m;
  ptrdiff_t unit = !byColumns ? rowUnit : p->b.depth == 1 ? dotColumnUnit : columnUnit;
  ptrdiff_t piece = leastPiece / (p->m * p->n / count * p->k);
  ptrdiff_t share = (count + threads - 1) / threads;
  // A piece of a large product copies its operands, so that each thread gets one only.
  if (p->isLarge || piece > share) piece = share;
  ptrdiff_t grain = piece <= unit ? unit : (piece + unit - 1) / unit * unit;
  levin_parallel_for(count, grain, p, byColumns ? run_columns : run_rows);
}

/// Large enough that copies of the operands cost little against what they gain.
static bool is_large(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  return m >= 128 && n * k >= 1 << 16;
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
    .epilogue = {.accumulate = accumulate, .activation = activation, .ldact = ldact}, .isLarge = is_large(m, n, k)};
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
