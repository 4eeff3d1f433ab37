#ifndef LEVIN_PATCHES_H
#define LEVIN_PATCHES_H

/// Types shared by the files that split the work of convolutions and the bodies that copy and multiply patches.
#include <stddef.h>

/// The elements of images that a product reads as a matrix: row (channel, tap), column (image, point of a
/// grid). A point's element lies `tap` away from point · step; outside of the image it is 0.
typedef struct {
  const void *data;
  ptrdiff_t batch, channel, place[3];  ///< strides in elements
  ptrdiff_t size[3], step[3];
  ptrdiff_t taps;
  const ptrdiff_t (*tap)[3];
  ptrdiff_t low[3], high[3];  ///< the smallest and the largest tap
} Patches;

/// Some of a grid's points: the range along images, then along each spatial dimension.
typedef struct {
  ptrdiff_t first[4], count[4];
} Box;

/// The elements that the points of a box see, readable without checks for borders: in the images themselves, or in a
/// copy of some channels that includes the zeros, and in which the elements for one tap are adjacent, whatever the
/// step.
typedef struct {
  const void *data;
  ptrdiff_t channel;
  ptrdiff_t taps;
  const ptrdiff_t *offsets;  ///< for each tap
  bool isInPlace;            ///< not a copy, which the caches hold
} Source;

/// Columns whose elements are adjacent in the source, and `step` apart in the result.
typedef struct {
  ptrdiff_t column, count;  ///< the first column, counted within the panel, and their number
  ptrdiff_t from, to;
} Piece;

enum {
  mostImageTaps = 64,     ///< positions of kernels that convolve_images and correlate_images take
  mostImageVectors = 64,  ///< vectors of a channel of a result that correlate_images takes
};

/// Some of the images, and the range of their elements that a box sees; in a copy of them, the elements of `width`
/// images, a whole number of vectors, are adjacent.
typedef struct {
  ptrdiff_t image, images, width;
  ptrdiff_t first[3], size[3];
} ImageBlock;

/// The layout of a copy of a box: the number of elements in a line for one tap, in a line, a slice, an image, a
/// channel.
typedef struct {
  ptrdiff_t lane, line, slice, image, channel;
  ptrdiff_t extent[3];  ///< the number of elements seen along each dimension
} CopyLayout;

static inline CopyLayout levin_copy_layout(const Patches *p, const Box *box) {
  CopyLayout l;
  for (int d = 0; d < 3; d++)
    l.extent[d] = (box->count[d + 1] - 1) * p->step[d] + p->high[d] - p->low[d] + 1;
  l.lane = (l.extent[2] + p->step[2] - 1) / p->step[2];
  l.line = l.lane * p->step[2];
  l.slice = l.extent[1] * l.line;
  l.image = l.extent[0] * l.slice;
  // An odd number of cache lines: with a power of two, channels would compete for few sets of the first-level cache.
  l.channel = ((box->count[0] * l.image + 15) / 16 | 1) * 16;
  return l;
}

#endif
