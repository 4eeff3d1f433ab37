/// Random numbers as PyTorch's CPU generator draws them.
#include "kernels.h"

enum {
  length = 624,       ///< words of the twister
  batch = 1 << 12,    ///< draws made at a time
  smallArray = 1 << 12,
  blockUnit = 1 << 8,  ///< blocks of normal numbers in a piece of work
};

/// The next `count` draws of 32 bits; `next` is the first word that has not been drawn.
static void draw(const LevinKernels *kernels, LevinTwister *t, ptrdiff_t count, uint32_t *bits) {
  for (ptrdiff_t done = 0; done < count;) {
    if (t->next == length) {
      kernels->twist(t->words);
      t->next = 0;
    }
    ptrdiff_t some = at_most(count - done, length - t->next);
    kernels->temper(some, t->words + t->next, bits + done);
    t->next += some;
    done += some;
  }
}

void levin_random_uniform(LevinTwister *twister, ptrdiff_t count, float low, float width, float *out) {
  const LevinKernels *kernels = levin_kernels();
  _Alignas(64) uint32_t bits[batch];
  for (ptrdiff_t done = 0, some; done < count; done += some) {
    some = at_most(count - done, batch);
    draw(kernels, twister, some, bits);
    kernels->uniform_f32(some, bits, low, width, out + done);
  }
}

typedef struct {
  const LevinKernels *kernels;
  float mean, deviation;
  float *values;
} Normal;

static void normal_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Normal *n = context;
  n->kernels->normal_f32(end - begin, n->mean, n->deviation, n->values + 16 * begin);
}

void levin_random_normal(
  LevinTwister *twister, ptrdiff_t count, float mean, float deviation, float *out) {
  levin_random_uniform(twister, count, 0, 1, out);
  Normal normal = {levin_kernels(), mean, deviation, out};
  ptrdiff_t blocks = count / 16;
  levin_parallel_for(blocks, count < smallArray ? blocks : blockUnit, &normal, normal_part);
  if (count % 16 == 0) return;
  levin_random_uniform(twister, 16, 0, 1, out + count - 16);
  normal.kernels->normal_f32(1, mean, deviation, out + count - 16);
}

void levin_random_permutation(LevinTwister *twister, ptrdiff_t count, int64_t *out) {
  enum { some = 256 };
  const LevinKernels *kernels = levin_kernels();
  for (ptrdiff_t i = 0; i < count; i++) out[i] = i;
  // The positions are computed before the elements are swapped, so that they can be prefetched meanwhile.
  uint32_t bits[some];
  ptrdiff_t places[some];
  for (ptrdiff_t done = 0; done < count - 1;) {
    ptrdiff_t here = at_most(count - 1 - done, some);
    draw(kernels, twister, here, bits);
    for (ptrdiff_t i = 0; i < here; i++) {
      places[i] = done + i + bits[i] % (uint64_t)(count - done - i);
      __builtin_prefetch(out + places[i], 1);
    }
    for (ptrdiff_t i = 0; i < here; i++) {
      int64_t other = out[places[i]];
      out[places[i]] = out[done + i];
      out[done + i] = other;
    }
    done += here;
  }
}
