/// The gradients of convolutions' weights: products of dy and patches of x.
#include <string.h>

#include "sampling.h"

enum {
  pointsOfGradient = 512,     ///< points whose products are added up before they are added to dw
  rowsOfGradient = 256,       ///< rows of dy over the same patches
  fewRowsOfGradient = 96,     ///< rows of dy that read patches too seldom for a copy of these
  rowsInFirstCache = 12,      ///< rows of dy that stay in the first-level cache while patches pass through
  patchRowsOfGradient = 144,  ///< rows of patches that share a copy of dy
  worthCopyingRows = 96,      ///< rows of patches from which rows of dy are copied to be next to each other
  planesAtOnce = 16,          ///< channels of an image that one thread passes through
  partsOfImages = 8,          ///< sums over parts of the images, which are added up at the end
  largestPart = 1 << 18,      ///< elements of such a sum
  dotColumnUnit = 4,
};

/// dw[group · rows + r, p] = Σ dy[group · rows + r, (image, point)] · patches[p, (image, point)].
typedef struct {
  LevinCompute compute;
  Patches patches;
  Grid grid;  ///< its result is dy
  Cut cut;
  ptrdiff_t groups, channels, rows, depth;
  const char *dy;
  char *dw;
  ptrdiff_t blockRows, rowBlocks, blockDepth, depthBlocks, atOnce;
  ptrdiff_t parts;  ///< of the boxes, each with its own dw
  _Atomic bool *lacksMemory;
} Correlation;

/// Returns rows of dy in the columns of a box: in dy itself, or copied to `room`. `width` becomes the distance of the
/// rows.
static const char *gradients(
  const Correlation *c, const View *view, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t *width,
  char *room) {
  ptrdiff_t size = size_of_compute(c->compute), points = volume(c->grid.size);
  const Piece *first = view->pieces, *end = first + view->pieceCount, *last = end - 1;
  const char *dy = c->dy + row * points * size;
  // Rows a multiple of 4096 bytes apart share a few places of the first-level cache; if they are read often, a copy
  // costs less.
  bool isCopied = points * size % 4096 == 0 && c->blockDepth >= worthCopyingRows;
  if (last->to == first->to + last->column && !isCopied) {
    *width = points;
    return dy + first->to * size;
  }
  for (const Piece *next; first < end; first = next) {
    ptrdiff_t count = first->count;
    for (next = first + 1; next < end && next->to == first->to + count; next++)
      count += next->count;
    for (ptrdiff_t r = 0; r < rows; r++)
      memcpy(
        room + (r * *width + first->column) * size, dy + (r * points + first->to) * size,
        (size_t)(count * size));
  }
  return room;
}

#define ADD(T)                            \
  for (ptrdiff_t r = 0; r < rows; r++)    \
    for (ptrdiff_t p = 0; p < depth; p++) \
      ((T *)dw)[r * c->depth + p] += ((const T *)block)[r * depth + p];

/// Adds the products of one box, with rows of dy `widthOfGradient` apart, to dw, which is 0 before the first one.
static void correlate(
  const Correlation *c, View *view, ptrdiff_t group, const char *dy, ptrdiff_t widthOfGradient,
  ptrdiff_t rows, ptrdiff_t first, ptrdiff_t depth, bool isFirst, char *lines, char *block,
  char *dw) {
  const LevinKernels *kernels = levin_kernels();
  ptrdiff_t size = size_of_compute(c->compute), taps = c->patches.taps;
  ptrdiff_t width = width_of(view->columns), channel = first / taps;
  Source source = levin_source(
    view, group * c->channels + channel, (first + depth - 1) / taps + 1 - channel);
  const Piece *piece = view->pieces, *last = piece + view->pieceCount - 1;
  const char *patches = lines;
  if (source.isInPlace && taps == 1 && last->from == piece->from + last->column &&
      rows <= fewRowsOfGradient) {
    ptrdiff_t at = (first - channel) * source.channel + source.offsets[0] + piece->from;
    patches = (const char *)source.data + at * size;
    width = source.channel;
  } else {
    kernels->pack_rows[size == 8](
      &source, first - channel * taps, depth, view->pieces, view->pieceCount, width, 0, lines);
  }
  if (c->compute == LevinComputeFloat32) {
    for (ptrdiff_t r = 0; r < rows; r += rowsInFirstCache)
      kernels->dot_product(
        at_most(rows - r, rowsInFirstCache), depth, view->columns,
        (const float *)dy + r * widthOfGradient, widthOfGradient, (const float *)patches, width,
        (float *)dw + r * c->depth, c->depth, (Epilogue){.accumulate = !isFirst});
    return;
  }
  if (!levin_product(
        c->compute, rows, depth, view->columns, (LevinMatrix){dy, widthOfGradient, 1},
        (LevinMatrix){patches, 1, width}, block))
    *c->lacksMemory = true;
  if (isFirst)
    for (ptrdiff_t r = 0; r < rows; r++) memset(dw + r * c->depth * 8, 0, (size_t)depth * 8);
  if (c->compute == LevinComputeInt64) {
    ADD(uint64_t)
  } else {
    ADD(double)
  }
}
#undef ADD

