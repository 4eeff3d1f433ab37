/// Convolutions, as products over patches of images.
#include "sampling.h"

ptrdiff_t levin_find_taps(const LevinConvolution *c, ptrdiff_t (*taps)[3]) {
  ptrdiff_t found = 0;
  for (ptrdiff_t i = 0; i < c->kernel[0]; i++)
    for (ptrdiff_t j = 0; j < c->kernel[1]; j++)
      for (ptrdiff_t k = 0; k < c->kernel[2]; k++, found++) {
        taps[found][0] = i * c->dilation[0] - c->padding[0];
        taps[found][1] = j * c->dilation[1] - c->padding[1];
        taps[found][2] = k * c->dilation[2] - c->padding[2];
      }
  return found;
}

Grid levin_output_grid(const LevinConvolution *c) {
  return (Grid){
    c->batch, {c->output[0], c->output[1], c->output[2]},
    c->groups * c->outputs * volume(c->output), {c->output[1] * c->output[2], c->output[2], 1}};
}

bool levin_convolve(
  LevinCompute compute, const LevinConvolution *c, LevinImages x, const void *weight,
  const void *bias, void *y) {
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  Sampling s = {
    .compute = compute, .groups = c->groups, .channels = c->inputs, .rows = c->outputs,
    .weight = weight, .bias = bias, .out = y, .channel = volume(c->output),
    .lacksMemory = &lacksMemory};
  ptrdiff_t count = levin_find_taps(c, taps);
  s.patches = levin_patches(x, c->input, c->stride, count, (const ptrdiff_t(*)[3])taps);
  s.depth = c->inputs * count;
  s.grid = levin_output_grid(c);
  levin_sample(&s);
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}
