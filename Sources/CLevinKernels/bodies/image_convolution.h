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

/// The number of points from `at` on along dimension d, up to `end`, that see the same taps inside of the image: those that
/// see all taps, or one.
INLINE ptrdiff_t points_alike(const Patches *p, int d, ptrdiff_t at, ptrdiff_t end) {
  if (at * p->step[d] + p->low[d] < 0 || at * p->step[d] + p->high[d] >= p->size[d]) return 1;
  return at_most(end, (p->size[d] - 1 - p->high[d]) / p->step[d] + 1) - at;
}

/// The convolution of the points of `group`, which see the same taps inside.
static void convolve_alike(
  const Patches *p, const ImageBlock *block, const Box *box, const Box *group, const float *copy,
  ptrdiff_t rows, Tiles weight, Panel *panel, float *sums) {
  const ptrdiff_t vectorsOfPoint = block->width / W, points = volume(group->count + 1);
  for (ptrdiff_t v = 0, count; v < points * vectorsOfPoint; v += count) {
    count = at_most(points * vectorsOfPoint - v, outerVectors);
    for (ptrdiff_t j = 0; j < count; j++) {
      ptrdiff_t point = (v + j) / vectorsOfPoint, n = (v + j) % vectorsOfPoint * W, to = 0, from = 0;
      const ptrdiff_t away[3] = {
        point / (group->count[2] * group->count[3]), point / group->count[3] % group->count[2],
        point % group->count[3]};
      for (int d = 0; d < 3; d++) {
        to = to * box->count[d + 1] + group->first[d + 1] + away[d] - box->first[d + 1];
        from = from * block->size[d] + away[d] * p->step[d];
      }
      panel->vectors[j] = copy + from * block->width + n;
      panel->to[j] = to * block->width + n;
    }
    panel_tiles(rows, count, weight, panel, sums);
  }
}

