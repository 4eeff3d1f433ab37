/// The walk over a plan by rows, and by tiles where an operand is transposed.
#include "elementwise_map.h"

/// Rows of at least `longRow` elements are computed one by one, or, if an operand is contiguous along another
/// dimension, in tiles of `tileColumns` columns and as many rows as fit in `tileBytes`.
enum { longRow = 16, tileColumns = 64, tileBytes = 1 << 14 };

/// How the elements of an operand are brought together along a row.
typedef enum {
  isSideBySide,   ///< already adjacent
  isRepeated,     ///< one for the whole row
  liesAcross,     ///< adjacent along the dimension before: a tile is transposed
  isBroughtOver,  ///< strided or converted: copied row by row
} Way;

/// A plan as rows of its last dimension; consecutive rows along the dimension before make up tiles.
typedef struct {
  const Map *map;
  LevinPlan plan;
  Way ways[mostOperands];
  bool hasAcross;
  ptrdiff_t rows, width;  ///< rows, and columns of them in a piece of work
  ptrdiff_t mostRows, mostColumns;  ///< of a tile
} Rows;

static size_t size_in_tile(const Rows *r, int o) { return levin_size_of(r->map->types[o]); }

/// Computes a tile whose operands begin at `origin`; `repeated` is the value in the scratch memory of repeated
/// operands.
static void run_tile(
  const Rows *r, char *const origin[], ptrdiff_t rows, ptrdiff_t columns,
  char scratch[mostOperands][tileBytes], const char *repeated[]) {
  const Map *m = r->map;
  const LevinPlan *p = &r->plan;
  int inner = p->rank - 1;
  _Alignas(64) char room[tileBytes];
  for (int o = 1; o < p->operandCount; o++)
    if (r->ways[o] == liesAcross) {
      size_t size = levin_size_of(p->operands[o].type);
      bool converts = p->operands[o].type != m->types[o];
      char *to = m->isCopy ? origin[0] : converts ? room : scratch[o];
      m->kernels->transpose_any(
        size, columns, rows, origin[o], p->operands[o].strides[inner] / (ptrdiff_t)size, to,
        m->isCopy ? p->operands[0].strides[inner - 1] / (ptrdiff_t)size : columns);
      if (m->isCopy) return;
      if (converts)
        m->kernels->convert(rows * columns, room, p->operands[o].type, scratch[o], m->types[o]);
    }
  for (ptrdiff_t i = 0; i < rows; i++) {
    char *at[mostOperands];
    for (int o = 0; o < p->operandCount; o++) {
      const LevinOperand *operand = &p->operands[o];
      char *own = origin[o] + (inner > 0 ? i * operand->strides[inner - 1] : 0);
      switch (r->ways[o]) {
        case isSideBySide: at[o] = own; break;
        case liesAcross: at[o] = scratch[o] + (size_t)(i * columns) * size_in_tile(r, o); break;
        case isRepeated:
          if (repeated[o] != own) {
            m->kernels->convert(1, own, operand->type, scratch[o], m->types[o]);
            levin_repeat(r->mostColumns, scratch[o], size_in_tile(r, o));
          }
          repeated[o] = own;
          at[o] = scratch[o];
          break;
        case isBroughtOver:
          at[o] = scratch[o];
          if (o > 0)
            levin_load_run(
              m->kernels, columns, own, operand->strides[inner], operand->type, scratch[o],
              m->types[o], room);
          break;
      }
    }
    m->body(m, columns, at);
    if (r->ways[0] == isBroughtOver)
      m->kernels->convert(
        columns, scratch[0], m->types[0],
        origin[0] + (inner > 0 ? i * p->operands[0].strides[inner - 1] : 0), p->operands[0].type);
  }
  if (r->ways[0] == liesAcross) {
    size_t size = size_in_tile(r, 0);
    m->kernels->transpose_any(
      size, rows, columns, scratch[0], columns, origin[0],
      p->operands[0].strides[inner] / (ptrdiff_t)size);
  }
}

