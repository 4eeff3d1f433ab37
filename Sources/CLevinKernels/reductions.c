/// Sums, products, extremes and running sums over strided operands of any type.
///
/// An output is computed by one thread or, if there are too few outputs for all threads, in partial results whose
/// boundaries depend only on the shape and which are combined in order.
#include <string.h>

#include "kernels.h"

enum {
  block = 512,            ///< elements converted to the compute type at a time
  smallReduction = 1 << 14,  ///< elements below which one thread is faster
  partLength = 1 << 16,   ///< terms of a partial result
  columnUnit = 64,
  columnsAtOnce = 2048,      ///< columns read in place that are reduced together: long runs of each row
};

static const LevinType computed[] = {LevinTypeFloat32, LevinTypeFloat64, LevinTypeInt64};

/// A partial result: a double for floats.
typedef union {
  double number;
  int64_t integer;
} Total;

typedef struct {
  const LevinPlan *plan;
  const LevinKernels *kernels;
  LevinReduction op;
  LevinCompute compute;
  int kept;                 ///< the first dimensions are the result's, the others are reduced
  ptrdiff_t outputs, terms;
  ptrdiff_t parts;          ///< of the terms of one output
  Total *partial;           ///< [outputs, parts] where parts > 1
} Reduction;

static Total start(const Reduction *r) {
  double infinity = __builtin_inf();
  switch (r->op) {
    case LevinReductionSum: return (Total){0};
    case LevinReductionProduct:
      return r->compute == LevinComputeInt64 ? (Total){.integer = 1} : (Total){.number = 1};
    case LevinReductionMaximum:
      return r->compute == LevinComputeInt64 ? (Total){.integer = INT64_MIN}
                                             : (Total){.number = -infinity};
    case LevinReductionMinimum:
      return r->compute == LevinComputeInt64 ? (Total){.integer = INT64_MAX}
                                             : (Total){.number = infinity};
  }
}

/// Adds rows that are `step` elements apart to the totals of their columns.
static void accumulate(
  const Reduction *r, ptrdiff_t rows, ptrdiff_t columns, const void *x, ptrdiff_t step, Total *totals) {
  switch (r->compute) {
    case LevinComputeFloat32:
      r->kernels->accumulate_f32(r->op, rows, columns, x, step, &totals->number);
      break;
    case LevinComputeFloat64:
      r->kernels->accumulate_f64(r->op, rows, columns, x, step, &totals->number);
      break;
    case LevinComputeInt64:
      r->kernels->accumulate_i64(r->op, rows, columns, x, step, &totals->integer);
      break;
  }
}

static void combine(const Reduction *r, Total *total, Total other) {
  if (r->compute == LevinComputeInt64)
    r->kernels->accumulate_i64(r->op, 1, 1, &other.integer, 0, &total->integer);
  else
    r->kernels->accumulate_f64(r->op, 1, 1, &other.number, 0, &total->number);
}

static Total fold(const Reduction *r, ptrdiff_t count, const void *x) {
  switch (r->compute) {
    case LevinComputeFloat32: return (Total){.number = r->kernels->fold_f32(r->op, count, x)};
    case LevinComputeFloat64: return (Total){.number = r->kernels->fold_f64(r->op, count, x)};
    case LevinComputeInt64: return (Total){.integer = r->kernels->fold_i64(r->op, count, x)};
  }
}

/// Elements of the input as contiguous elements of the compute type: in place, or copied to `room`.
static const void *loaded(
  const Reduction *r, ptrdiff_t count, const char *from, ptrdiff_t stride, char room[2][block * 8]) {
  LevinType type = r->plan->operands[1].type, to = computed[r->compute];
  size_t size = levin_size_of(type);
  if (stride != (ptrdiff_t)size) {
    for (ptrdiff_t i = 0; i < count; i++) memcpy(room[0] + i * size, from + i * stride, size);
    from = room[0];
  }
  if (type == to) return from;
  r->kernels->convert(count, from, type, room[1], to);
  return room[1];
}

static void store(const Reduction *r, char *to, Total total) {
  LevinType type = r->plan->operands[0].type;
  if (type == LevinTypeFloat32 && r->compute != LevinComputeInt64)
    *(float *)to = (float)total.number;
  else if (r->compute == LevinComputeInt64)
    r->kernels->convert(1, &total.integer, LevinTypeInt64, to, type);
  else
    r->kernels->convert(1, &total.number, LevinTypeFloat64, to, type);
}

/// The address of operand `o` at position `element` of dimensions first..<end.
static char *place(const LevinPlan *p, int o, char *at, ptrdiff_t element, int first, int end) {
  if (end - first == 1) return at + element * p->operands[o].strides[first];
  for (int d = end - 1; d >= first; d--) {
    at += element % p->sizes[d] * p->operands[o].strides[d];
    element /= p->sizes[d];
  }
  return at;
}