/// sums [rows, points of the box, width] += the weight's rows · rows first..<first + depth of the matrix of patches,
/// counted from the first channel of the copy; sums begin at 0 with the first ones.
static void convolve_images(
  const Patches *p, const ImageBlock *block, const Box *box, const float *copy, ptrdiff_t rows,
  ptrdiff_t first, ptrdiff_t depth, Tiles weight, bool isFirst, float *sums) {
  ptrdiff_t places[depthBlock], columns[depthBlock], end[3];
  Panel panel = {
    .last = W, .ldc = volume(box->count + 1) * block->width, .epilogue = {.accumulate = !isFirst},
    .places = places};
  for (int d = 0; d < 3; d++) end[d] = box->first[d + 1] + box->count[d + 1];
  Box group = *box;
  for (ptrdiff_t i = box->first[1]; i < end[0]; i += group.count[1])
    for (ptrdiff_t j = box->first[2]; j < end[1]; j += group.count[2])
      for (ptrdiff_t k = box->first[3]; k < end[2]; k += group.count[3]) {
        const ptrdiff_t at[3] = {i, j, k};
        for (int d = 0; d < 3; d++) {
          group.first[d + 1] = at[d];
          group.count[d + 1] = points_alike(p, d, at[d], end[d]);
        }
        panel.k = find_places_inside(p, block, at, first, depth, columns, places);
        panel.columns = panel.k < depth ? columns : NULL;
        if (panel.k > 0 || isFirst)
          convolve_alike(p, block, box, &group, copy, rows, weight, &panel, sums);
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

// MARK: Gradients of weights

/// The vectors of a block of images that a tap multiplies with each other: `own` of dy, those of the points that see an
/// element inside, and `seen` of x.
typedef struct {
  ptrdiff_t count;
  int own[mostImageVectors], seen[mostImageVectors];
} ImagePairs;

static void find_pairs(
  const Patches *p, const ImageBlock *block, const Box *box, const ptrdiff_t tap[3],
  ImagePairs *pairs) {
  const ptrdiff_t points = volume(box->count + 1), lines = box->count[2], length = box->count[3];
  pairs->count = 0;
  for (ptrdiff_t point = 0; point < points; point++) {
    const ptrdiff_t at[3] = {
      point / (lines * length), point / length % lines, point % length};
    ptrdiff_t place = 0;
    bool isInside = true;
    for (int d = 0; d < 3; d++) {
      const ptrdiff_t i = (box->first[d + 1] + at[d]) * p->step[d] + tap[d];
      isInside = isInside && (size_t)i < (size_t)p->size[d];
      place = place * block->size[d] + i - block->first[d];
    }
    for (ptrdiff_t n = 0; isInside && n < block->width; n += W, pairs->count++) {
      pairs->own[pairs->count] = (int)(point * block->width + n);
      pairs->seen[pairs->count] = (int)(place * block->width + n);
    }
  }
}

/// A tile of rows × 4 sums of pairs' products, of which the first `columns` are added to dw, `step` apart. `rows` is a
/// constant when this is inlined.
INLINE void correlate_tile(
  int rows, ptrdiff_t columns, const ImagePairs *pairs, const float *dy, ptrdiff_t lddy,
  const float *x, ptrdiff_t ldx, bool isFirst, float *dw, ptrdiff_t lddw, ptrdiff_t step) {
  V sums[dotRows][4];
  const float *channel[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) channel[j] = x + (j < columns ? j : columns - 1) * ldx;
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) sums[i][j] = v_set(0);
  for (ptrdiff_t q = 0; q < pairs->count; q++) {
    V y[dotRows];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) y[i] = v_load(dy + i * lddy + pairs->own[q]);
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      const V value = v_load(channel[j] + pairs->seen[q]);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) sums[i][j] = v_fma(y[i], value, sums[i][j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    const Quad sum = v_sum4(sums[i][0], sums[i][1], sums[i][2], sums[i][3]);
    float *to = dw + i * lddw;
    for (ptrdiff_t j = 0; j < columns; j++) to[j * step] = isFirst ? sum[j] : to[j * step] + sum[j];
  }
}

#define TILE(ROWS)                                                                            \
  static void correlate_tile_##ROWS(                                                          \
    ptrdiff_t columns, const ImagePairs *pairs, const float *dy, ptrdiff_t lddy, const float *x, \
    ptrdiff_t ldx, bool isFirst, float *dw, ptrdiff_t lddw, ptrdiff_t step) {                 \
    if (ROWS <= dotRows)                                                                      \
      correlate_tile(ROWS, columns, pairs, dy, lddy, x, ldx, isFirst, dw, lddw, step);        \
  }
TILE(1) TILE(2) TILE(3) TILE(4)
#undef TILE

/// dw[row, (channel, tap)] = Σ dy[row, (point, image)] · x[channel, (the element that the point sees, image)], added to dw
/// unless the block is the first. Rows of dw are `lddw` apart.
static void correlate_images(
  const Patches *p, const ImageBlock *block, const Box *box, const float *dy, ptrdiff_t rows,
  const float *x, ptrdiff_t channels, bool isFirst, float *dw, ptrdiff_t lddw) {
  static void (*const tiles[4])(
    ptrdiff_t columns, const ImagePairs *pairs, const float *dy, ptrdiff_t lddy, const float *x,
    ptrdiff_t ldx, bool isFirst, float *dw, ptrdiff_t lddw, ptrdiff_t step) = {
    correlate_tile_1, correlate_tile_2, correlate_tile_3, correlate_tile_4};
  const ptrdiff_t taps = p->taps, lddy = volume(box->count + 1) * block->width;
  const ptrdiff_t ldx = volume(block->size) * block->width;
  ImagePairs pairs[mostImageTaps];
  for (ptrdiff_t k = 0; k < taps; k++) find_pairs(p, block, box, p->tap[k], pairs + k);
  for (ptrdiff_t c = 0; c < channels; c += 4)
    for (ptrdiff_t k = 0; k < taps; k++)
      for (ptrdiff_t r = 0; r < rows; r += dotRows)
        tiles[at_most(rows - r, dotRows) - 1](
          at_most(channels - c, 4), pairs + k, dy + r * lddy, lddy, x + c * ldx, ldx, isFirst,
          dw + r * lddw + c * taps + k, lddw, taps);
}
