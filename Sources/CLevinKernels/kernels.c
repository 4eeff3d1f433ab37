#include "kernels.h"

const LevinKernels *levin_kernels(void) {
#if defined(__x86_64__)
  switch (levin_isa()) {
    case LevinISAAvx512:
      return &levin_kernels_avx512;
    case LevinISAAvx2:
      return &levin_kernels_avx2;
    case LevinISAPlain:
      break;
  }
#endif
  return &levin_kernels_plain;
}
