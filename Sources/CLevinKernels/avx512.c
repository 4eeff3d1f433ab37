/// The bodies for processors with AVX-512 (F, BW, DQ, VL), FMA and BMI2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#pragma clang attribute push(                                                             \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2"))), apply_to = \
    function)
#include "bodies/simd_avx512.h"
//
#include "bodies/all.h"

const LevinKernels levin_kernels_avx512 = LEVIN_KERNEL_TABLE;
#pragma clang attribute pop
#endif
