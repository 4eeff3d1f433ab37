/// Every family of kernels, over the vectors of the simd_….h included before, and their table.
#include "layout.h"
#include "products.h"

#define LEVIN_KERNEL_TABLE                                   \
  {                                                          \
    .dot_product = dot_product, .outer_product = outer_product, .transpose = transpose, .column_sums = column_sums, \
  }
