/// Sums, products, extremes and running sums over strided operands of any type.
///
/// The result of an output is computed by one thread, or, where there are too few outputs to go round, in
/// partial results whose borders depend on the shape alone and which are combined in order.
#include <string.h>

#include "kernels.h"

enum {
  block = 512,            ///< elements brought into the compute type together
  smallReduction = 1 << 14,  ///< elements below which one thread is faster
  partLength = 1 << 16,   ///< terms of a partial result
  columnUnit = 16,
};

static const LevinType computed[] = {LevinTypeFloat32, LevinTypeFloat64, LevinTypeInt64};

/// A result in the making: a double for floats.
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

static void accumulate(const Reduction *r, ptrdiff_t count, const void *x, Total *totals) {
  switch (r->compute) {
    case LevinComputeFloat32: r->kernels->accumulate_f32(r->op, count, x, &totals->number); break;
    case LevinComputeFloat64: r->kernels->accumulate_f64(r->op, count, x, &totals->number); break;
    case LevinComputeInt64: r->kernels->accumulate_i64(r->op, count, x, &totals->integer); break;
  }
}

static void combine(const Reduction *r, Total *total, Total other) {
  if (r->compute == LevinComputeInt64)
    r->kernels->accumulate_i64(r->op, 1, &other.integer, &total->integer);
  else
    r->kernels->accumulate_f64(r->op, 1, &other.number, &total->number);
}

static Total fold(const Reduction *r, ptrdiff_t count, const void *x) {
  switch (r->compute) {
    case LevinComputeFloat32: return (Total){.number = r->kernels->fold_f32(r->op, count, x)};
    case LevinComputeFloat64: return (Total){.number = r->kernels->fold_f64(r->op, count, x)};
    case LevinComputeInt64: return (Total){.integer = r->kernels->fold_i64(r->op, count, x)};
  }
}

/// Elements of the input as contiguous ones of the compute type: in place, or copied to `room`.
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
  if (r->compute == LevinComputeInt64)
    r->kernels->convert(1, &total.integer, LevinTypeInt64, to, type);
  else
    r->kernels->convert(1, &total.number, LevinTypeFloat64, to, type);
}

/// Where operand `o` lies at position `element` of dimensions first..<end.
static char *place(const LevinPlan *p, int o, char *at, ptrdiff_t element, int first, int end) {
  for (int d = end - 1; d >= first; d--) {
    at += element % p->sizes[d] * p->operands[o].strides[d];
    element /= p->sizes[d];
  }
  return at;
}

/// The terms begin..<end of the output whose terms lie from `at` on.
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

/// Outputs that lie side by side in the input are reduced together, a run of them at a time.
static void columns_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  int last = r->kept - 1;
  Total totals[block];
  _Alignas(64) char room[2][block * 8];
  while (begin < end) {
    ptrdiff_t left = p->sizes[last] - begin % p->sizes[last];
    ptrdiff_t count = at_most(at_most(left, end - begin), block);
    for (ptrdiff_t i = 0; i < count; i++) totals[i] = start(r);
    char *from = place(p, 1, p->operands[1].data, begin, 0, r->kept);
    for (ptrdiff_t term = 0; term < r->terms; term++) {
      const char *at = place(p, 1, from, term, r->kept, p->rank);
      accumulate(r, count, loaded(r, count, at, p->operands[1].strides[last], room), totals);
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
  // Few outputs of many terms are cut into parts. Where memory lacks, each is one part.
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

// MARK: Places of extremes

typedef struct {
  Reduction r;
  bool wantsLargest;
} Search;

/// Whether `x` takes the place of the best so far: a NaN takes it from everything but a NaN.
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

void levin_index_of_extreme(
  bool wantsLargest, LevinCompute compute, const LevinPlan *plan, int kept) {
  Search s = {{plan, levin_kernels(), 0, compute, kept, 1, 1, 1, NULL}, wantsLargest};
  for (int d = 0; d < plan->rank; d++) *(d < kept ? &s.r.outputs : &s.r.terms) *= plan->sizes[d];
  bool isSmall = s.r.outputs * s.r.terms < smallReduction;
  levin_parallel_for(s.r.outputs, isSmall ? s.r.outputs : 1, &s, search_part);
}

// MARK: Running sums and products

#define SCAN(T, SIGN)                                      \
  for (ptrdiff_t i = 0; i < count; i++) x[i] = total = (T)(total SIGN x[i])

static void scan_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Reduction *r = context;
  const LevinPlan *p = r->plan;
  int inner = p->rank - 1;
  LevinType type = p->operands[0].type;
  size_t size = levin_size_of(type);
  LevinType wide = r->compute == LevinComputeInt64 ? LevinTypeInt64 : LevinTypeFloat64;
  _Alignas(64) char room[2][block * 8];
  for (ptrdiff_t line = begin; line < end; line++) {
    const char *from = place(p, 1, p->operands[1].data, line, 0, inner);
    char *to = place(p, 0, p->operands[0].data, line, 0, inner);
    double number = r->op == LevinReductionProduct;
    uint64_t integer = r->op == LevinReductionProduct;
    for (ptrdiff_t done = 0, count; done < r->terms; done += count) {
      count = at_most(r->terms - done, block);
      ptrdiff_t stride = p->operands[1].strides[inner];
      LevinType own = p->operands[1].type;
      for (ptrdiff_t i = 0; i < count; i++)
        memcpy(room[0] + i * levin_size_of(own), from + (done + i) * stride, levin_size_of(own));
      r->kernels->convert(count, room[0], own, room[1], wide);
      if (wide == LevinTypeInt64) {
        uint64_t *x = (uint64_t *)room[1], total = integer;
        if (r->op == LevinReductionSum) SCAN(uint64_t, +); else SCAN(uint64_t, *);
        integer = total;
      } else {
        double *x = (double *)room[1], total = number;
        if (r->op == LevinReductionSum) SCAN(double, +); else SCAN(double, *);
        number = total;
      }
      r->kernels->convert(count, room[1], wide, room[0], type);
      for (ptrdiff_t i = 0; i < count; i++)
        memcpy(to + (done + i) * p->operands[0].strides[inner], room[0] + i * size, size);
    }
  }
}

void levin_scan(LevinReduction op, LevinCompute compute, const LevinPlan *plan) {
  Reduction r = {plan, levin_kernels(), op, compute, plan->rank - 1, 1, 1, 1, NULL};
  for (int d = 0; d < plan->rank - 1; d++) r.outputs *= plan->sizes[d];
  r.terms = plan->sizes[plan->rank - 1];
  levin_parallel_for(r.outputs, r.outputs * r.terms < smallReduction ? r.outputs : 1, &r, scan_part);
}
