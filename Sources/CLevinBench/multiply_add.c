#include "levin_bench.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Independent sums: enough to hide the latency of a multiply-add (four cycles, two per cycle), but few enough that
/// they and two operands fit in the sixteen registers of AVX2; with sixteen they spilled, and only half the peak was
/// measured.
enum { sums = 12 };

/// Keeps the compiler from removing results that are never read.
static volatile float sink;

#define MULTIPLY_ADD_LOOP(Vector, width, broadcast, fused)                         \
  Vector sum[sums];                                                                \
  for (int i = 0; i < sums; i++) sum[i] = broadcast((float)i);                     \
  const Vector factor = broadcast(0.999f), term = broadcast(0.001f);               \
  const long turns = (long)(operations / (2.0 * width * sums)) + 1;                \
  for (long turn = 0; turn < turns; turn++) {                                      \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < sums; i++) sum[i] =     \
      fused(sum[i], factor, term);                                                 \
  }                                                                                \
  for (int i = 1; i < sums; i++) sum[0] += sum[i];                                 \
  sink = sum[0][0];                                                                \
  return turns * 2.0 * width * sums;

#if defined(__x86_64__)

__attribute__((target("avx512f"))) static double with_avx512(double operations) {
  MULTIPLY_ADD_LOOP(__m512, 16, _mm512_set1_ps, _mm512_fmadd_ps)
}

__attribute__((target("avx2,fma"))) static double with_avx2(double operations) {
  MULTIPLY_ADD_LOOP(__m256, 8, _mm256_set1_ps, _mm256_fmadd_ps)
}

#endif

typedef float Four __attribute__((vector_size(16)));

static inline Four four(float value) { return (Four){value, value, value, value}; }

/// Fused if the compiler's target can (NEON), otherwise a product and a sum.
static inline Four four_multiply_add(Four a, Four b, Four c) { return a * b + c; }

static double with_four(double operations) {
  MULTIPLY_ADD_LOOP(Four, 4, four, four_multiply_add)
}

double levin_bench_multiply_add(double operations) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return with_avx512(operations);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return with_avx2(operations);
#endif
  return with_four(operations);
}
