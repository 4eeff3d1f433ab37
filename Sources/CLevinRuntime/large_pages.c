/// Pages for datasets. They are large, because reading rows at random otherwise waits for the page tables, which in a
/// virtual machine takes longer than reading the row; and an idle thread faults them in.
#include "levin_runtime.h"

#if defined(__linux__)
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // since Linux 5.14
#endif

/// Gives advice on the whole pages of `size` bytes within the memory. Advice is only a wish: if the system cannot
/// grant it, the memory has the same content.
static void advise(void *start, size_t bytes, uintptr_t size, int advice) {
  uintptr_t first = ((uintptr_t)start + size - 1) / size * size;
  uintptr_t end = ((uintptr_t)start + bytes) / size * size;
  if (first < end) (void)madvise((void *)first, end - first, advice);
}

void levin_prefer_large_pages(void *start, size_t bytes) {
  advise(start, bytes, 2 << 20, MADV_HUGEPAGE);
}

static void populate(void *start, size_t bytes) { advise(start, bytes, 4096, MADV_POPULATE_WRITE); }
#else
void levin_prefer_large_pages(void *start, size_t bytes) {
  (void)start;
  (void)bytes;
}

static void populate(void *start, size_t bytes) {
  (void)start;
  (void)bytes;
}
#endif

typedef struct {
  void *start;
  size_t bytes;
  void *context;
  void (*body)(void *context);
} Population;

/// The first part is for the caller: the body. The second is for any idle thread.
static void run_population(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Population *p = context;
  if (begin == 0)
    p->body(p->context);
  else if (end == 2)
    populate(p->start, p->bytes);
}

void levin_while_populating(
  void *start, size_t bytes, void *context, void (*body)(void *context)) {
  Population population = {start, bytes, context, body};
  levin_parallel_for(2, 1, &population, run_population);
}
