/// The bodies for any machine that C runs on.
#include "kernels.h"
//
#include "bodies/simd_plain.h"
//
#include "bodies/all.h"

const LevinKernels levin_kernels_plain = LEVIN_KERNEL_TABLE;
