#include <math.h>

#include "kernels.h"

/// The number of elements of a matrix below which its rows stay on one thread: some 2 µs of work.
static const ptrdiff_t smallMatrix = 1 << 9;

typedef struct {
  ptrdiff_t columns;
  const float *x, *y;
  ptrdiff_t ldx, ldy;
  float *out;
  ptrdiff_t ldout;
  void (*one)(ptrdiff_t columns, const float *x, float *out);
  void (*two)(ptrdiff_t columns, const float *x, const float *y, float *out);
} Rows;

static void run_rows(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Rows *rows = context;
  for (ptrdiff_t r = begin; r < end; r++) {
    const float *x = rows->x + r * rows->ldx;
    float *out = rows->out + r * rows->ldout;
    if (rows->one)
      rows->one(rows->columns, x, out);
    else
      rows->two(rows->columns, x, rows->y + r * rows->ldy, out);
  }
}

static void run(ptrdiff_t rows, Rows *work) {
  levin_parallel_for(rows, rows * work->columns < smallMatrix ? rows : 1, work, run_rows);
}

void levin_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  run(rows, &(Rows){
              .columns = columns, .x = x, .ldx = ldx, .out = out, .ldout = ldout,
              .one = levin_kernels()->softmax});
}

void levin_log_softmax(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t ldx, float *out, ptrdiff_t ldout) {
  run(rows, &(Rows){
              .columns = columns, .x = x, .ldx = ldx, .out = out, .ldout = ldout,
              .one = levin_kernels()->log_softmax});
}

void levin_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx) {
  run(rows, &(Rows){
              .columns = columns, .x = dy, .ldx = lddy, .y = y, .ldy = ldy, .out = dx,
              .ldout = lddx, .two = levin_kernels()->softmax_backward});
}

void levin_log_softmax_backward(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, ptrdiff_t lddy, const float *y, ptrdiff_t ldy,
  float *dx, ptrdiff_t lddx) {
  run(rows, &(Rows){
              .columns = columns, .x = dy, .ldx = lddy, .y = y, .ldy = ldy, .out = dx,
              .ldout = lddx, .two = levin_kernels()->log_softmax_backward});
}

// MARK: Along columns

typedef struct {
  bool logarithm;
  ptrdiff_t size, columns, blocks;  ///< blocks of columns in each of the outer parts
  const float *x, *y;
  float *out;
} Columns;

static void run_columns(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Columns *c = context;
  for (ptrdiff_t block = begin; block < end; block++) {
    ptrdiff_t first = block % c->blocks * softmaxColumns;
    ptrdiff_t at = block / c->blocks * c->size * c->columns + first;
    ptrdiff_t width = at_most(c->columns - first, softmaxColumns);
    if (c->y)
      levin_kernels()->softmax_columns_backward(
        c->logarithm, c->size, width, c->columns, c->x + at, c->y + at, c->out + at);
    else
      levin_kernels()->softmax_columns(
        c->logarithm, c->size, width, c->columns, c->x + at, c->out + at);
  }
}

static void run_blocks(ptrdiff_t outer, Columns c) {
  c.blocks = (c.columns + softmaxColumns - 1) / softmaxColumns;
  ptrdiff_t count = outer * c.blocks;
  bool isSmall = outer * c.size * c.columns < smallMatrix;
  levin_parallel_for(count, isSmall ? count : 1, &c, run_columns);
}

void levin_softmax_columns(
  bool logarithm, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t columns, const float *x, float *out) {
  run_blocks(
    outer,
    (Columns){.logarithm = logarithm, .size = size, .columns = columns, .x = x, .out = out});
}

void levin_softmax_columns_backward(
  bool logarithm, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t columns, const float *dy,
  const float *y, float *dx) {
  run_blocks(
    outer, (Columns){
             .logarithm = logarithm, .size = size, .columns = columns, .x = dy, .y = y, .out = dx});
}

// MARK: Cross-entropy

typedef struct {
  ptrdiff_t classes;
  const float *logits;
  ptrdiff_t ldlogits;
  const int64_t *targets;
  int64_t ignoreIndex;
  float scale;
  float *losses, *gradient;
  ptrdiff_t ldgradient;
} CrossEntropy;

static void run_cross_entropy(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const CrossEntropy *e = context;
  levin_kernels()->cross_entropy(
    end - begin, e->classes, e->logits + begin * e->ldlogits, e->ldlogits, e->targets + begin,
    e->ignoreIndex, e->scale, e->losses + begin,
    e->gradient ? e->gradient + begin * e->ldgradient : NULL, e->ldgradient);
}

float levin_cross_entropy(
  ptrdiff_t batch, ptrdiff_t classes, const float *logits, ptrdiff_t ldlogits,
  const int64_t *targets, int64_t ignoreIndex, float *losses, float *gradient,
  ptrdiff_t ldgradient) {
  ptrdiff_t counted = 0;
  for (ptrdiff_t r = 0; r < batch; r++) counted += targets[r] != ignoreIndex;

  // Rows are processed in chunks, whose losses are stored here if the caller does not want them.
  enum { chunk = 4096, vector = 16 };
  float room[chunk];
  double total = 0;
  for (ptrdiff_t first = 0; first < batch; first += chunk) {
    ptrdiff_t rows = batch - first < chunk ? batch - first : chunk;
    CrossEntropy work = {
      .classes = classes, .logits = logits + first * ldlogits, .ldlogits = ldlogits,
      .targets = targets + first, .ignoreIndex = ignoreIndex, .scale = 1 / (float)counted,
      .losses = losses ? losses + first : room,
      .gradient = gradient ? gradient + first * ldgradient : NULL, .ldgradient = ldgradient};
    levin_parallel_for(
      rows, rows * classes < smallMatrix ? rows : vector, &work, run_cross_entropy);
    for (ptrdiff_t r = 0; r < rows; r++) total += work.losses[r];
  }
  return (float)(total / (double)counted);
}
