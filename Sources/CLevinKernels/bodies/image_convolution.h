/// Convolutions of many small images: a vector holds the same point of several images, so every point has its own list
/// of the kernel's positions that lie inside, and nothing is multiplied by the zeros of the padding.

/// `count` adjacent elements of W images from `from` on, of which `images` exist: one vector for each element.
INLINE void load_images(
  const float *from, ptrdiff_t image, ptrdiff_t images, ptrdiff_t place, ptrdiff_t count,
  V square[W]) {
#pragma clang loop unroll(full)
  for (int n = 0; n < W; n++) {
    square[n] = v_set(0);
    if (n >= images) continue;
    if (place == 1) {
      square[n] = v_load_n(from + n * image, count);
    } else {
      float lanes[W] = {0};
      for (ptrdiff_t e = 0; e < count; e++) lanes[e] = from[n * image + e * place];
      square[n] = v_load(lanes);
    }
  }
  v_transpose(square);
}

/// Copies `channels` channels from `channel` on with the images innermost: [channels, elements of the block, width].
/// The images beyond the last one are zero.
static void copy_images(
  const Patches *p, const ImageBlock *block, ptrdiff_t channel, ptrdiff_t channels, float *room) {
  // Lines that follow each other without gaps are one.
  bool isOneLine = p->place[2] == 1 && p->place[1] == p->size[2];
  ptrdiff_t rows = isOneLine ? 1 : block->size[1];
  ptrdiff_t length = isOneLine ? block->size[1] * block->size[2] : block->size[2];
  V square[W];
  for (ptrdiff_t c = channel; c < channel + channels; c++)
    for (ptrdiff_t i = block->first[0]; i < block->first[0] + block->size[0]; i++)
      for (ptrdiff_t j = block->first[1]; j < block->first[1] + rows; j++) {
        const float *from = (const float *)p->data + c * p->channel + block->image * p->batch +
                            i * p->place[0] + j * p->place[1];
        for (ptrdiff_t e = 0, count; e < length; e += count, room += count * block->width) {
          count = at_most(length - e, W);
          for (ptrdiff_t n = 0; n < block->width; n += W) {
            load_images(
              from + n * p->batch + e * p->place[2], p->batch, block->images - n, p->place[2],
              count, square);
#pragma clang loop unroll(full)
            for (int x = 0; x < W; x++)
              if (x < count) v_store(room + x * block->width + n, square[x]);
          }
        }
      }
}

/// The places of the rows first..<first + depth of the matrix of patches that are not outside for the point `at`, and
/// the columns of the copied weights that belong to them. Returns their number.
static ptrdiff_t find_places_inside(
  const Patches *p, const ImageBlock *block, const ptrdiff_t at[3], ptrdiff_t first,
  ptrdiff_t depth, ptrdiff_t columns[depthBlock], ptrdiff_t places[depthBlock]) {
  ptrdiff_t inside[mostImageTaps], from[mostImageTaps], count = 0, found = 0;
  for (ptrdiff_t k = 0; k < p->taps; k++) {
    ptrdiff_t place = 0;
    bool isInside = true;
    for (int d = 0; d < 3; d++) {
      ptrdiff_t i = at[d] * p->step[d] + p->tap[k][d];
      isInside = isInside && (size_t)i < (size_t)p->size[d];
      place = place * block->size[d] + i - block->first[d];
    }
    inside[count] = k;
    from[count] = place * block->width;
    count += isInside;
  }
  ptrdiff_t channel = volume(block->size) * block->width;
  for (ptrdiff_t row = -first, place = 0; row < depth; row += p->taps, place += channel)
    for (ptrdiff_t k = 0; k < count; k++) {
      ptrdiff_t own = row + inside[k];
      if (own < 0 || own >= depth) continue;
      columns[found] = own * outerRows;
      places[found++] = place + from[k];
    }
  return found;
}

/// sums [rows, points of the box, width] += the weight's rows · rows first..<first + depth of the matrix of patches,
/// counted from the first channel of the copy; sums begin at 0 with the first ones.
static void convolve_images(
  const Patches *p, const ImageBlock *block, const Box *box, const float *copy, ptrdiff_t rows,
  ptrdiff_t first, ptrdiff_t depth, Operand weight, bool isFirst, float *sums, float *room) {
  Tiles tiles = copy_tiles(rows, depth, weight, room);
  ptrdiff_t places[depthBlock], columns[depthBlock];
  ptrdiff_t points = box->count[1] * box->count[2] * box->count[3];
  Panel panel = {
    .last = W, .ldc = points * block->width, .epilogue = {.accumulate = !isFirst}, .places = places};
#pragma clang loop unroll(full)
  for (int j = 0; j < outerVectors; j++) panel.to[j] = W * j;
  for (ptrdiff_t point = 0; point < points; point++) {
    const ptrdiff_t at[3] = {
      box->first[1] + point / (box->count[2] * box->count[3]),
      box->first[2] + point / box->count[3] % box->count[2],
      box->first[3] + point % box->count[3]};
    panel.k = find_places_inside(p, block, at, first, depth, columns, places);
    panel.columns = panel.k < depth ? columns : NULL;
    if (panel.k == 0 && !isFirst) continue;
    for (ptrdiff_t n = 0; n < block->width; n += panelWidth) {
      for (int j = 0; j < outerVectors; j++) panel.vectors[j] = copy + n + W * j;
      panel_tiles(
        rows, at_most(block->width - n, panelWidth) / W, tiles, &panel,
        sums + point * block->width + n);
    }
  }
}

/// Stores a row of sums, [points of the box, width], in the result, with `bias` added.
static void spread_images(
  const float *sums, const ImageBlock *block, const Box *box, float bias, const ptrdiff_t place[3],
  ptrdiff_t image, float *out) {
  bool isOneLine = place[2] == 1 && place[1] == box->count[3];
  ptrdiff_t lines = box->count[1] * box->count[2], length = box->count[3];
  if (isOneLine) {
    lines = box->count[1];
    length *= box->count[2];
  }
  for (ptrdiff_t l = 0; l < lines; l++) {
    ptrdiff_t i = isOneLine ? l : l / box->count[2], j = isOneLine ? 0 : l % box->count[2];
    float *line = out + block->image * image + (box->first[1] + i) * place[0] +
                  (box->first[2] + j) * place[1] + box->first[3] * place[2];
    for (ptrdiff_t e = 0, count; e < length; e += count, sums += count * block->width) {
      count = at_most(length - e, W);
      for (ptrdiff_t n = 0; n < block->images; n += W) {
        V square[W];
#pragma clang loop unroll(full)
        for (int x = 0; x < W; x++)
          square[x] = x < count ? v_load(sums + x * block->width + n) + v_set(bias) : v_set(0);
        v_transpose(square);
        float *to = line + n * image + e * place[2];
#pragma clang loop unroll(full)
        for (int r = 0; r < W; r++) {
          if (n + r >= block->images) continue;
          if (place[2] == 1) {
            v_store_n(to + r * image, count, square[r]);
          } else {
            float lanes[W];
            v_store(lanes, square[r]);
            for (ptrdiff_t x = 0; x < count; x++) to[r * image + x * place[2]] = lanes[x];
          }
        }
      }
    }
  }
}
