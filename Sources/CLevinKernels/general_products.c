/// Products of matrices of float64 and int64.
#include <string.h>

#include "kernels.h"

enum {
  smallProduct = 1 << 15,    ///< multiply-adds below which one thread is faster
  columnBlock = 1024,        ///< columns of B that are copied at a time
  leastPiece = 1 << 17,      ///< multiply-adds of the smallest piece of a block
  few = 4,                   ///< rows or columns for which copying the other operand is not worthwhile
  fewRows = 64,              ///< rows of C for which B is copied a few columns at a time
  fewColumns = 128,          ///< those columns
  worthCopying = 256,        ///< columns of C from which a copy of A costs less than it saves
};

typedef struct {
  const LevinKernels *kernels;
  LevinMatrix a, b;
  ptrdiff_t m, n, k;
  double *c;
  // A block of the product: columns, and terms of the depth.
  ptrdiff_t column, columns, term, depth;
  double *panels;
  _Atomic bool *lacksMemory;
} Product;

static LevinMatrix from(LevinMatrix x, ptrdiff_t row, ptrdiff_t column) {
  x.data = (const double *)x.data + row * x.row + column * x.column;
  return x;
}

static void integers_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  p->kernels->product_i64(end - begin, p->n, p->k, from(p->a, begin, 0), p->b, p->c + begin * p->n);
}

static void dot_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  p->kernels->dots_f64(
    end - begin, p->n, p->k, from(p->a, begin, 0), p->b, p->c + begin * p->n, p->n);
}

static void dot_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  p->kernels->dots_f64(p->m, end - begin, p->k, p->a, from(p->b, 0, begin), p->c + begin, p->n);
}

static void row_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  for (ptrdiff_t i = 0; i < p->m; i++)
    p->kernels->row_product_f64(
      end - begin, p->k, from(p->a, i, 0), from(p->b, 0, begin), p->c + i * p->n + begin);
}

static void copy_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  p->kernels->copy_panels_f64(
    end - begin, p->depth, from(p->b, p->term, p->column + begin), p->panels + begin * p->depth);
}

static void multiply_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  size_t bytes = sizeof(double) * (size_t)p->kernels->room_f64(end - begin, p->depth);
  // Without memory for its copy, or for few columns, A is read where it is.
  double *room = p->columns < worthCopying ? NULL : levin_take_memory(bytes);
  p->kernels->packed_product_f64(
    end - begin, p->columns, p->depth, from(p->a, begin, p->term), p->panels,
    p->c + begin * p->n + p->column, p->n, p->term > 0, room);
  if (room) levin_give_memory_back(room, bytes);
}

/// Columns of C, of a few of which B's part is copied to the second-level cache and used up at once.
static void few_rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  size_t bytes = sizeof(double) * (size_t)(fewColumns * at_most(p->k, depthBlock));
  double *panels = levin_take_memory(bytes);
  if (!panels) {
    *p->lacksMemory = true;
    return;
  }
  for (ptrdiff_t j = begin; j < end; j += fewColumns)
    for (ptrdiff_t term = 0; term < p->k; term += depthBlock) {
      ptrdiff_t columns = at_most(end - j, fewColumns), depth = at_most(p->k - term, depthBlock);
      p->kernels->copy_panels_f64(columns, depth, from(p->b, term, j), panels);
      p->kernels->packed_product_f64(
        p->m, columns, depth, from(p->a, 0, term), panels, p->c + j, p->n, term > 0, NULL);
    }
  levin_give_memory_back(panels, bytes);
}

/// Few rows of C: a block of B as large as those of run_tiles would be read from memory more often than it is used.
static bool run_few_rows(Product *p) {
  _Atomic bool lacksMemory = false;
  p->lacksMemory = &lacksMemory;
  bool isSmall = p->m * p->n * p->k < smallProduct;
  ptrdiff_t unit = p->kernels->panelWidth64, piece = leastPiece / (p->m * p->k + 1) + 1;
  levin_parallel_for(p->n, isSmall ? p->n : (piece + unit - 1) / unit * unit, p, few_rows_part);
  return !lacksMemory;
}

/// Returns false if the system has no memory for the copies.
static bool run_tiles(Product *p) {
  _Atomic bool lacksMemory = false;
  p->lacksMemory = &lacksMemory;
  ptrdiff_t panel = p->kernels->panelWidth64;
  ptrdiff_t columns = (at_most(p->n, columnBlock) + panel - 1) / panel * panel;
  size_t bytes = sizeof(double) * (size_t)(columns * at_most(p->k, depthBlock));
  p->panels = levin_take_memory(bytes);
  if (!p->panels) return false;
  bool isSmall = p->m * p->n * p->k < smallProduct;
  for (p->column = 0; p->column < p->n; p->column += columnBlock)
    for (p->term = 0; p->term < p->k; p->term += depthBlock) {
      p->columns = at_most(p->n - p->column, columnBlock);
      p->depth = at_most(p->k - p->term, depthBlock);
      levin_parallel_for(p->columns, isSmall ? columns : panel, p, copy_columns);
      ptrdiff_t share = (p->m + levin_thread_count() - 1) / levin_thread_count();
      ptrdiff_t piece = at_most(leastPiece / (p->columns * p->depth) + 1, share);
      levin_parallel_for(p->m, isSmall ? p->m : (piece + 5) / 6 * 6, p, multiply_rows);
    }
  levin_give_memory_back(p->panels, bytes);
  return !lacksMemory;
}

bool levin_product(
  LevinCompute compute, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, void *c) {
  Product p = {.kernels = levin_kernels(), .a = a, .b = b, .m = m, .n = n, .k = k, .c = c};
  if (m <= 0 || n <= 0) return true;
  bool isSmall = m * n * k < smallProduct;
  if (compute == LevinComputeInt64) {
    levin_parallel_for(m, isSmall ? m : 4, &p, integers_part);
    return true;
  }
  if (k == 0) memset(c, 0, sizeof(double) * (size_t)(m * n));
  if ((m <= few || n <= few) && a.column == 1 && b.row == 1) {
    bool byRows = m >= n;
    levin_parallel_for(
      byRows ? m : n, isSmall ? (byRows ? m : n) : 8, &p, byRows ? dot_rows : dot_columns);
    return true;
  }
  if (m <= 2 && b.column == 1) {
    levin_parallel_for(n, isSmall ? n : 64, &p, row_columns);
    return true;
  }
  return m <= fewRows ? run_few_rows(&p) : run_tiles(&p);
}
