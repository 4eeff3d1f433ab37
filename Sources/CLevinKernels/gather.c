#include <math.h>
#include <string.h>

#include "kernels.h"

/// The number of bytes below which one thread is faster.
static const ptrdiff_t smallGather = 1 << 13;

/// The rows of a thread's piece of work, all of its share: the kernel can prefetch best if it sees them all.
static ptrdiff_t share(ptrdiff_t rows) {
  int threads = levin_thread_count();
  return (rows + threads - 1) / threads;
}

typedef struct {
  Gather gather;
  ptrdiff_t channels;
  void (*one_channel)(const Gather *g, ptrdiff_t begin, ptrdiff_t end);
} Channels;

static void run_table(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *work = context;
  Gather gather = work->gather;
  for (ptrdiff_t c = 0; c < work->channels; c++) {
    work->one_channel(&gather, begin, end);
    gather.first += gather.count;
    gather.table += 256;
    if (gather.normalization) gather.normalization += 2;
  }
}

void levin_gather_table(
  ptrdiff_t rows, const int64_t *indices, ptrdiff_t readable, const uint8_t *source,
  ptrdiff_t channels, ptrdiff_t pixels, const float *table, const float *normalization, float *out) {
  ptrdiff_t size = channels * pixels;
  if (size <= 0) return;
  Channels work = {
    .gather = {
      .indices = indices, .rows = rows, .readable = readable, .source = source, .size = size,
      .count = pixels, .table = table, .normalization = normalization, .out = out},
    .channels = channels,
    .one_channel = levin_kernels()->gather_table,
  };
#if defined(__x86_64__)
  if (levin_isa() == LevinISAAvx512 && levin_has_vbmi())
    work.one_channel = levin_gather_table_vbmi;
#endif
  levin_parallel_for(rows, rows * size < smallGather ? rows : share(rows), &work, run_table);
}

typedef struct {
  const int64_t *indices;
  const uint8_t *source;
  ptrdiff_t rowBytes;
  uint8_t *out;
} Copy;

static void run_copy(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Copy *c = context;
  for (ptrdiff_t r = begin; r < end; r++)
    memcpy(
      c->out + r * c->rowBytes, c->source + c->indices[r] * c->rowBytes, (size_t)c->rowBytes);
}

void levin_gather_rows(
  ptrdiff_t rows, const int64_t *indices, const void *source, ptrdiff_t rowBytes, void *out) {
  if (rowBytes <= 0) return;
  Copy work = {.indices = indices, .source = source, .rowBytes = rowBytes, .out = out};
  levin_parallel_for(rows, rows * rowBytes < smallGather ? rows : 1, &work, run_copy);
}

/// x / d as the kernels compute it.
static float quotient(float x, float d) {
  float r = 1 / d, q = x * r;
  return fmaf(fmaf(-q, d, x), r, q);
}

bool levin_normalizes(ptrdiff_t channels, const float *normalization, const float *table) {
  for (ptrdiff_t c = 0; c < channels; c++)
    for (int byte = 0; byte < 256; byte++) {
      float mean = normalization[2 * c], std = normalization[2 * c + 1];
      float value = quotient(quotient((float)byte, 255) - mean, std);
      if (memcmp(&value, &table[256 * c + byte], sizeof value) != 0) return false;
    }
  return true;
}
