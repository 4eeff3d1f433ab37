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

/// Whether images lie one after another.
static bool is_dense(
  LevinImages x, ptrdiff_t images, ptrdiff_t channels, const ptrdiff_t size[3]) {
  const ptrdiff_t places[3] = {size[1] * size[2], size[2], 1}, points = volume(size);
  for (int d = 0; d < 3; d++)
    if (size[d] > 1 && x.place[d] != places[d]) return false;
  return (channels == 1 || x.channel == points) && (images == 1 || x.batch == channels * points);
}

bool levin_is_linear(
  LevinCompute compute, const LevinConvolution *c, LevinImages images, ptrdiff_t channels,
  const ptrdiff_t size[3]) {
  for (int d = 0; d < 3; d++)
    if (
      c->kernel[d] != c->input[d] || c->padding[d] != 0 || c->output[d] != 1 ||
      (c->kernel[d] > 1 && c->dilation[d] > 1))
      return false;
  return compute == LevinComputeFloat32 && c->groups == 1 &&
         is_dense(images, c->batch, channels, size) &&
         c->batch * c->outputs * c->inputs * volume(c->kernel) > 0;
}

Grid levin_output_grid(const LevinConvolution *c) {
  return (Grid){
    c->batch, {c->output[0], c->output[1], c->output[2]},
    c->groups * c->outputs * volume(c->output), {c->output[1] * c->output[2], c->output[2], 1}};
}

bool levin_convolve(
  LevinCompute compute, const LevinConvolution *c, LevinImages x, const void *weight,
  const void *bias, void *y) {
  if (levin_is_linear(compute, c, x, c->inputs, c->input)) {
    const ptrdiff_t terms = c->inputs * volume(c->kernel);
    levin_product_nt(
      c->batch, c->outputs, terms, x.data, terms, weight, terms, y, c->outputs, false, bias, false);
    return true;
  }
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  Sampling s = {
    .compute = compute, .groups = c->groups, .channels = c->inputs, .rows = c->outputs,
    .bias = bias, .out = y, .channel = volume(c->output), .lacksMemory = &lacksMemory};
  ptrdiff_t count = levin_find_taps(c, taps);
  s.patches = levin_patches(x, c->input, c->stride, count, (const ptrdiff_t(*)[3])taps);
  s.depth = c->inputs * count;
  s.weight = (LevinMatrix){weight, s.depth, 1};
  s.weightGroup = s.rows * s.depth;
  s.grid = levin_output_grid(c);
  levin_sample(&s);
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}