static void run_correlations(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Correlation *c = context;
  ptrdiff_t size = size_of_compute(c->compute), width = width_of(points_of(c->cut.count));
  size_t forView = levin_room_of_view(&c->patches, &c->cut, size, c->atOnce, 0);
  ptrdiff_t gradientBytes = whole_units(c->blockRows * width * size, cacheLine);
  ptrdiff_t patches = whole_units((c->blockDepth + 1) * width * size, cacheLine);
  ptrdiff_t blockBytes = size == 4 ? 0 : whole_units(c->blockRows * c->blockDepth * size, cacheLine);
  size_t bytes = forView + (size_t)(gradientBytes + patches + blockBytes);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *c->lacksMemory = true;
    return;
  }
  View view = levin_view(&c->patches, &c->cut, size, c->atOnce, 0, room);
  char *copies = room + forView;
  // With several parts, a task has all blocks of patches' rows, and reads its part of dy once; otherwise it has one block
  // and all boxes.
  ptrdiff_t blocksOfTask = c->parts > 1 ? c->depthBlocks : 1;
  ptrdiff_t depthTasks = c->depthBlocks / blocksOfTask;
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t part = task / (c->groups * c->rowBlocks * depthTasks);
    ptrdiff_t group = task / (c->rowBlocks * depthTasks) % c->groups;
    ptrdiff_t row = task / depthTasks % c->rowBlocks * c->blockRows;
    ptrdiff_t block = task % depthTasks * blocksOfTask;
    ptrdiff_t rows = at_most(c->rows - row, c->blockRows);
    row += group * c->rows;
    char *dw = c->dw + (part * c->groups * c->rows + row) * c->depth * size;
    ptrdiff_t firstBox = c->cut.all * part / c->parts, lastBox = c->cut.all * (part + 1) / c->parts;
    for (ptrdiff_t box = firstBox; box < lastBox; box++) {
      levin_look_at(&view, box);
      ptrdiff_t widthOfGradient = width_of(view.columns);
      const char *dy = gradients(c, &view, row, rows, &widthOfGradient, copies);
      for (ptrdiff_t b = block; b < block + blocksOfTask; b++) {
        ptrdiff_t first = b * c->blockDepth, depth = at_most(c->depth - first, c->blockDepth);
        correlate(
          c, &view, group, dy, widthOfGradient, rows, first, depth, box == firstBox,
          copies + gradientBytes, copies + gradientBytes + patches, dw + first * size);
      }
    }
  }
  levin_give_memory_back(room, bytes);
}

/// dw[i] = the sum of all parts' elements i.
static void add_parts(const Correlation *c, ptrdiff_t elements, float *dw) {
  const float *parts = (const float *)c->dw;
  for (ptrdiff_t i = 0; i < elements; i++) {
    float sum = parts[i];
    for (ptrdiff_t part = 1; part < c->parts; part++) sum += parts[part * elements + i];
    dw[i] = sum;
  }
}

