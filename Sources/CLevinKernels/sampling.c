/// The product of weights and patches.
#include "sampling.h"

enum {
  rowsAtOnce = 264,   ///< rows of a result over one box
  enoughPoints = 64,  ///< points of a box that fill tiles
  enoughRows = 96,    ///< rows for which packing patches costs little
  fewPoints = 128,    ///< points of a box for which copying the weight would cost more than it saves
  manyBoxes = 8,      ///< boxes of a thread, all of which read the weight
};

/// Stores the sums of one box, [rows, columns], of elements of eight bytes, with the bias, in the result's columns.
#define EMIT(T)                                                                    \
  for (ptrdiff_t r = 0; r < rows; r++) {                                           \
    const T shift = s->bias ? ((const T *)s->bias)[first + r] : 0;                 \
    T *out = (T *)s->out + (first + r) * s->channel;                               \
    for (const Piece *p = view->pieces; p < view->pieces + view->pieceCount; p++)  \
      for (ptrdiff_t i = 0; i < p->count; i++)                                     \
        out[p->to + i * step] = ((const T *)block)[r * view->columns + p->column + i] + shift; \
  }

/// For float64 and int64: all rows of patches at once.
static void sample_longs(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, char *room) {
  ptrdiff_t width = width_of(view->columns), step = s->grid.place[2];
  const ptrdiff_t first = group * s->rows + row;
  Source source = levin_source(view, group * s->channels, s->channels);
  char *block = room + whole_units((s->depth + 1) * width_of(points_of(s->cut.count)) * 8, cacheLine);
  levin_kernels()->pack_rows[1](
    &source, 0, s->depth, view->pieces, view->pieceCount, width, 0, room);
  if (!levin_product(
        s->compute, rows, view->columns, s->depth, levin_weight(s, group, row, 0),
        (LevinMatrix){room, width, 1}, block))
    *s->lacksMemory = true;
  if (s->compute == LevinComputeInt64) {
    EMIT(uint64_t)
  } else {
    EMIT(double)
  }
}
#undef EMIT

/// For float32: as many terms at a time as products take.
static void sample_floats(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, char *room) {
  const LevinKernels *kernels = levin_kernels();
  const ptrdiff_t firstRow = group * s->rows + row;
  float *out = (float *)s->out + firstRow * s->channel;
  Epilogue epilogue = {.rowBias = s->bias ? (const float *)s->bias + firstRow : NULL};
  float *tiles =
    (float *)room + kernels->room_for_convolution(s->blockRows, at_most(s->depth, depthBlock));
  // If there is nothing to add up, one empty block stores zeros.
  for (ptrdiff_t p = 0; p == 0 || p < s->depth; p += depthBlock) {
    ptrdiff_t depth = at_most(s->depth - p, depthBlock), taps = s->patches.taps;
    ptrdiff_t channel = taps ? p / taps : 0, end = depth ? (p + depth - 1) / taps + 1 : channel;
    Source source = levin_source(view, group * s->channels + channel, end - channel);
    kernels->convolve_box(
      &source, rows, p - channel * taps, depth, levin_tiles(s, group, row, rows, p, depth, tiles),
      view->pieces, view->pieceCount, out, s->channel, s->grid.place[2],
      levin_epilogue_of_block(epilogue, p == 0, p + depthBlock >= s->depth), (float *)room);
  }
}

/// Whether each channel of the result depends on one channel only, so that a matrix product would be too small.
static bool is_of_planes(const Sampling *s) {
  return s->compute == LevinComputeFloat32 && s->channels == 1 && s->rows <= 2;
}

static void sample_plane(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows) {
  Source source = levin_source(view, group, 1);
  for (ptrdiff_t r = row; r < row + rows; r++) {
    const ptrdiff_t plane = group * s->rows + r;
    levin_kernels()->convolve_plane(
      &source, levin_weight(s, group, r, 0).data, view->pieces, view->pieceCount,
      s->bias ? ((const float *)s->bias)[plane] : 0, s->grid.place[2],
      (float *)s->out + plane * s->channel);
  }
}

