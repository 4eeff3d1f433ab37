#ifndef LEVIN_SAMPLING_H
#define LEVIN_SAMPLING_H

/// What convolutions and their gradients have in common: products over patches of images, which are copied a block at
/// a time as the tiles of products read them.
///
/// Every element of a result is one sum over (channel, place of the kernel), or over (image, point) for a weight's
/// gradient, in an order that depends on the shapes alone: blocks and shares of threads never change a bit.
#include "kernels.h"
#include "levin_convolution.h"

enum {
  smallConvolution = 1 << 16,  ///< multiply-adds below which a convolution is not split
  roomForPatches = 256 << 10,  ///< bytes of patches copied at a time: a quarter of the second cache
  mostColumns = 1024,          ///< of patches copied at a time
};

static inline ptrdiff_t whole_units(ptrdiff_t count, ptrdiff_t unit) {
  return (count + unit - 1) / unit * unit;
}

static inline ptrdiff_t size_of_compute(LevinCompute compute) {
  return compute == LevinComputeFloat32 ? 4 : 8;
}

static inline ptrdiff_t volume(const ptrdiff_t size[3]) { return size[0] * size[1] * size[2]; }

/// Elements from one row of a copy to the next: an odd number of cache lines, since at a power of two rows would fight
/// for few places of the first cache.
static inline ptrdiff_t width_of(ptrdiff_t columns) { return ((columns + 15) / 16 | 1) * 16; }

/// The points of a grid over all images, in columns, and where results of a column go.
typedef struct {
  ptrdiff_t images, size[3];
  ptrdiff_t image, place[3];  ///< strides of the result
} Grid;

/// The runs of columns first..<first + count, cut where a row of the grid ends. Returns how many.
ptrdiff_t levin_find_runs(
  const Grid *grid, const Patches *patches, ptrdiff_t first, ptrdiff_t count, Run *runs);

/// At least as many runs as are found in so many columns.
static inline ptrdiff_t most_runs(const Grid *grid, ptrdiff_t columns) {
  return columns / grid->size[2] + 2;
}

/// Columns of a copy whose rows, `depth` of them, fit the room for patches; of `all`.
ptrdiff_t levin_columns_at_once(LevinCompute compute, ptrdiff_t depth, ptrdiff_t all);

/// The places of a kernel, as offsets from the first element that a point sees. Returns how many.
ptrdiff_t levin_find_taps(const LevinConvolution *c, ptrdiff_t (*taps)[3]);

/// The elements of x that points `step` apart see, without taps.
Patches levin_patches_of(LevinImages x, const ptrdiff_t size[3], const ptrdiff_t step[3]);

/// The points that a convolution's kernel stands at, and their places in its output.
Grid levin_output_grid(const LevinConvolution *c);

/// The same convolution; where every point sees one element, its own, in memory that is contiguous, over images of one
/// dimension.
LevinConvolution levin_lines_if_possible(const LevinConvolution *c, const LevinImages *images);

/// out[image, group · rows + r, point] = Σ weight[group · rows + r, p] · patches[p, (image, point)] + bias.
typedef struct {
  LevinCompute compute;
  Patches patches;
  Grid grid;
  ptrdiff_t groups, channels;  ///< channels of the images in a group
  ptrdiff_t rows, depth;
  const char *weight, *bias;
  char *out;
  ptrdiff_t channel;  ///< stride of the result
  ptrdiff_t columns, columnBlocks, blockRows, rowBlocks, mostRuns;  ///< set by levin_sample
  _Atomic bool *lacksMemory;
} Sampling;

/// Cuts the work into blocks and runs them.
void levin_sample(Sampling *sampling);

#endif