static void rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *r = context;
  const LevinPlan *p = &r->plan;
  int inner = p->rank - 1;
  ptrdiff_t along = inner > 0 ? p->sizes[inner - 1] : 1;
  _Alignas(64) char scratch[mostOperands][tileBytes];
  const char *repeated[mostOperands] = {NULL};
  while (begin < end) {
    ptrdiff_t row = begin % r->rows, first = begin / r->rows * r->width;
    ptrdiff_t columns = at_most(p->sizes[inner] - first, r->width);
    ptrdiff_t rows = at_most(at_most(along - row % along, end - begin), r->mostRows);
    Cursor c = cursor_at(p, row * p->sizes[inner] + first);
    for (ptrdiff_t done = 0, count; done < columns; done += count) {
      count = at_most(columns - done, r->mostColumns);
      run_tile(r, c.at, rows, count, scratch, repeated);
      for (int o = 0; o < p->operandCount; o++) c.at[o] += count * p->operands[o].strides[inner];
    }
    begin += rows;
  }
}

/// The dimension along which an operand that is strided along the last one is contiguous; -1 if there is none.
static int dimension_across(const Map *m) {
  const LevinPlan *p = m->plan;
  for (int o = 1; o < p->operandCount; o++) {
    ptrdiff_t size = (ptrdiff_t)levin_size_of(p->operands[o].type);
    ptrdiff_t stride = p->operands[o].strides[p->rank - 1];
    if (stride == size || stride == 0) continue;
    for (int d = p->rank - 2; d >= 0; d--)
      if (p->operands[o].strides[d] == size && p->sizes[d] >= longRow / 2) return d;
  }
  return -1;
}

/// Swaps dimension d with the one after it.
static void swap_with_next(LevinPlan *p, int d) {
  ptrdiff_t size = p->sizes[d];
  p->sizes[d] = p->sizes[d + 1];
  p->sizes[d + 1] = size;
  for (int o = 0; o < p->operandCount; o++) {
    ptrdiff_t *strides = p->operands[o].strides, stride = strides[d];
    strides[d] = strides[d + 1];
    strides[d + 1] = stride;
  }
}

/// Whether all operands that are not repeated are contiguous across rows, and there are several: then it is better to
/// transpose the result.
static bool lies_across_alone(const Map *m, const LevinPlan *p) {
  int inner = p->rank - 1, across = 0;
  for (int o = 1; o < p->operandCount; o++) {
    ptrdiff_t size = (ptrdiff_t)levin_size_of(p->operands[o].type);
    if (p->operands[o].strides[inner] == 0) continue;
    if (p->operands[o].strides[inner - 1] != size) return false;
    across++;
  }
  return across > 1 && p->operands[0].type == m->types[0];
}

void levin_run_rows(const Map *m, ptrdiff_t count) {
  Rows r = {.map = m, .plan = *m->plan};
  int inner = r.plan.rank - 1, across = dimension_across(m);
  if (across >= 0) {
    for (int d = across; d < inner - 1; d++) swap_with_next(&r.plan, d);
    if (lies_across_alone(m, &r.plan)) swap_with_next(&r.plan, inner - 1);
  }
  for (int o = 0; o < r.plan.operandCount; o++) {
    const LevinOperand *operand = &r.plan.operands[o];
    ptrdiff_t size = (ptrdiff_t)levin_size_of(operand->type), stride = operand->strides[inner];
    if (stride == size)
      r.ways[o] = operand->type == m->types[o] ? isSideBySide : isBroughtOver;
    else if (o > 0 && stride == 0)
      r.ways[o] = isRepeated;
    else if (across >= 0 && operand->strides[inner - 1] == size)
      r.ways[o] = liesAcross;
    else
      r.ways[o] = isBroughtOver;
    r.hasAcross |= r.ways[o] == liesAcross;
  }
  r.width = at_most(r.plan.sizes[inner], unit);
  r.mostRows = tileBytes / tileColumns / 8;
  r.mostColumns = at_most(r.width, r.hasAcross ? tileColumns : tileBytes / 8);
  r.rows = count / r.plan.sizes[inner];
  ptrdiff_t units = r.rows * ((r.plan.sizes[inner] + r.width - 1) / r.width);
  ptrdiff_t grain = unit / r.width;
  if (r.hasAcross) grain = (grain + r.mostRows - 1) / r.mostRows * r.mostRows;
  levin_parallel_for(units, count < smallArray ? units : grain, &r, rows_part);
}

bool levin_has_long_rows(const Map *m) {
  ptrdiff_t length = m->plan->sizes[m->plan->rank - 1];
  return length >= longRow || (length >= longRow / 2 && dimension_across(m) >= 0);
}
