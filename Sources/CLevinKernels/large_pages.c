/// Pages of 2 MiB for memory that is read at random: a row of a dataset then costs no walk through
/// the page tables, which in a virtual machine takes longer than the row itself.
#include "levin_kernels.h"

#if defined(__linux__)
#include <sys/mman.h>

void levin_prefer_large_pages(void *start, size_t bytes) {
  const uintptr_t size = 2 << 20;
  uintptr_t first = ((uintptr_t)start + size - 1) / size * size;
  uintptr_t end = ((uintptr_t)start + bytes) / size * size;
  // A wish: where the kernel cannot grant it, small pages hold the same bytes.
  if (first < end) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}
#else
void levin_prefer_large_pages(void *start, size_t bytes) {
  (void)start;
  (void)bytes;
}
#endif