static void run_samplings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sampling *s = context;
  const LevinKernels *kernels = levin_kernels();
  bool isOfPlanes = is_of_planes(s), isFloat = s->compute == LevinComputeFloat32;
  ptrdiff_t size = size_of_compute(s->compute), points = points_of(s->cut.count);
  ptrdiff_t unit = isFloat && !isOfPlanes ? kernels->panelWidth : 0;
  size_t forView = levin_room_of_view(&s->patches, &s->cut, size, s->atOnce, unit);
  ptrdiff_t own = isOfPlanes ? 0
                  : isFloat  ? kernels->room_for_convolution(s->blockRows, at_most(s->depth, depthBlock)) +
                                levin_room_of_tiles(s)
                             : (s->depth + 1) * width_of(points) + cacheLine + s->blockRows * points;
  size_t bytes = forView + (size_t)(own * size);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  View view = levin_view(&s->patches, &s->cut, size, s->atOnce, unit, room);
  ptrdiff_t blocks = s->groups * s->rowBlocks, last = -1;
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t group = task / s->rowBlocks % s->groups, row = task % s->rowBlocks * s->blockRows;
    ptrdiff_t rows = at_most(s->rows - row, s->blockRows);
    if (task / blocks != last) levin_look_at(&view, last = task / blocks);
    if (isOfPlanes)
      sample_plane(s, &view, group, row, rows);
    else
      (isFloat ? sample_floats : sample_longs)(s, &view, group, row, rows, room + forView);
  }
  levin_give_memory_back(room, bytes);
}

/// Cuts points into boxes, and rows into blocks.
static void cut_work(Sampling *s, ptrdiff_t threads) {
  ptrdiff_t taps = s->patches.taps ? s->patches.taps : 1;
  ptrdiff_t points = is_of_planes(s) ? pointsOfPlane : pointsAtOnce;
  s->atOnce = s->channels;
  if (s->compute == LevinComputeFloat32)
    s->atOnce = at_most(s->channels, (depthBlock + taps - 2) / taps + 1);
  else
    points = at_most(points, roomForCopy / (8 * (s->depth + 1)) + 1);
  // Nothing is copied to a box in place; but if its terms take several blocks, it should be read again soon.
  bool isLarge = s->compute == LevinComputeFloat32 && s->depth <= depthBlock &&
                 levin_is_in_place(&s->patches, &s->grid);
  s->cut = levin_cut(
    &s->grid, &s->patches, size_of_compute(s->compute), isLarge ? 0 : s->atOnce, points);
  // Several boxes for each thread, so that none has to wait long; small ones only if threads had nothing to do.
  ptrdiff_t several = threads > 1 ? 4 * threads : 1;
  levin_cut_further(&s->cut, (several + s->groups - 1) / s->groups, enoughPoints);
  levin_cut_further(&s->cut, (threads + s->groups - 1) / s->groups, enoughPoints / 2);
  // Rows are divided among threads, too, but each block of them packs all patches.
  ptrdiff_t blocks = s->cut.all * s->groups;
  ptrdiff_t parts = at_most((several + blocks - 1) / blocks, s->rows / enoughRows);
  ptrdiff_t forThreads = (threads + blocks - 1) / blocks;
  levin_cut_rows(s, parts > forThreads ? parts : forThreads, rowsAtOnce);
}

void levin_sample(Sampling *s) {
  ptrdiff_t columns = s->grid.images * volume(s->grid.size);
  if (columns == 0 || s->rows == 0 || s->groups == 0) return;
  if (levin_sample_images(s)) return;
  ptrdiff_t threads = levin_thread_count();
  cut_work(s, threads);
  // Rows with adjacent terms can be read where they are, if patches are packed. Many boxes share a copy; but what another
  // core has just written comes later than what a core has copied for itself.
  s->readsWeight =
    s->weight.column == 1 && s->patches.taps == 1 && points_of(s->cut.count) <= fewPoints;
  if (s->compute == LevinComputeFloat32 && !is_of_planes(s) && s->cut.all >= manyBoxes * threads)
    levin_copy_weight(s);
  ptrdiff_t tasks = s->cut.all * s->groups * s->rowBlocks;
  bool isSmall = columns * s->rows * s->groups * s->depth < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, s, run_samplings);
  levin_give_weight_back(s);
}
