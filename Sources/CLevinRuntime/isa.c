#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "levin_runtime.h"

static const char *const names[] = {"plain", "avx2", "avx512"};

/// The set in use; -1 until it is first needed.
static _Atomic int current = -1;

bool levin_isa_available(LevinISA isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (isa) {
    case LevinISAPlain:
      return true;
    case LevinISAAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case LevinISAAvx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  }
#endif
  return isa == LevinISAPlain;
}

static LevinISA chosen(void) {
  const char *wish = getenv("LEVIN_ISA");
  for (int isa = LevinISAAvx512; wish && isa >= LevinISAPlain; isa--)
    if (strcmp(wish, names[isa]) == 0 && levin_isa_available(isa)) return isa;
  for (int isa = LevinISAAvx512; isa > LevinISAPlain; isa--)
    if (levin_isa_available(isa)) return isa;
  return LevinISAPlain;
}

LevinISA levin_isa(void) {
  int isa = atomic_load_explicit(&current, memory_order_relaxed);
  if (isa < 0) {
    isa = chosen();
    atomic_store_explicit(&current, isa, memory_order_relaxed);
  }
  return isa;
}

bool levin_set_isa(LevinISA isa) {
  if (!levin_isa_available(isa)) return false;
  atomic_store_explicit(&current, isa, memory_order_relaxed);
  return true;
}

const char *levin_isa_name(LevinISA isa) { return names[isa]; }
