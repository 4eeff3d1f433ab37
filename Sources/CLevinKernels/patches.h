#ifndef LEVIN_PATCHES_H
#define LEVIN_PATCHES_H

/// What stands between convolution.c, which splits the work, and the bodies that copy patches.
#include <stddef.h>

/// The elements of images that a product reads as a matrix: row (channel, tap), column (image, point of a
/// grid). A point's element lies `tap` away from point · step; outside of the image it is 0.
typedef struct {
  const void *data;
  ptrdiff_t batch, channel, place[3];  ///< strides in elements
  ptrdiff_t size[3], step[3];
  ptrdiff_t taps;
  const ptrdiff_t (*tap)[3];
} Patches;

/// Columns that follow each other along the last dimension.
typedef struct {
  ptrdiff_t column, count;
  ptrdiff_t from;   ///< of the images' memory: the first point's element without a tap
  ptrdiff_t at[3];  ///< where that stands in its image
  ptrdiff_t to;     ///< of the result's memory
} Run;

#endif
