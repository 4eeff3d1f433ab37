/// How products over patches of many small images are cut and run: vectors hold images instead of points, so that lines
/// of a few points fill them, and the zeros around the images, which may be a third of all products, are left out.
#include "sampling.h"

enum {
  roomForImages = 384 << 10,  ///< bytes of the copy of images, which stays in the second-level cache
  mostImageRows = 256,     ///< rows of a result at a time
  columnsOfImages = 1024,  ///< points of all images at a time
  mostImagePoints = 64,    ///< beyond which the other way is faster
};

/// The range along dimension d of the elements that `count` points from `first` on see.
static void find_range(
  const Patches *p, int d, ptrdiff_t first, ptrdiff_t count, ptrdiff_t *start, ptrdiff_t *size) {
  ptrdiff_t begin = first * p->step[d] + p->low[d];
  ptrdiff_t end = (first + count - 1) * p->step[d] + p->high[d] + 1;
  if (begin < 0) begin = 0;
  if (end > p->size[d]) end = p->size[d];
  *start = begin;
  *size = end > begin ? end - begin : 0;
}

static ImageBlock block_of(const Patches *p, const Box *box) {
  ImageBlock block = {.image = box->first[0], .images = box->count[0]};
  block.width = whole_units(block.images, levin_kernels()->lanes);
  for (int d = 0; d < 3; d++)
    find_range(p, d, box->first[d + 1], box->count[d + 1], &block.first[d], &block.size[d]);
  // Whole lines, so that lines without gaps can be copied as one.
  block.first[2] = 0;
  block.size[2] = p->size[2];
  return block;
}

static void run_image_samplings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sampling *s = context;
  const LevinKernels *kernels = levin_kernels();
  ptrdiff_t taps = s->patches.taps, points = volume(s->cut.count + 1);
  ptrdiff_t width = whole_units(s->cut.count[0], kernels->lanes);
  ptrdiff_t copies = s->atOnce * volume(s->patches.size) * width;
  ptrdiff_t sums = s->blockRows * points * width;
  size_t bytes = (size_t)(whole_units(copies, cacheLine) + whole_units(sums, cacheLine) +
                          levin_room_of_tiles(s)) * sizeof(float);
  float *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  float *block = room + whole_units(copies, cacheLine), *tiles = block + whole_units(sums, cacheLine);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t group = task / s->rowBlocks % s->groups, row = task % s->rowBlocks * s->blockRows;
    ptrdiff_t rows = at_most(s->rows - row, s->blockRows);
    const Box box = levin_box(&s->cut, task / (s->groups * s->rowBlocks));
    if (points_of(box.count) == 0) continue;
    const ImageBlock images = block_of(&s->patches, &box);
    for (ptrdiff_t p = 0; p == 0 || p < s->depth; p += depthBlock) {
      ptrdiff_t depth = at_most(s->depth - p, depthBlock);
      ptrdiff_t channel = p / taps, after = depth ? (p + depth - 1) / taps + 1 : 0;
      kernels->copy_images(
        &s->patches, &images, group * s->channels + channel, after - channel, room);
      kernels->convolve_images(
        &s->patches, &images, &box, room, rows, p - channel * taps, depth,
        levin_tiles(s, group, row, rows, p, depth, tiles), p == 0, block);
    }
    row += group * s->rows;
    for (ptrdiff_t r = 0; r < rows; r++)
      kernels->spread_images(
        block + r * volume(box.count + 1) * images.width, &images, &box,
        s->bias ? ((const float *)s->bias)[row + r] : 0, s->grid.place, s->grid.image,
        (float *)s->out + (row + r) * s->channel);
  }
  levin_give_memory_back(room, bytes);
}

static void set_count(Cut *cut, int d, ptrdiff_t all, ptrdiff_t count) {
  cut->boxes[d] = (all + count - 1) / count;
  cut->count[d] = count;
  cut->all = cut->boxes[0] * volume(cut->boxes + 1);
}

bool levin_suits_images(LevinCompute compute, ptrdiff_t images, ptrdiff_t points) {
  const ptrdiff_t lanes = whole_units(images, levin_kernels()->lanes);
  return compute == LevinComputeFloat32 && 3 * images >= 2 * lanes && points <= mostImagePoints;
}

bool levin_sample_images(Sampling *s) {
  const Grid *g = &s->grid;
  const ptrdiff_t unit = levin_kernels()->lanes, points = volume(g->size);
  const ptrdiff_t taps = s->patches.taps, elements = volume(s->patches.size);
  if (!levin_suits_images(s->compute, g->images, points)) return false;
  if (taps < 2 || taps > mostImageTaps || s->channels * taps < 8) return false;
  s->atOnce = at_most(s->channels, (depthBlock + taps - 2) / taps + 1);
  const ptrdiff_t bytes = s->atOnce * elements * unit * (ptrdiff_t)sizeof(float);
  if (elements == 0 || bytes > roomForImages) return false;

  ptrdiff_t units = at_most(columnsOfImages / (points * unit), roomForImages / bytes);
  ptrdiff_t images = at_most(unit * (units > 0 ? units : 1), g->images);
  s->cut = (Cut){.grid = g};
  set_count(&s->cut, 0, g->images, images);
  for (int d = 0; d < 3; d++) set_count(&s->cut, d + 1, g->size[d], g->size[d]);
  // Enough tasks for all threads: fewer images at a time, then fewer lines, then fewer rows.
  ptrdiff_t threads = levin_thread_count(), least = threads > 1 ? 2 * threads : 1;
  least = (least + s->groups - 1) / s->groups;
  while (s->cut.all < least && s->cut.count[0] > unit)
    set_count(&s->cut, 0, g->images, whole_units((s->cut.count[0] + 1) / 2, unit));
  while (s->cut.all < least && s->cut.count[2] > 3)
    set_count(&s->cut, 2, g->size[1], (s->cut.count[2] + 1) / 2);
  levin_cut_rows(s, (least + s->cut.all - 1) / s->cut.all, mostImageRows);

  ptrdiff_t tasks = s->cut.all * s->groups * s->rowBlocks;
  bool isSmall = points * g->images * s->rows * s->groups * s->depth < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, s, run_image_samplings);
  return true;
}

