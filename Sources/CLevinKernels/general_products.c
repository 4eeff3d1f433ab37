/// Products of matrices that are not float32: plain loops over rows of B.
#include <string.h>

#include "kernels.h"

typedef struct {
  const LevinKernels *kernels;
  LevinCompute compute;
  LevinMatrix a, b;
  ptrdiff_t n, k;
  char *c;
} Product;

static void product_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Product *p = context;
  ptrdiff_t rowBytes = p->n * 8;
  LevinMatrix a = p->a;
  a.data = (const char *)a.data + begin * a.row * 8;
  (p->compute == LevinComputeInt64 ? p->kernels->product_i64 : p->kernels->product_f64)(
    end - begin, p->n, p->k, a, p->b, p->c + begin * rowBytes);
}

void levin_product(
  LevinCompute compute, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, LevinMatrix a, LevinMatrix b, void *c) {
  Product p = {levin_kernels(), compute, a, b, n, k, c};
  levin_parallel_for(m, m * n * k < 1 << 15 ? m : 4, &p, product_part);
}
