/// How patches are read, and their product with weights.
#include "sampling.h"

#include <string.h>

enum {
  rowsAtOnce = 258,  ///< of a result, over one box
  rowUnit = 6,
};

// MARK: Boxes

static void set_count(Cut *cut, int d, ptrdiff_t count) {
  const Grid *g = cut->grid;
  const ptrdiff_t size[4] = {g->images, g->size[0], g->size[1], g->size[2]};
  // As equal as can be.
  cut->boxes[d] = (size[d] + count - 1) / count;
  cut->count[d] = (size[d] + cut->boxes[d] - 1) / cut->boxes[d];
  cut->all = cut->boxes[0] * volume(cut->boxes + 1);
}

/// Halves the outermost dimension that is more than one point; false where there is none.
static bool halve(Cut *cut) {
  for (int d = 0; d < 4; d++)
    if (cut->count[d] > 1) {
      set_count(cut, d, (cut->count[d] + 1) / 2);
      return true;
    }
  return false;
}

static ptrdiff_t bytes_of_copy(
  const Patches *patches, const Cut *cut, ptrdiff_t size, ptrdiff_t channels) {
  Box box = {{0}, {cut->count[0], cut->count[1], cut->count[2], cut->count[3]}};
  return (channels * levin_copy_layout(patches, &box).channel + cacheLine) * size;
}

Cut levin_cut(
  const Grid *grid, const Patches *patches, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t points) {
  Cut cut = {.grid = grid, .count = {1, 1, 1, 1}, .boxes = {1, 1, 1, 1}};
  const ptrdiff_t sizes[4] = {grid->images, grid->size[0], grid->size[1], grid->size[2]};
  for (int d = 3; d >= 0; d--) {
    set_count(&cut, d, at_most(sizes[d], points));
    points = cut.boxes[d] > 1 ? 1 : points / cut.count[d];
    if (points < 1) points = 1;
  }
  while (bytes_of_copy(patches, &cut, size, channels) > roomForCopy && halve(&cut)) continue;
  return cut;
}

void levin_cut_further(Cut *cut, ptrdiff_t least) {
  while (cut->all < least && points_of(cut->count) >= 64 && halve(cut)) continue;
}

Box levin_box(const Cut *cut, ptrdiff_t index) {
  Box box;
  const Grid *g = cut->grid;
  const ptrdiff_t sizes[4] = {g->images, g->size[0], g->size[1], g->size[2]};
  for (int d = 3; d >= 0; d--) {
    box.first[d] = index % cut->boxes[d] * cut->count[d];
    box.count[d] = at_most(sizes[d] - box.first[d], cut->count[d]);
    if (box.count[d] < 0) box.count[d] = 0;
    index /= cut->boxes[d];
  }
  return box;
}

// MARK: Views

Patches levin_patches(
  LevinImages x, const ptrdiff_t size[3], const ptrdiff_t step[3], ptrdiff_t count,
  const ptrdiff_t (*taps)[3]) {
  Patches p = {
    .data = x.data, .batch = x.batch, .channel = x.channel, .taps = count, .tap = taps};
  for (int d = 0; d < 3; d++) {
    for (ptrdiff_t k = 0; k < count; k++) {
      if (k == 0 || taps[k][d] < p.low[d]) p.low[d] = taps[k][d];
      if (k == 0 || taps[k][d] > p.high[d]) p.high[d] = taps[k][d];
    }
    bool isOwn = p.low[d] == 0 && p.high[d] == 0;  // Elements between the points are not seen at all.
    p.place[d] = isOwn ? x.place[d] * step[d] : x.place[d];
    p.size[d] = isOwn ? (size[d] + step[d] - 1) / step[d] : size[d];
    p.step[d] = isOwn ? 1 : step[d];
  }
  return p;
}

/// Whether no point sees anything outside of its image, nor of a line anything but neighbours.
static bool is_in_place(const Patches *p, const Grid *grid) {
  for (int d = 0; d < 3; d++)
    if (p->low[d] < 0 || (grid->size[d] - 1) * p->step[d] + p->high[d] >= p->size[d]) return false;
  return p->step[2] == 1 && (p->place[2] == 1 || p->size[2] == 1);
}

static ptrdiff_t most_pieces(const Cut *cut, ptrdiff_t unit) {
  ptrdiff_t points = points_of(cut->count);
  return points / cut->count[3] + (unit ? points / unit : 0) + 1;
}

size_t levin_room_of_view(
  const Patches *patches, const Cut *cut, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t unit) {
  ptrdiff_t copy = is_in_place(patches, cut->grid) ? 0 : bytes_of_copy(patches, cut, size, channels);
  return (size_t)whole_units(copy, cacheLine) +
         (size_t)whole_units(
           most_pieces(cut, unit) * (ptrdiff_t)sizeof(Piece) +
             (patches->taps + 1) * (ptrdiff_t)sizeof(ptrdiff_t),
           cacheLine);
}