// MARK: Gradients of weights

enum {
  rowsOfGradient = 32,           ///< rows of dy that are multiplied by the same images
  roomForSeenImages = 256 << 10,  ///< bytes of their copy
  mostElements = 256,            ///< elements of an image's channel, of which four stay in the first-level cache
  fewestChannels = 16,           ///< channels of x that are worth a copy of dy
};

/// dw[group · rows + r, (channel, tap)] = Σ dy[image, group · rows + r, point] · x[image, channel, seen element].
typedef struct {
  const Patches *x;
  Patches dy;
  Box box;  ///< all points, and as many images as are taken at a time
  ptrdiff_t images, groups, channels, rows, atOnce, channelBlocks;
  float *dw;
  _Atomic bool *lacksMemory;
} ImageCorrelation;

static void run_image_correlations(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const ImageCorrelation *c = context;
  const LevinKernels *kernels = levin_kernels();
  const ptrdiff_t width = whole_units(c->box.count[0], kernels->lanes), taps = c->x->taps;
  const ptrdiff_t seen = whole_units(c->atOnce * volume(c->x->size) * width, cacheLine);
  const ptrdiff_t own = rowsOfGradient * volume(c->box.count + 1) * width;
  const size_t bytes = (size_t)(seen + own) * sizeof(float);
  float *x = levin_take_memory(bytes);
  if (!x) {
    *c->lacksMemory = true;
    return;
  }
  float *dy = x + seen;
  for (ptrdiff_t task = begin; task < end; task++) {
    const ptrdiff_t group = task / c->channelBlocks, first = task % c->channelBlocks * c->atOnce;
    const ptrdiff_t channels = at_most(c->channels - first, c->atOnce);
    Box box = c->box;
    for (; box.first[0] < c->images; box.first[0] += c->box.count[0]) {
      box.count[0] = at_most(c->images - box.first[0], c->box.count[0]);
      const ImageBlock block = block_of(c->x, &box);
      const ImageBlock ownBlock = {
        box.first[0], box.count[0], block.width, {0}, {box.count[1], box.count[2], box.count[3]}};
      kernels->copy_images(c->x, &block, group * c->channels + first, channels, x);
      for (ptrdiff_t r = 0; r < c->rows; r += rowsOfGradient) {
        const ptrdiff_t row = group * c->rows + r, rows = at_most(c->rows - r, rowsOfGradient);
        kernels->copy_images(&c->dy, &ownBlock, row, rows, dy);
        kernels->correlate_images(
          c->x, &block, &box, dy, rows, x, channels, box.first[0] == 0,
          c->dw + (row * c->channels + first) * taps, c->channels * taps);
      }
    }
  }
  levin_give_memory_back(x, bytes);
}

bool levin_correlate_images(
  LevinCompute compute, const LevinConvolution *c, const Patches *x, const void *dy, void *dw,
  _Atomic bool *lacksMemory) {
  const ptrdiff_t points = volume(c->output), elements = volume(x->size);
  if (!levin_suits_images(compute, c->batch, points)) return false;
  if (elements == 0 || elements > mostElements) return false;
  if (x->taps < 2 || x->taps > mostImageTaps || c->inputs < 4 || c->outputs < 4) return false;
  const ptrdiff_t lanes = levin_kernels()->lanes;
  _Static_assert(
    mostImagePoints <= mostImageVectors &&
      mostElements * 4 * 16 * sizeof(float) <= roomForSeenImages,
    "a vector for each point of some images, and for each element of four channels");
  // A tile of four channels has room in any case.
  const ptrdiff_t room = roomForSeenImages / (4 * elements * (ptrdiff_t)sizeof(float)) / lanes;
  const ptrdiff_t images = at_most(at_most(mostImageVectors / points, room) * lanes, c->batch);
  ImageCorrelation s = {
    .x = x, .images = c->batch, .groups = c->groups, .channels = c->inputs, .rows = c->outputs,
    .box = {.count = {images, c->output[0], c->output[1], c->output[2]}}, .dw = dw,
    .lacksMemory = lacksMemory};
  s.dy = (Patches){
    .data = dy, .batch = c->groups * c->outputs * points, .channel = points,
    .place = {c->output[1] * c->output[2], c->output[2], 1},
    .size = {c->output[0], c->output[1], c->output[2]}};
  const ptrdiff_t bytes = elements * whole_units(images, lanes) * (ptrdiff_t)sizeof(float);
  const ptrdiff_t tasks = 4 * levin_thread_count();
  s.atOnce = whole_units((s.channels * s.groups + tasks - 1) / tasks, 4);
  if (s.atOnce < fewestChannels) s.atOnce = fewestChannels;
  s.atOnce = at_most(at_most(s.atOnce, whole_units(roomForSeenImages / bytes, 4)), s.channels);
  s.channelBlocks = (s.channels + s.atOnce - 1) / s.atOnce;
  levin_parallel_for(s.groups * s.channelBlocks, 1, &s, run_image_correlations);
  return true;
}
