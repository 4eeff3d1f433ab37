#include "levin_kernels.h"

void levin_product_nt(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *bias, bool relu) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      float sum = 0;
      for (ptrdiff_t p = 0; p < k; p++) sum += a[i * lda + p] * b[j * ldb + p];
      if (accumulate) sum += c[i * ldc + j];
      if (bias) sum += bias[j];
      c[i * ldc + j] = relu && sum < 0 ? 0 : sum;
    }
}

void levin_product_nn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, const float *activation,
  ptrdiff_t ldact) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      float sum = 0;
      for (ptrdiff_t p = 0; p < k; p++) sum += a[i * lda + p] * b[p * ldb + j];
      if (accumulate) sum += c[i * ldc + j];
      c[i * ldc + j] = activation && activation[i * ldact + j] <= 0 ? 0 : sum;
    }
}

void levin_product_tn(
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda, const float *b,
  ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate, float *sums) {
  for (ptrdiff_t i = 0; i < m; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      float sum = 0;
      for (ptrdiff_t p = 0; p < k; p++) sum += a[p * lda + i] * b[p * ldb + j];
      c[i * ldc + j] = accumulate ? c[i * ldc + j] + sum : sum;
    }
    if (!sums) continue;
    float sum = 0;
    for (ptrdiff_t p = 0; p < k; p++) sum += a[p * lda + i];
    sums[i] = accumulate ? sums[i] + sum : sum;
  }
}
