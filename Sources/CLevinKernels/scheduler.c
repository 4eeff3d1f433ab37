#include <stdlib.h>

#include "levin_kernels.h"

static int threads = 1;

int levin_thread_count(void) { return threads; }

void levin_set_thread_count(int count) { threads = count < 1 ? 1 : count > 64 ? 64 : count; }

void levin_parallel_for(
  ptrdiff_t count, ptrdiff_t grain, void *context,
  void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end)) {
  (void)grain;
  if (count > 0) body(context, 0, count);
}
