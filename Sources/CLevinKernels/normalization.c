/// The sums and maps of normalisation over channels. A channel is never split between threads.
#include "kernels.h"
#include "levin_convolution.h"

/// The number of elements below which one thread is used.
static const ptrdiff_t smallArray = 1 << 14;

typedef struct {
  LevinChannels shape;
  bool isDouble;
  const char *x, *y;
  const double *means, *factors, *others, *shifts;
  double *first, *second;
  char *out;
} Channels;

static void run_channels(
  Channels *channels, void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end)) {
  LevinChannels s = channels->shape;
  bool isSmall = s.batch * s.channels * s.points < smallArray;
  levin_parallel_for(s.channels, isSmall ? s.channels : 1, channels, body);
}

/// Calls BODY for each image's part of channel c, which begins at `at`, in bytes.
#define FOR_IMAGES(BODY)                                                                     \
  for (ptrdiff_t n = 0; n < s.batch; n++) {                                                  \
    ptrdiff_t at = (n * s.channels + c) * s.points * (channels->isDouble ? 8 : 4);           \
    BODY                                                                                     \
  }

static void statistics(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  const LevinKernels *kernels = levin_kernels();
  LevinChannels s = channels->shape;
  double count = (double)(s.batch * s.points);
  for (ptrdiff_t c = begin; c < end; c++) {
    double sums[2] = {0, 0}, deviations[2] = {0, 0};
    FOR_IMAGES(kernels->deviations[channels->isDouble](s.points, channels->x + at, 0, sums);)
    double mean = sums[0] / count;
    FOR_IMAGES(
      kernels->deviations[channels->isDouble](s.points, channels->x + at, mean, deviations);)
    channels->first[c] = mean;
    // The mean is rounded; its error is subtracted again.
    channels->second[c] = (deviations[1] - deviations[0] * deviations[0] / count) / count;
  }
}

static void covariances(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  const LevinKernels *kernels = levin_kernels();
  LevinChannels s = channels->shape;
  for (ptrdiff_t c = begin; c < end; c++) {
    double totals[2] = {0, 0};
    FOR_IMAGES(
      kernels->covariances[channels->isDouble](
        s.points, channels->y + at, channels->x + at, channels->means[c], totals);)
    channels->first[c] = totals[0];
    channels->second[c] = totals[1];
  }
}

static void affine(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Channels *channels = context;
  const LevinKernels *kernels = levin_kernels();
  LevinChannels s = channels->shape;
  for (ptrdiff_t c = begin; c < end; c++)
    FOR_IMAGES(
      kernels->affine[channels->isDouble](
        s.points, channels->x + at, channels->factors[c], channels->y ? channels->y + at : NULL,
        channels->y ? channels->others[c] : 0, channels->shifts[c], channels->out + at);)
}
#undef FOR_IMAGES

void levin_channel_statistics(
  LevinCompute compute, LevinChannels shape, const void *x, double *means, double *variances) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .first = means,
    .second = variances};
  run_channels(&channels, statistics);
}

void levin_channel_covariances(
  LevinCompute compute, LevinChannels shape, const void *dy, const void *x, const double *means,
  double *sums, double *products) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .y = dy, .means = means,
    .first = sums, .second = products};
  run_channels(&channels, covariances);
}

void levin_channel_affine(
  LevinCompute compute, LevinChannels shape, const void *x, const double *factors, const void *y,
  const double *others, const double *shifts, void *out) {
  Channels channels = {
    .shape = shape, .isDouble = compute == LevinComputeFloat64, .x = x, .y = y,
    .factors = factors, .others = others, .shifts = shifts, .out = out};
  run_channels(&channels, affine);
}
