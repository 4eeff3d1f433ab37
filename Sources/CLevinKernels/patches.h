#ifndef LEVIN_PATCHES_H
#define LEVIN_PATCHES_H

/// What stands between the files that split convolutions' work and the bodies that copy patches and multiply them.
#include <stddef.h>

/// The elements of images that a product reads as a matrix: row (channel, tap), column (image, point of a
/// grid). A point's element lies `tap` away from point · step; outside of the image it is 0.
typedef struct {
  const void *data;
  ptrdiff_t batch, channel, place[3];  ///< strides in elements
  ptrdiff_t size[3], step[3];
  ptrdiff_t taps;
  const ptrdiff_t (*tap)[3];
  ptrdiff_t low[3], high[3];  ///< the least and the greatest tap
} Patches;

/// Some of a grid's points: images, then places.
typedef struct {
  ptrdiff_t first[4], count[4];
} Box;

/// What the points of a box see, where it can be read without a look at borders: in the images, or in a copy of `channels`
/// channels with the zeros in place, in which the elements that points see with one tap lie side by side, whatever the step.
typedef struct {
  const void *data;
  ptrdiff_t channel;
  ptrdiff_t taps;
  const ptrdiff_t *offsets;  ///< of each tap
} Source;

/// Columns whose elements lie side by side in the source, and `step` apart in the result.
typedef struct {
  ptrdiff_t column, count;  ///< column of the panel
  ptrdiff_t from, to;
} Piece;

/// Of a copy of a box: the elements of a line that are seen with one tap, of a line, a slice, an image, a channel.
typedef struct {
  ptrdiff_t lane, line, slice, image, channel;
  ptrdiff_t extent[3];  ///< elements of the image that are seen along each dimension
} CopyLayout;

static inline CopyLayout levin_copy_layout(const Patches *p, const Box *box) {
  CopyLayout l;
  for (int d = 0; d < 3; d++)
    l.extent[d] = (box->count[d + 1] - 1) * p->step[d] + p->high[d] - p->low[d] + 1;
  l.lane = (l.extent[2] + p->step[2] - 1) / p->step[2];
  l.line = l.lane * p->step[2];
  l.slice = l.extent[1] * l.line;
  l.image = l.extent[0] * l.slice;
  // An odd number of cache lines: at a power of two channels would fight for few places of the first cache.
  l.channel = ((box->count[0] * l.image + 15) / 16 | 1) * 16;
  return l;
}

#endif