View levin_view(
  const Patches *patches, const Cut *cut, ptrdiff_t size, ptrdiff_t channels, ptrdiff_t unit,
  char *room) {
  View view = {
    .patches = patches, .cut = cut, .size = size, .unit = unit,
    .isInPlace = is_in_place(patches, cut->grid), .copy = room};
  ptrdiff_t copy = view.isInPlace ? 0 : bytes_of_copy(patches, cut, size, channels);
  view.pieces = (Piece *)(room + whole_units(copy, cacheLine));
  view.offsets = (ptrdiff_t *)(view.pieces + most_pieces(cut, unit));
  return view;
}

/// Adds columns that lie side by side in the source and in the result, cut at the ends of panels.
static void add_piece(View *view, ptrdiff_t count, ptrdiff_t from, ptrdiff_t to) {
  for (ptrdiff_t length; count > 0; count -= length, from += length, to += length * view->cut->grid->place[2]) {
    ptrdiff_t column = view->unit ? view->columns % view->unit : view->columns;
    length = view->unit ? at_most(count, view->unit - column) : count;
    Piece *last = view->pieces + view->pieceCount - 1;
    if (column > 0 && last->from + last->count == from &&
        last->to + last->count * view->cut->grid->place[2] == to)
      last->count += length;
    else
      view->pieces[view->pieceCount++] = (Piece){column, length, from, to};
    view->columns += length;
  }
}

void levin_look_at(View *view, ptrdiff_t index) {
  const Patches *p = view->patches;
  const Grid *grid = view->cut->grid;
  const Box box = view->box = levin_box(view->cut, index);
  const CopyLayout l = levin_copy_layout(p, &box);
  for (ptrdiff_t k = 0; k < p->taps; k++) {
    const ptrdiff_t *tap = p->tap[k];
    ptrdiff_t away = tap[2] - p->low[2];
    view->offsets[k] = view->isInPlace ? tap[0] * p->place[0] + tap[1] * p->place[1] + tap[2]
                                       : (tap[0] - p->low[0]) * l.slice +
                                           (tap[1] - p->low[1]) * l.line +
                                           away % p->step[2] * l.lane + away / p->step[2];
  }
  const ptrdiff_t image = view->isInPlace ? p->batch : l.image;
  const ptrdiff_t slice = p->step[0] * (view->isInPlace ? p->place[0] : l.slice);
  const ptrdiff_t line = p->step[1] * (view->isInPlace ? p->place[1] : l.line);
  const ptrdiff_t start = view->isInPlace ? box.first[0] * image + box.first[1] * slice +
                                              box.first[2] * line + box.first[3]
                                          : 0;
  view->columns = view->pieceCount = 0;
  for (ptrdiff_t n = 0; n < box.count[0]; n++)
    for (ptrdiff_t i = 0; i < box.count[1]; i++)
      for (ptrdiff_t j = 0; j < box.count[2]; j++)
        add_piece(
          view, box.count[3], start + n * image + i * slice + j * line,
          (box.first[0] + n) * grid->image + (box.first[1] + i) * grid->place[0] +
            (box.first[2] + j) * grid->place[1] + box.first[3] * grid->place[2]);
}

Source levin_source(View *view, ptrdiff_t channel, ptrdiff_t channels) {
  const Patches *p = view->patches;
  Source source = {.taps = p->taps, .offsets = view->offsets};
  if (view->isInPlace) {
    source.data = (const char *)p->data + channel * p->channel * view->size;
    source.channel = p->channel;
    return source;
  }
  levin_kernels()->copy_box[view->size == 8](p, &view->box, channel, channels, view->copy);
  source.data = view->copy;
  source.channel = levin_copy_layout(p, &view->box).channel;
  return source;
}

// MARK: The product of weights and patches

/// Sums of one box, [rows, columns], of elements of eight bytes, with the bias, to where their columns go.
#define EMIT(T)                                                                    \
  for (ptrdiff_t r = 0; r < rows; r++) {                                           \
    const T shift = s->bias ? ((const T *)s->bias)[row + r] : 0;                   \
    T *out = (T *)s->out + (row + r) * s->channel;                                 \
    for (const Piece *p = view->pieces; p < view->pieces + view->pieceCount; p++)  \
      for (ptrdiff_t i = 0; i < p->count; i++)                                     \
        out[p->to + i * step] = ((const T *)block)[r * view->columns + p->column + i] + shift; \
  }

/// In float64 or int64: all rows of patches at once.
static void sample_longs(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, char *room) {
  ptrdiff_t width = width_of(view->columns), step = s->grid.place[2];
  Source source = levin_source(view, group * s->channels, s->channels);
  char *block = room + whole_units((s->depth + 1) * width_of(points_of(s->cut.count)) * 8, cacheLine);
  levin_kernels()->pack_rows[1](
    &source, 0, s->depth, view->pieces, view->pieceCount, width, 0, room);
  if (!levin_product(
        s->compute, rows, view->columns, s->depth,
        (LevinMatrix){s->weight + row * s->depth * 8, s->depth, 1}, (LevinMatrix){room, width, 1},
        block))
    *s->lacksMemory = true;
  if (s->compute == LevinComputeInt64) {
    EMIT(uint64_t)
  } else {
    EMIT(double)
  }
}
#undef EMIT

