#include <math.h>

#include "kernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// The number of elements below which one thread is faster, and the unit in which arrays are split.
enum { smallArray = 1 << 12, unit = 1 << 10 };

// MARK: Denormal numbers

/// Moments that decay towards zero reach denormal numbers, which take the processor a hundred times as long. The
/// setting is per thread and lasts only for the kernel.
#if defined(__x86_64__)
typedef unsigned Denormals;
static Denormals flush_denormals(void) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | _MM_FLUSH_ZERO_ON | 0x40);  // 0x40: denormals read are zero, too
  return before;
}
static void restore_denormals(Denormals before) { _mm_setcsr(before); }
#elif defined(__aarch64__)
typedef uint64_t Denormals;
static Denormals flush_denormals(void) {
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" ::"r"(before | (uint64_t)1 << 24));
  return before;
}
static void restore_denormals(Denormals before) {
  __asm__ volatile("msr fpcr, %0" ::"r"(before));
}
#else
typedef int Denormals;
static Denormals flush_denormals(void) { return 0; }
static void restore_denormals(Denormals before) { (void)before; }
#endif

static void run(ptrdiff_t count, void *context, void (*body)(void *, ptrdiff_t, ptrdiff_t)) {
  levin_parallel_for(count, count < smallArray ? count : unit, context, body);
}

// MARK: Adam

typedef struct {
  float *x, *m, *v, *maxima;
  const float *g;
  AdamScalars scalars;
} Adam;

static void run_adam(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Adam *a = context;
  Denormals before = flush_denormals();
  levin_kernels()->adam(
    end - begin, a->x + begin, a->g + begin, a->m + begin, a->v + begin,
    a->maxima ? a->maxima + begin : NULL, &a->scalars);
  restore_denormals(before);
}

void levin_adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *maxima,
  const LevinAdam *options) {
  double correction1 = 1 - pow(options->beta1, (double)options->step);
  double correction2 = 1 - pow(options->beta2, (double)options->step);
  double shrink = options->decoupled ? options->learningRate * options->weightDecay : 0;
  Adam work = {
    .x = x, .m = m, .v = v, .maxima = maxima, .g = g,
    .scalars = {
      .keep = (float)(1 - shrink),
      .sign = options->maximize ? -1 : 1,
      .decay = options->decoupled ? 0 : (float)options->weightDecay,
      .weight1 = (float)(1 - options->beta1),
      .beta2 = (float)options->beta2,
      .weight2 = (float)(1 - options->beta2),
      .inverse = (float)(1 / sqrt(correction2)),
      .epsilon = (float)options->epsilon,
      .size = (float)(options->learningRate / correction1),
    }};
  run(count, &work, run_adam);
}

// MARK: SGD

typedef struct {
  float *x, *buffer;
  const float *g;
  SGDScalars scalars;
} SGD;

static void run_sgd(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const SGD *s = context;
  Denormals before = flush_denormals();
  levin_kernels()->sgd(
    end - begin, s->x + begin, s->g + begin, s->buffer ? s->buffer + begin : NULL, &s->scalars);
  restore_denormals(before);
}

void levin_sgd(ptrdiff_t count, float *x, const float *g, float *buffer, const LevinSGD *options) {
  SGD work = {
    .x = x, .buffer = buffer, .g = g,
    .scalars = {
      .sign = options->maximize ? -1 : 1,
      .decay = (float)options->weightDecay,
      .momentum = (float)options->momentum,
      .weight = (float)(1 - options->dampening),
      .size = (float)options->learningRate,
      .isFirst = options->isFirst,
      .nesterov = options->nesterov,
    }};
  run(count, &work, run_sgd);
}
