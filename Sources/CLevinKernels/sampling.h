#ifndef LEVIN_SAMPLING_H
#define LEVIN_SAMPLING_H

/// What convolutions and their gradients have in common: products over patches of images. Patches are packed a few at a
/// time, in the order in which the products' tiles read them, from the images or from a copy of part of them with
/// borders.
///
/// Every element of a result is one sum over (channel, position in the kernel), or over (image, point) for a weight's
/// gradient, in an order that depends on the shapes alone: the number of threads never changes a bit of it.
#include "kernels.h"
#include "levin_convolution.h"

enum {
  smallConvolution = 1 << 16,  ///< multiply-adds below which a convolution is not split
  roomForCopy = 192 << 10,     ///< bytes of images copied at a time, which stay in the second-level cache
  pointsAtOnce = 1024,
  pointsOfPlane = 4096,  ///< the same for one channel
  rowUnit = 12,          ///< rows of a result are cut into multiples: whole tiles of all instruction sets
};

static inline ptrdiff_t whole_units(ptrdiff_t count, ptrdiff_t unit) {
  return (count + unit - 1) / unit * unit;
}

static inline ptrdiff_t size_of_compute(LevinCompute compute) {
  return compute == LevinComputeFloat32 ? 4 : 8;
}

/// The distance of rows of packed patches in elements: an odd number of cache lines, since with a power of two, rows
/// would compete for few sets of the first-level cache.
static inline ptrdiff_t width_of(ptrdiff_t columns) { return ((columns + 15) / 16 | 1) * 16; }

/// The points of a grid over all images, in columns, and where results of a column go.
typedef struct {
  ptrdiff_t images, size[3];
  ptrdiff_t image, place[3];  ///< strides of the result
} Grid;

/// The positions in a kernel, as offsets from the first element that a point sees. Returns their number.
ptrdiff_t levin_find_taps(const LevinConvolution *c, ptrdiff_t (*taps)[3]);

/// Whether a kernel covers each image exactly and without gaps, as of a linear layer over all elements of an image, and
/// `images`, x or dy with `channels` channels of `size`, are dense.
bool levin_is_linear(
  LevinCompute compute, const LevinConvolution *c, LevinImages images, ptrdiff_t channels,
  const ptrdiff_t size[3]);

/// The elements of x that points `step` apart see with each of `count` taps.
Patches levin_patches(
  LevinImages x, const ptrdiff_t size[3], const ptrdiff_t step[3], ptrdiff_t count,
  const ptrdiff_t (*taps)[3]);

/// The points at which a convolution applies its kernel, and their positions in its output.
Grid levin_output_grid(const LevinConvolution *c);

/// How a grid is cut into boxes.
typedef struct {
  const Grid *grid;
  ptrdiff_t count[4];  ///< points of a box
  ptrdiff_t boxes[4], all;
} Cut;

/// Cuts a grid into boxes of about `points` points, in whole lines, slices and images if a box has more than one of
/// them; boxes have fewer points if the copy of `channels` channels would be too large.
Cut levin_cut(
  const Grid *grid, const Patches *patches, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t points);

/// Halves boxes until there are at least `least` of them, as long as about `points` points remain in each.
void levin_cut_further(Cut *cut, ptrdiff_t least, ptrdiff_t points);

Box levin_box(const Cut *cut, ptrdiff_t index);

static inline ptrdiff_t points_of(const ptrdiff_t count[4]) { return count[0] * volume(count + 1); }

/// A view of patches, one box at a time.
typedef struct {
  const Patches *patches;
  const Cut *cut;
  ptrdiff_t size, unit;  ///< bytes of an element; columns of a panel, 0 without panels
  bool isInPlace;
  Box box;
  ptrdiff_t columns;
  ptrdiff_t *offsets;
  Piece *pieces;
  ptrdiff_t pieceCount;
  char *copy;
} View;

