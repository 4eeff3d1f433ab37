#include <string.h>

#include "kernels.h"

enum {
  smallGather = 1 << 13,  // bytes below which one thread is faster
  ahead = 16,             // rows fetched towards the cache before their turn
  line = 64,
};

typedef struct {
  const int64_t *indices;
  ptrdiff_t readable;
  const uint8_t *source;
  ptrdiff_t channels, pixels;
  const float *table;
  void *out;
  void (*gather)(ptrdiff_t count, const uint8_t *bytes, const float *table, float *out);
} Gather;

/// Rows come in random order, which no hardware foresees.
static void fetch(const uint8_t *row, ptrdiff_t bytes) {
  for (ptrdiff_t i = 0; i < bytes; i += line) __builtin_prefetch(row + i);
  __builtin_prefetch(row + bytes - 1);
}

static void run_table(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Gather *g = context;
  ptrdiff_t size = g->channels * g->pixels;
  // Channels outside: what a kernel derives from a table lasts for all rows.
  for (ptrdiff_t r = begin; r < end; r++) {
    if (r + ahead < g->readable) fetch(g->source + g->indices[r + ahead] * size, size);
    for (ptrdiff_t c = 0; c < g->channels; c++)
      g->gather(
        g->pixels, g->source + g->indices[r] * size + c * g->pixels, g->table + 256 * c,
        (float *)g->out + r * size + c * g->pixels);
  }
}

void levin_gather_table(
  ptrdiff_t rows, const int64_t *indices, ptrdiff_t readable, const uint8_t *source,
  ptrdiff_t channels, ptrdiff_t pixels, const float *table, float *out) {
  ptrdiff_t size = channels * pixels;
  if (size <= 0) return;
  Gather work = {
    .indices = indices, .readable = readable, .source = source, .channels = channels,
    .pixels = pixels, .table = table, .out = out, .gather = levin_kernels()->gather_table};
  levin_parallel_for(rows, rows * size < smallGather ? rows : 1, &work, run_table);
}

static void run_copy(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Gather *g = context;
  for (ptrdiff_t r = begin; r < end; r++)
    memcpy(
      (uint8_t *)g->out + r * g->pixels, g->source + g->indices[r] * g->pixels,
      (size_t)g->pixels);
}

void levin_gather_rows(
  ptrdiff_t rows, const int64_t *indices, const void *source, ptrdiff_t rowBytes, void *out) {
  if (rowBytes <= 0) return;
  Gather work = {.indices = indices, .source = source, .pixels = rowBytes, .out = out};
  levin_parallel_for(rows, rows * rowBytes < smallGather ? rows : 1, &work, run_copy);
}

void levin_normalization_table(
  ptrdiff_t channels, const float *mean, const float *std, float *table) {
  for (ptrdiff_t c = 0; c < channels; c++)
    for (int byte = 0; byte < 256; byte++) {
      float unit = (float)byte / 255.0f;
      float centred = unit - mean[c];
      table[256 * c + byte] = centred / std[c];
    }
}
