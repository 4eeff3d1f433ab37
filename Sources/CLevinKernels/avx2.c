/// The bodies for processors with AVX2, FMA and BMI2.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#include "bodies/simd_avx2.h"
//
#include "bodies/all.h"

const LevinKernels levin_kernels_avx2 = LEVIN_KERNEL_TABLE;
#pragma clang attribute pop
#endif