/// In float32: as many terms at a time as products take.
static void sample_floats(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows, char *room) {
  const LevinKernels *kernels = levin_kernels();
  const float *weight = (const float *)s->weight + row * s->depth;
  float *out = (float *)s->out + row * s->channel;
  Epilogue epilogue = {.rowBias = s->bias ? (const float *)s->bias + row : NULL};
  // With nothing to add up, one empty block makes zeros.
  for (ptrdiff_t p = 0; p == 0 || p < s->depth; p += depthBlock) {
    ptrdiff_t depth = at_most(s->depth - p, depthBlock), taps = s->patches.taps;
    ptrdiff_t channel = taps ? p / taps : 0, end = taps ? (p + depth - 1) / taps + 1 : 0;
    Source source = levin_source(view, group * s->channels + channel, end - channel);
    kernels->convolve_box(
      &source, rows, p - channel * taps, depth, (Operand){weight + p, s->depth, 1}, view->pieces,
      view->pieceCount, out, s->channel, s->grid.place[2],
      levin_epilogue_of_block(epilogue, p == 0, p + depthBlock >= s->depth), (float *)room);
  }
}

/// Whether each channel of the result is that of one channel, and no product worth the name.
static bool is_of_planes(const Sampling *s) {
  return s->compute == LevinComputeFloat32 && s->channels == 1 && s->rows <= 2;
}

static void sample_plane(
  const Sampling *s, View *view, ptrdiff_t group, ptrdiff_t row, ptrdiff_t rows) {
  Source source = levin_source(view, group, 1);
  for (ptrdiff_t r = row; r < row + rows; r++)
    levin_kernels()->convolve_plane(
      &source, (const float *)s->weight + r * s->depth, view->pieces, view->pieceCount,
      s->bias ? ((const float *)s->bias)[r] : 0, s->grid.place[2],
      (float *)s->out + r * s->channel);
}

static void run_samplings(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sampling *s = context;
  const LevinKernels *kernels = levin_kernels();
  bool isOfPlanes = is_of_planes(s), isFloat = s->compute == LevinComputeFloat32;
  ptrdiff_t size = size_of_compute(s->compute), points = points_of(s->cut.count);
  ptrdiff_t unit = isFloat && !isOfPlanes ? kernels->panelWidth : 0;
  size_t forView = levin_room_of_view(&s->patches, &s->cut, size, s->atOnce, unit);
  ptrdiff_t own = isOfPlanes ? 0
                  : isFloat  ? kernels->room_for_convolution(s->blockRows, at_most(s->depth, depthBlock))
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
    row += group * s->rows;
    if (isOfPlanes)
      sample_plane(s, &view, group, row, rows);
    else
      (isFloat ? sample_floats : sample_longs)(s, &view, group, row, rows, room + forView);
  }
  levin_give_memory_back(room, bytes);
}

void levin_sample(Sampling *s) {
  ptrdiff_t columns = s->grid.images * volume(s->grid.size);
  if (columns == 0 || s->rows == 0 || s->groups == 0) return;
  ptrdiff_t size = size_of_compute(s->compute), taps = s->patches.taps ? s->patches.taps : 1;
  ptrdiff_t points = is_of_planes(s) ? pointsOfPlane : pointsAtOnce;
  s->atOnce = s->channels;
  if (s->compute == LevinComputeFloat32)
    s->atOnce = at_most(s->channels, (depthBlock + taps - 2) / taps + 1);
  else
    points = at_most(points, roomForCopy / (8 * (s->depth + 1)) + 1);
  s->cut = levin_cut(&s->grid, &s->patches, size, s->atOnce, points);
  // Where there are few boxes, rows are shared out, too.
  ptrdiff_t threads = levin_thread_count(), least = threads > 1 ? 4 * threads : 1;
  levin_cut_further(&s->cut, (least + s->groups - 1) / s->groups);
  ptrdiff_t blocks = s->cut.all * s->groups, parts = (least + blocks - 1) / blocks;
  ptrdiff_t atLeast = (s->rows + rowsAtOnce - 1) / rowsAtOnce;
  parts = parts > atLeast ? parts : atLeast;
  s->blockRows = at_most(whole_units((s->rows + parts - 1) / parts, rowUnit), s->rows);
  s->rowBlocks = (s->rows + s->blockRows - 1) / s->blockRows;
  ptrdiff_t tasks = blocks * s->rowBlocks;
  bool isSmall = columns * s->rows * s->groups * s->depth < smallConvolution;
  levin_parallel_for(tasks, isSmall ? tasks : 1, s, run_samplings);
}
