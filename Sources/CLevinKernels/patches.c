/// How grids are cut into boxes, and how patches of a box are read.
#include "sampling.h"

// MARK: Boxes

static void set_count(Cut *cut, int d, ptrdiff_t count) {
  const Grid *g = cut->grid;
  const ptrdiff_t size[4] = {g->images, g->size[0], g->size[1], g->size[2]};
  // As equal as possible.
  cut->boxes[d] = (size[d] + count - 1) / count;
  cut->count[d] = (size[d] + cut->boxes[d] - 1) / cut->boxes[d];
  cut->all = cut->boxes[0] * volume(cut->boxes + 1);
}

/// Halves the outermost dimension with more than one point; returns false if there is none.
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

void levin_cut_further(Cut *cut, ptrdiff_t least, ptrdiff_t points) {
  while (cut->all < least && points_of(cut->count) >= 2 * points && halve(cut)) continue;
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
    bool isOwn = p.low[d] == 0 && p.high[d] == 0;  // No point sees the elements between the points.
    p.place[d] = isOwn ? x.place[d] * step[d] : x.place[d];
    p.size[d] = isOwn ? (size[d] + step[d] - 1) / step[d] : size[d];
    p.step[d] = isOwn ? 1 : step[d];
  }
  return p;
}

bool levin_is_in_place(const Patches *p, const Grid *grid) {
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
  ptrdiff_t copy = levin_is_in_place(patches, cut->grid) ? 0 : bytes_of_copy(patches, cut, size, channels);
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
    .isInPlace = levin_is_in_place(patches, cut->grid), .copy = room};
  ptrdiff_t copy = view.isInPlace ? 0 : bytes_of_copy(patches, cut, size, channels);
  view.pieces = (Piece *)(room + whole_units(copy, cacheLine));
  view.offsets = (ptrdiff_t *)(view.pieces + most_pieces(cut, unit));
  return view;
}

/// Adds columns that are evenly spaced in the source and in the result, cut at the ends of panels.
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
    source.isInPlace = true;
    return source;
  }
  levin_kernels()->copy_box[view->size == 8](p, &view->box, channel, channels, view->copy);
  source.data = view->copy;
  source.channel = levin_copy_layout(p, &view->box).channel;
  return source;
}