/// Combines the terms begin..<end of the output whose terms start at `at`.
static Total fold_terms(const Reduction *r, const char *at, ptrdiff_t begin, ptrdiff_t end) {
  const LevinPlan *p = r->plan;
  int inner = p->rank - 1;
  Total total = start(r);
  _Alignas(64) char room[2][block * 8];
  bool isWhole = p->operands[1].type == computed[r->compute] &&
                 p->operands[1].strides[inner] == (ptrdiff_t)levin_size_of(computed[r->compute]);
  if (r->kept == p->rank) {
    combine(r, &total, fold(r, 1, loaded(r, 1, at, 0, room)));
    return total;
  }
  if (isWhole && end - begin <= p->sizes[inner] && r->kept == inner && end - begin <= partLength)
    return fold(r, end - begin, at + begin * p->operands[1].strides[inner]);
  while (begin < end) {
    ptrdiff_t left = p->sizes[inner] - begin % p->sizes[inner];
    ptrdiff_t count = at_most(at_most(left, end - begin), isWhole ? partLength : block);
    const char *from = place(p, 1, (char *)at, begin, r->kept, p->rank);
    combine(r, &total, fold(r, count, loaded(r, count, from, p->operands[1].strides[inner], room)));
    begin += count;
  }
  return total;
}

static void rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  for (ptrdiff_t i = begin; i < end; i++) {
    ptrdiff_t output = i / r->parts, part = i % r->parts;
    const char *at = place(p, 1, p->operands[1].data, output, 0, r->kept);
    ptrdiff_t end = r->parts > 1 ? at_most((part + 1) * partLength, r->terms) : r->terms;
    Total total = fold_terms(r, at, part * partLength, end);
    if (r->parts > 1)
      r->partial[i] = total;
    else
      store(r, place(p, 0, p->operands[0].data, output, 0, r->kept), total);
  }
}

/// Whether runs of the input along dimension `d` can be read in place.
static bool lies_whole(const Reduction *r, int d) {
  const LevinOperand *x = &r->plan->operands[1];
  return x->type == computed[r->compute] && x->strides[d] == (ptrdiff_t)levin_size_of(x->type);
}

/// Outputs that are adjacent in the input are reduced together, a run of them at a time.
static void columns_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  int last = r->kept - 1, inner = p->rank - 1;
  Total totals[columnsAtOnce];
  _Alignas(64) char room[2][block * 8];
  ptrdiff_t size = (ptrdiff_t)levin_size_of(p->operands[1].type), step = p->operands[1].strides[inner];
  bool isWhole = lies_whole(r, last) && step % size == 0;
  while (begin < end) {
    ptrdiff_t left = p->sizes[last] - begin % p->sizes[last];
    ptrdiff_t count = at_most(at_most(left, end - begin), isWhole ? columnsAtOnce : block);
    for (ptrdiff_t i = 0; i < count; i++) totals[i] = start(r);
    char *from = place(p, 1, p->operands[1].data, begin, 0, r->kept);
    for (ptrdiff_t term = 0, rows; term < r->terms; term += rows) {
      const char *at = place(p, 1, from, term, r->kept, p->rank);
      rows = isWhole ? p->sizes[inner] : 1;
      if (!isWhole) at = loaded(r, count, at, p->operands[1].strides[last], room);
      accumulate(r, rows, count, at, step / size, totals);
    }
    char *to = place(p, 0, p->operands[0].data, begin, 0, r->kept);
    for (ptrdiff_t i = 0; i < count; i++)
      store(r, to + i * p->operands[0].strides[last], totals[i]);
    begin += count;
  }
}

static ptrdiff_t distance(ptrdiff_t stride) { return stride < 0 ? -stride : stride; }