/// The number of bytes, in whole cache lines, that a view of a cut's boxes needs for copies of `channels` channels.
size_t levin_room_of_view(
  const Patches *patches, const Cut *cut, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t unit);

/// Whether all elements that points see are inside their images, and adjacent points of a line see adjacent elements.
bool levin_is_in_place(const Patches *patches, const Grid *grid);

View levin_view(
  const Patches *patches, const Cut *cut, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t unit,
  char *room);

/// Moves the view to a box.
void levin_look_at(View *view, ptrdiff_t box);

/// The source for `channels` channels from `channel` on.
Source levin_source(View *view, ptrdiff_t channel, ptrdiff_t channels);

/// out[image, group · rows + r, point] = Σ weight[group · rows + r, p] · patches[p, (image, point)] + bias.
typedef struct {
  LevinCompute compute;
  Patches patches;
  Grid grid;
  ptrdiff_t groups, channels;  ///< channels of the images in a group
  ptrdiff_t rows, depth;
  LevinMatrix weight;     ///< of the first group, [rows, depth]
  ptrdiff_t weightGroup;  ///< elements from a group's weight to the next one's
  const char *bias;
  char *out;
  ptrdiff_t channel;                         ///< stride of the result
  ptrdiff_t atOnce, blockRows, rowBlocks;  ///< set by levin_sample: channels of a copy, rows of a block, blocks
  Cut cut;                                   ///< also set by levin_sample
  bool readsWeight;  ///< tiles read the weight where it is, not in a copy
  float *tiles;      ///< set by levin_copy_weight
  _Atomic bool *lacksMemory;
} Sampling;

/// A group's weight from a row and a term on.
static inline LevinMatrix levin_weight(
  const Sampling *s, ptrdiff_t group, ptrdiff_t row, ptrdiff_t term) {
  const LevinMatrix *w = &s->weight;
  const ptrdiff_t at = group * s->weightGroup + row * w->row + term * w->column;
  return (LevinMatrix){(const char *)w->data + at * size_of_compute(s->compute), w->row, w->column};
}

/// Cuts rows into `parts` blocks, or more, so that no block has many more than `most` rows.
static inline void levin_cut_rows(Sampling *s, ptrdiff_t parts, ptrdiff_t most) {
  const ptrdiff_t least = (s->rows + most - 1) / most;
  if (parts < least) parts = least;
  s->blockRows = at_most(whole_units((s->rows + parts - 1) / parts, rowUnit), s->rows);
  s->rowBlocks = (s->rows + s->blockRows - 1) / s->blockRows;
}

/// Copies the whole weight, float32, in the order in which tiles read it, for all tasks. Without memory for that nothing
/// is done.
void levin_copy_weight(Sampling *s);
void levin_give_weight_back(Sampling *s);

/// The floats that a task needs for a copy of its own.
ptrdiff_t levin_room_of_tiles(const Sampling *s);

/// `rows` rows of a group's weight from `row` on, a multiple of rowUnit, and `depth` terms from `term` on, a multiple of
/// depthBlock: in the common copy if there is one, or copied to `room`.
Tiles levin_tiles(
  const Sampling *s, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t term,
  ptrdiff_t depth, float *room);

/// Cuts the work into boxes and blocks of rows, and runs them.
void levin_sample(Sampling *sampling);

/// Whether there are enough images, and few enough points of each, for vectors of images instead of points.
bool levin_suits_images(LevinCompute compute, ptrdiff_t images, ptrdiff_t points);

/// The same as levin_sample for many small images of float32, with vectors of images instead of points. Returns false,
/// with nothing done, if the work is not of that kind.
bool levin_sample_images(Sampling *sampling);

/// The gradient of a weight, dw, from dy, contiguous, and x, with vectors of images. Returns false, with nothing done, if
/// the work is not of that kind.
bool levin_correlate_images(
  LevinCompute compute, const LevinConvolution *c, const Patches *x, const void *dy, void *dw,
  _Atomic bool *lacksMemory);

#endif