/// Splits boxes and rows among the threads, and adds up dw.
static void correlate_boxes(Correlation *c, bool isSmall, void *dw) {
  ptrdiff_t size = size_of_compute(c->compute), count = c->patches.taps;
  // The cut affects rounding, so it must not depend on the number of threads.
  ptrdiff_t most = at_most(c->channels, (patchRowsOfGradient + count - 2) / count + 1);
  c->cut = levin_cut(&c->grid, &c->patches, size, most, pointsOfGradient);
  // Nor must the number of parts.
  ptrdiff_t elements = c->groups * c->rows * c->depth;
  bool isInParts =
    size == 4 && !isSmall && c->cut.all >= 2 * partsOfImages && elements <= largestPart;
  if (isInParts) c->parts = partsOfImages;
  // The general products choose their algorithm by the shape, so the shape must be the same for any number of
  // threads.
  ptrdiff_t threads = levin_thread_count();
  ptrdiff_t shares = isInParts ? 1 : size == 8 ? 8 : threads == 1 ? 1 : 2 * threads;
  c->blockRows = at_most(c->rows, rowsOfGradient);
  // Each share reads all of the other operand: the larger one is split.
  if (size == 4 && c->rows > c->depth) {
    ptrdiff_t share = (c->rows * c->groups + shares - 1) / shares;
    c->blockRows = at_most(c->blockRows, whole_units(share, rowsInFirstCache));
  }
  c->rowBlocks = (c->rows + c->blockRows - 1) / c->blockRows;
  ptrdiff_t blocks = c->groups * c->rowBlocks;
  ptrdiff_t share = (c->depth * blocks + shares - 1) / shares;
  c->blockDepth = at_most(whole_units(share, dotColumnUnit), patchRowsOfGradient);
  c->blockDepth = at_most(c->blockDepth, c->depth);
  c->depthBlocks = (c->depth + c->blockDepth - 1) / c->blockDepth;
  c->atOnce = at_most(c->channels, (c->blockDepth + count - 2) / count + 1);
  ptrdiff_t tasks = isInParts ? blocks * c->parts : blocks * c->depthBlocks;
  size_t forParts = isInParts ? (size_t)(c->parts * elements * size) : 0;
  if (isInParts) c->dw = levin_take_memory(forParts);
  if (!c->dw) {
    *c->lacksMemory = true;
  } else {
    levin_parallel_for(tasks, isSmall ? tasks : 1, c, run_correlations);
  }
  if (isInParts && c->dw) {
    add_parts(c, elements, dw);
    levin_give_memory_back(c->dw, forParts);
  }
}

/// For groups with one channel and one row: plane by plane, since a matrix product would be too small.
static void run_planes(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Correlation *c = context;
  size_t bytes = levin_room_of_view(&c->patches, &c->cut, 4, 1, 0);
  char *room = levin_take_memory(bytes);
  if (!room) {
    *c->lacksMemory = true;
    return;
  }
  View view = levin_view(&c->patches, &c->cut, 4, 1, 0, room);
  float *dw = (float *)c->dw;
  for (ptrdiff_t k = begin * c->depth; k < end * c->depth; k++) dw[k] = 0;
  // Image by image, whose planes lie one after another.
  for (ptrdiff_t box = 0; box < c->cut.all; box++) {
    levin_look_at(&view, box);
    for (ptrdiff_t group = begin; group < end; group++) {
      Source source = levin_source(&view, group, 1);
      levin_kernels()->correlate_plane(
        &source, (const float *)c->dy + group * volume(c->grid.size), view.pieces,
        view.pieceCount, dw + group * c->depth);
    }
  }
  levin_give_memory_back(room, bytes);
}

bool levin_convolve_weight_gradient(
  LevinCompute compute, const LevinConvolution *c, const void *dy, LevinImages x, void *dw) {
  if (levin_is_linear(compute, c, x, c->inputs, c->input)) {
    const ptrdiff_t terms = c->inputs * volume(c->kernel);
    levin_product_tn(
      c->outputs, terms, c->batch, dy, c->outputs, x.data, terms, dw, terms, false, NULL);
    return true;
  }
  size_t bytes = (size_t)volume(c->kernel) * sizeof(ptrdiff_t[3]);
  ptrdiff_t(*taps)[3] = levin_take_memory(bytes);
  if (!taps) return false;
  _Atomic bool lacksMemory = false;
  ptrdiff_t points = volume(c->output), size = size_of_compute(compute);
  ptrdiff_t count = levin_find_taps(c, taps);
  Correlation s = {
    .compute = compute, .groups = c->groups, .channels = c->inputs, .rows = c->outputs,
    .depth = c->inputs * count, .dy = dy, .dw = dw, .parts = 1, .grid = levin_output_grid(c),
    .lacksMemory = &lacksMemory};
  s.patches = levin_patches(x, c->input, c->stride, count, (const ptrdiff_t(*)[3])taps);
  bool isSmall = s.rows * s.groups * s.depth * points * c->batch < smallConvolution;
  if (s.rows == 0 || s.groups == 0 || s.depth == 0) {
    // Nothing to compute.
  } else if (points * c->batch == 0) {
    memset(dw, 0, (size_t)(s.groups * s.rows * s.depth * size));
  } else if (compute == LevinComputeFloat32 && s.rows == 1 && s.channels == 1) {
    s.cut = levin_cut(&s.grid, &s.patches, size, 1, pointsOfPlane);
    ptrdiff_t share = (s.groups + levin_thread_count() - 1) / levin_thread_count();
    levin_parallel_for(
      s.groups, isSmall ? s.groups : at_most(share, planesAtOnce), &s, run_planes);
  } else if (!levin_correlate_images(compute, c, &s.patches, dy, dw, &lacksMemory)) {
    correlate_boxes(&s, isSmall, dw);
  }
  levin_give_memory_back(taps, bytes);
  return !lacksMemory;
}