void levin_reduce(LevinReduction op, LevinCompute compute, const LevinPlan *plan, int kept) {
  Reduction r = {plan, levin_kernels(), op, compute, kept, 1, 1, 1, NULL};
  for (int d = 0; d < plan->rank; d++) *(d < kept ? &r.outputs : &r.terms) *= plan->sizes[d];
  if (r.outputs == 0) return;
  bool isSmall = r.outputs * r.terms < smallReduction;
  int inner = plan->rank - 1;
  const ptrdiff_t *strides = plan->operands[1].strides;
  if (kept > 0 && kept < plan->rank && distance(strides[kept - 1]) < distance(strides[inner])) {
    levin_parallel_for(r.outputs, isSmall ? r.outputs : columnUnit, &r, columns_part);
    return;
  }
  // Few outputs of many terms are split into parts; if there is no memory, each output is one part.
  ptrdiff_t parts = (r.terms + partLength - 1) / partLength;
  if (r.outputs < 64 && parts > 1)
    r.partial = levin_take_memory((size_t)(r.outputs * parts) * sizeof(Total));
  if (r.partial) r.parts = parts;
  ptrdiff_t pieces = r.outputs * r.parts;
  levin_parallel_for(pieces, isSmall ? pieces : 1, &r, rows_part);
  if (!r.partial) return;
  for (ptrdiff_t output = 0; output < r.outputs; output++) {
    Total total = r.partial[output * r.parts];
    for (ptrdiff_t i = 1; i < r.parts; i++) combine(&r, &total, r.partial[output * r.parts + i]);
    store(&r, place(plan, 0, plan->operands[0].data, output, 0, kept), total);
  }
  levin_give_memory_back(r.partial, (size_t)pieces * sizeof(Total));
}

// MARK: Indices of extremes

typedef struct {
  Reduction r;
  bool wantsLargest;
} Search;

/// Whether `x` replaces the best so far: a NaN replaces everything but a NaN.
#define BEATS(X, BEST) \
  (s->wantsLargest ? (X) > (BEST) || ((X) != (X) && (BEST) == (BEST)) \
                   : (X) < (BEST) || ((X) != (X) && (BEST) == (BEST)))
#define FIND(T)                                              \
  {                                                          \
    const T *x = values;                                     \
    if (begin == 0) best.as_##T = x[0];                      \
    for (ptrdiff_t i = 0; i < count; i++)                    \
      if (BEATS(x[i], best.as_##T)) {                        \
        best.as_##T = x[i];                                  \
        found = begin + i;                                   \
      }                                                      \
  }                                                          \
  break

static int64_t index_of_extreme(const Search *s, const char *at) {
  const Reduction *r = &s->r;
  const LevinPlan *p = r->plan;
  int inner = p->rank - 1;
  if (r->kept == p->rank) return 0;
  bool isOneRun = r->kept == inner && p->operands[1].strides[inner] == sizeof(float);
  if (isOneRun && s->wantsLargest && p->operands[1].type == LevinTypeFloat32)
    return r->kernels->index_of_max(r->terms, (const float *)at);
  union {
    float as_float;
    double as_double;
    int64_t as_int64_t;
  } best = {0};
  int64_t found = 0;
  _Alignas(64) char room[2][block * 8];
  for (ptrdiff_t begin = 0, count; begin < r->terms; begin += count) {
    count = at_most(at_most(p->sizes[inner] - begin % p->sizes[inner], r->terms - begin), block);
    const char *from = place(p, 1, (char *)at, begin, r->kept, p->rank);
    const void *values = loaded(r, count, from, p->operands[1].strides[inner], room);
    switch (r->compute) {
      case LevinComputeFloat32: FIND(float);
      case LevinComputeFloat64: FIND(double);
      case LevinComputeInt64: FIND(int64_t);
    }
  }
  return found;
}

static void search_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Search *s = context;
  const LevinPlan *p = s->r.plan;
  for (ptrdiff_t output = begin; output < end; output++) {
    int64_t found = index_of_extreme(s, place(p, 1, p->operands[1].data, output, 0, s->r.kept));
    *(int64_t *)place(p, 0, p->operands[0].data, output, 0, s->r.kept) = found;
  }
}

/// Outputs that are adjacent in the input are searched together.
static void search_columns_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Search *s = context;
  const Reduction *r = &s->r;
  const LevinPlan *p = r->plan;
  int last = r->kept - 1;
  size_t size = levin_size_of(computed[r->compute]);
  int64_t found[block];
  _Alignas(64) char best[block * 8], room[2][block * 8];
  while (begin < end) {
    ptrdiff_t count = at_most(p->sizes[last] - begin % p->sizes[last], end - begin);
    count = at_most(count, block);
    char *from = place(p, 1, p->operands[1].data, begin, 0, r->kept);
    for (ptrdiff_t term = 0; term < r->terms; term++) {
      const char *at = place(p, 1, from, term, r->kept, p->rank);
      const void *row = loaded(r, count, at, p->operands[1].strides[last], room);
      if (term == 0) {
        memcpy(best, row, (size_t)count * size);
        memset(found, 0, sizeof(found));
      } else {
        r->kernels->find_in_row[r->compute](s->wantsLargest, count, row, term, best, found);
      }
    }
    char *to = place(p, 0, p->operands[0].data, begin, 0, r->kept);
    for (ptrdiff_t i = 0; i < count; i++)
      *(int64_t *)(to + i * p->operands[0].strides[last]) = found[i];
    begin += count;
  }
}

