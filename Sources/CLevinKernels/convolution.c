/// Convolutions, as products over patches of images.
#include <string.h>

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

Patches levin_patches_of(LevinImages x, const ptrdiff_t size[3], const ptrdiff_t step[3]) {
  Patches patches = {.data = x.data, .batch = x.batch, .channel = x.channel};
  memcpy(patches.place, x.place, sizeof patches.place);
  memcpy(patches.size, size, sizeof patches.size);
  memcpy(patches.step, step, sizeof patches.step);
  return patches;
}

LevinConvolution levin_lines_if_possible(const LevinConvolution *c, const LevinImages *images) {
  LevinConvolution lines = *c;
  ptrdiff_t expected = 1;
  for (int d = 2; d >= 0; d--) {
    bool isOwn = c->kernel[d] == 1 && c->stride[d] == 1 && c->padding[d] == 0 &&
                 c->input[d] == c->output[d];
    if (!isOwn || (c->input[d] > 1 && images->place[d] != expected)) return lines;
    expected *= c->input[d];
  }
  for (int d = 0; d < 3; d++) lines.input[d] = lines.output[d] = d < 2 ? 1 : expected;
  return lines;
}

Grid levin_output_grid(const LevinConvolution *c) {
  return (Grid){
    c->batch, {c->output[0], c->output[1], c->output[2]},
    c->groups * c->outputs * volume(c->output), {c->output[1] * c->output[2], c->output[2], 1}};
}

bool levin_convolve(
  LevinCompute compute, const LevinConvolution *convolution, LevinImages x, const void *weight,
  const void *bias, void *y) {
  LevinConvolution own = levin_lines_if_possible(convolution, &x), *c = &own;
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  Sampling s = {
    .compute = compute, .patches = levin_patches_of(x, c->input, c->stride), .groups = c->groups,
    .channels = c->inputs, .rows = c->outputs, .weight = weight, .bias = bias, .out = y,
    .channel = volume(c->output), .lacksMemory = &lacksMemory};
  s.patches.taps = levin_find_taps(c, taps);
  s.patches.tap = (const ptrdiff_t(*)[3])taps;
  s.depth = c->inputs * s.patches.taps;
  s.grid = levin_output_grid(c);
  levin_sample(&s);
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}