void levin_index_of_extreme(
  bool wantsLargest, LevinCompute compute, const LevinPlan *plan, int kept) {
  Search s = {{plan, levin_kernels(), 0, compute, kept, 1, 1, 1, NULL}, wantsLargest};
  for (int d = 0; d < plan->rank; d++) *(d < kept ? &s.r.outputs : &s.r.terms) *= plan->sizes[d];
  bool isSmall = s.r.outputs * s.r.terms < smallReduction;
  const ptrdiff_t *strides = plan->operands[1].strides;
  if (kept > 0 && kept < plan->rank && distance(strides[kept - 1]) < distance(strides[plan->rank - 1])) {
    levin_parallel_for(s.r.outputs, isSmall ? s.r.outputs : columnUnit, &s, search_columns_part);
    return;
  }
  levin_parallel_for(s.r.outputs, isSmall ? s.r.outputs : 1, &s, search_part);
}

// MARK: Running sums and products

static Total scan_start(const Reduction *r) {
  bool multiplies = r->op == LevinReductionProduct;
  return r->compute == LevinComputeInt64 ? (Total){.integer = multiplies} : (Total){.number = multiplies};
}

/// Lines one by one. Elements that are not of the compute type, or results of another type, are converted in blocks.
static void scan_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  const LevinOperand *x = &p->operands[1], *out = &p->operands[0];
  int inner = p->rank - 1;
  LevinType type = computed[r->compute];
  ptrdiff_t size = (ptrdiff_t)levin_size_of(type), stepIn = x->strides[inner], stepOut = out->strides[inner];
  bool isOwn = x->type == type && out->type == type && stepIn % size == 0 && stepOut % size == 0;
  bool multiplies = r->op == LevinReductionProduct;
  _Alignas(64) char room[3][block * 8];
  for (ptrdiff_t line = begin; line < end; line++) {
    const char *from = place(p, 1, x->data, line, 0, inner);
    char *to = place(p, 0, out->data, line, 0, inner);
    Total total = scan_start(r);
    if (isOwn) {
      r->kernels->scan_line[r->compute](
        multiplies, r->terms, from, stepIn / size, to, stepOut / size, &total);
      continue;
    }
    for (ptrdiff_t done = 0, count; done < r->terms; done += count) {
      count = at_most(r->terms - done, block);
      const void *own = loaded(r, count, from + done * stepIn, stepIn, room);
      r->kernels->scan_line[r->compute](multiplies, count, own, 1, room[2], 1, &total);
      r->kernels->convert(count, room[2], type, room[0], out->type);
      size_t bytes = levin_size_of(out->type);
      for (ptrdiff_t i = 0; i < count; i++)
        memcpy(to + (done + i) * stepOut, room[0] + i * bytes, bytes);
    }
  }
}

/// Adjacent lines, a row of each at a time.
static void scan_rows_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  int inner = p->rank - 1, last = inner - 1;
  Total totals[block];
  for (ptrdiff_t count; begin < end; begin += count) {
    count = at_most(at_most(p->sizes[last] - begin % p->sizes[last], end - begin), block);
    const char *from = place(p, 1, p->operands[1].data, begin, 0, inner);
    char *to = place(p, 0, p->operands[0].data, begin, 0, inner);
    for (ptrdiff_t i = 0; i < count; i++) totals[i] = scan_start(r);
    for (ptrdiff_t term = 0; term < r->terms; term++)
      r->kernels->scan_row[r->compute](
        r->op == LevinReductionProduct, count, from + term * p->operands[1].strides[inner],
        to + term * p->operands[0].strides[inner], totals);
  }
}

void levin_scan(bool multiplies, LevinCompute compute, const LevinPlan *plan) {
  int inner = plan->rank - 1;
  LevinReduction op = multiplies ? LevinReductionProduct : LevinReductionSum;
  Reduction r = {plan, levin_kernels(), op, compute, inner, 1, 1, 1, NULL};
  for (int d = 0; d < inner; d++) r.outputs *= plan->sizes[d];
  r.terms = plan->sizes[inner];
  bool isSmall = r.outputs * r.terms < smallReduction, areSideBySide = inner > 0;
  for (int o = 0; o < 2 && areSideBySide; o++)
    areSideBySide = plan->operands[o].type == computed[compute] &&
                    plan->operands[o].strides[inner - 1] == (ptrdiff_t)levin_size_of(computed[compute]);
  if (areSideBySide)
    levin_parallel_for(r.outputs, isSmall ? r.outputs : columnUnit, &r, scan_rows_part);
  else
    levin_parallel_for(r.outputs, isSmall ? r.outputs : 1, &r, scan_part);
}
