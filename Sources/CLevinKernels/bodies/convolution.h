/// Copies images with their borders, packs patches in the order in which the products' tiles read them, and multiplies.

/// `count` floats, whole vectors of which may be written: 0, those of `from` in begin..<end, 0.
INLINE void copy_floats(float *to, const float *from, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < begin; i += W) v_store(to + i, v_set(0));
  for (ptrdiff_t i = begin; i < count; i += W)
    v_store(to + i, i < end ? v_load_n(from + i, end - i) : v_set(0));
}

INLINE void copy_longs(
  uint64_t *to, const uint64_t *from, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < begin; i++) to[i] = 0;
  for (ptrdiff_t i = begin; i < end; i++) to[i] = from[i];
  for (ptrdiff_t i = end; i < count; i++) to[i] = 0;
}

/// line[e] = from[2 · e] for e in begin..<end.
INLINE void copy_every_second_4(float *line, const float *from, ptrdiff_t begin, ptrdiff_t end) {
  ptrdiff_t e = begin;
  while (end - begin >= W && e < end) {
    e = at_most(e, end - W);  // The last vector overlaps the one before.
    v_store(line + e, v_strided(from + e * 2, 2));
    e += W;
  }
  for (; e < end; e++) line[e] = from[e * 2];
}

INLINE void copy_every_second_8(
  uint64_t *line, const uint64_t *from, ptrdiff_t begin, ptrdiff_t end) {
  for (ptrdiff_t e = begin; e < end; e++) line[e] = from[e * 2];
}

/// Copies `count` elements; it may write whole vectors.
INLINE void copy_piece_4(float *to, const float *from, ptrdiff_t count) {
  if (count == panelWidth) {
#pragma clang loop unroll(full)
    for (int j = 0; j < outerVectors; j++) v_store(to + j * W, v_load(from + j * W));
    return;
  }
  for (ptrdiff_t i = 0; i < count; i += W) v_store(to + i, v_load_n(from + i, count - i));
}

INLINE void copy_piece_8(uint64_t *to, const uint64_t *from, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = from[i];
}

/// ⌈a / b⌉ in 0...most.
INLINE ptrdiff_t steps_until(ptrdiff_t a, ptrdiff_t b, ptrdiff_t most) {
  return a <= 0 ? 0 : at_most((a + b - 1) / b, most);
}

/// Asks for a line of the next channel. A plane of 32×32 floats is a page of memory, and the processor does not look ahead
/// beyond one.
INLINE void prefetch_line(const void *line, ptrdiff_t bytes) {
  for (ptrdiff_t b = 0; b < bytes; b += 64) __builtin_prefetch((const char *)line + b);
}

/// copy_box: copies the elements that the points of a box see in `channels` channels from `channel` on, with
/// levin_copy_layout's layout. It writes up to a vector past the end. pack_rows: copies rows first..<first + rows of
/// the matrix of patches, in the columns of `pieces`. Rows are `width` elements apart, panels `panel` elements. It may
/// write up to a vector past the end of a piece, before it writes the next one, and past the end of a panel.
#define COPIES(BYTES, T, COPY)                                                                   \
  static void copy_box_##BYTES(                                                                  \
    const Patches *p, const Box *box, ptrdiff_t channel, ptrdiff_t channels, void *room) {       \
    const CopyLayout l = levin_copy_layout(p, box);                                              \
    const ptrdiff_t step = p->step[2], stride = p->place[2] * step;                              \
    ptrdiff_t at[3];                                                                             \
    for (int d = 0; d < 3; d++) at[d] = box->first[d + 1] * p->step[d] + p->low[d];              \
    for (ptrdiff_t c = 0; c < channels; c++)                                                     \
      for (ptrdiff_t n = 0; n < box->count[0]; n++) {                                            \
        const T *image = (const T *)p->data + (channel + c) * p->channel +                       \
                         (box->first[0] + n) * p->batch;                                         \
        T *copy = (T *)room + c * l.channel + n * l.image;                                       \
        for (ptrdiff_t k = at[2]; k < at[2] + step; k++, copy += l.lane) {                       \
          const ptrdiff_t most = steps_until(p->size[2] - k, step, l.lane);                      \
          const ptrdiff_t begin = at_most(steps_until(-k, step, l.lane), most);                  \
          T *line = copy;                                                                        \
          for (ptrdiff_t i = at[0]; i < at[0] + l.extent[0]; i++)                                \
            for (ptrdiff_t j = at[1]; j < at[1] + l.extent[1]; j++, line += l.line) {            \
              const T *from = image + i * p->place[0] + j * p->place[1] + k * p->place[2];       \
              bool isInside = (size_t)i < (size_t)p->size[0] && (size_t)j < (size_t)p->size[1];  \
              ptrdiff_t end = isInside ? most : 0;                                               \
              if (stride == 1) {                                                                 \
                if (isInside) prefetch_line(from + p->channel, l.lane * (ptrdiff_t)sizeof(T));   \
                COPY(line, from, at_most(begin, end), end, l.lane);                              \
                continue;                                                                        \
              }                                                                                  \
              ptrdiff_t first = at_most(begin, end);                                             \
              for (ptrdiff_t e = 0; e < first; e++) line[e] = 0;                                 \
              if (stride == 2)                                                                   \
                copy_every_second_##BYTES(line, from, first, end);                               \
              else                                                                               \
                for (ptrdiff_t e = first; e < end; e++) line[e] = from[e * stride];              \
              for (ptrdiff_t e = end; e < l.lane; e++) line[e] = 0;                              \
            }                                                                                    \
        }                                                                                        \
      }                                                                                          \
  }                                                                                              \
  static void pack_rows_##BYTES(                                                                 \
    const Source *source, ptrdiff_t first, ptrdiff_t rows, const Piece *pieces, ptrdiff_t count, \
    ptrdiff_t width, ptrdiff_t panel, void *room) {                                              \
    if (rows == 0) return;                                                                       \
    const T *channel = (const T *)source->data + first / source->taps * source->channel;         \
    ptrdiff_t tap = first % source->taps;                                                        \
    T *line = room;                                                                              \
    for (ptrdiff_t row = 0; row < rows; row++, line += width) {                                  \
      const T *from = channel + source->offsets[tap];                                            \
      T *to = line - panel;                                                                      \
      for (const Piece *piece = pieces; piece < pieces + count; piece++) {                       \
        if (piece->column == 0) to += panel;                                                     \
        copy_piece_##BYTES(to + piece->column, from + piece->from, piece->count);                \
      }                                                                                          \
      if (++tap == source->taps) {                                                               \
        tap = 0;                                                                                 \
        channel += source->channel;                                                              \
      }                                                                                          \
    }                                                                                            \
  }
COPIES(4, float, copy_floats)
COPIES(8, uint64_t, copy_longs)
#undef COPIES

// MARK: Products

enum { panelsAtOnce = aheadFloats / panelWidth };  ///< so that whole cache lines of a channel are read

/// The number of floats that convolve_box needs as scratch memory: panels of patches, a panel of sums.
static ptrdiff_t room_for_convolution(ptrdiff_t rows, ptrdiff_t depth) {
  return (depth * panelWidth + W) * panelsAtOnce + rows * panelWidth;
}

/// Whether the results of all pieces of a panel are adjacent.
INLINE bool is_dense(const Piece *pieces, ptrdiff_t count) {
  for (ptrdiff_t i = 1; i < count; i++)
    if (pieces[i].to != pieces->to + pieces[i].column) return false;
  return true;
}

/// Stores rows of sums, panelWidth apart, in the result's columns, with the epilogue.
static void emit_sums(
  ptrdiff_t rows, const float *sums, const Piece *pieces, ptrdiff_t count, float *out,
  ptrdiff_t channel, ptrdiff_t step, Epilogue e) {
  for (ptrdiff_t r = 0; r < rows; r++, sums += panelWidth, out += channel)
    for (const Piece *piece = pieces; piece < pieces + count; piece++) {
      const float *from = sums + piece->column;
      float *to = out + piece->to;
      for (ptrdiff_t i = 0; i < piece->count; i++) {
        float sum = from[i];
        if (e.accumulate) sum += to[i * step];
        if (e.rowBias) sum += e.rowBias[r];
        to[i * step] = sum;
      }
    }
}

/// Whether tiles read patches where they are, by whole vectors, instead of from packed panels. Many of these vectors
/// lie across two cache lines, so with many rows, packing costs less. With a power of two, the channels would compete
/// for few sets of the first-level cache.
static bool is_by_vectors(
  const Source *source, ptrdiff_t rows, const Piece *pieces, ptrdiff_t count, ptrdiff_t step) {
  if (rows > 128 || source->taps < 2 || source->channel % 128 == 0 || step != 1) return false;
  for (ptrdiff_t i = 0; i < count; i++)
    if (pieces[i].column % W != 0 || pieces[i].count % W != 0) return false;
  return true;
}

/// places[row] = where row first + row of the matrix of patches is in the source.
static void find_places(
  const Source *source, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t places[depthBlock]) {
  ptrdiff_t channel = first / source->taps * source->channel, tap = first % source->taps;
  for (ptrdiff_t row = 0; row < rows; row++) {
    places[row] = channel + source->offsets[tap];
    if (++tap < source->taps) continue;
    tap = 0;
    channel += source->channel;
  }
}

/// The panel of the given pieces, which are whole vectors.
static void vector_panel(
  const Source *source, ptrdiff_t rows, ptrdiff_t depth, Tiles tiles, const ptrdiff_t *places,
  const Piece *pieces, const Piece *end, float *out, ptrdiff_t channel, Epilogue epilogue) {
  Panel panel = {
    .k = depth, .last = W, .ldc = channel, .epilogue = epilogue, .places = places};
  ptrdiff_t vectors = 0;
  for (; pieces < end; pieces++)
    for (ptrdiff_t i = 0; i < pieces->count; i += W, vectors++) {
      panel.vectors[vectors] = (const float *)source->data + pieces->from + i;
      panel.to[vectors] = pieces->to + i;
    }
  panel_tiles(rows, vectors, tiles, &panel, out);
}

/// The part of the next panels, which begin at column `from` of the source, that the tiles of panel number `panel` of the
/// packed ones prefetch; nothing if the source is a copy, or has several taps.
static Ahead rows_ahead(
  const Source *source, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t from,
  ptrdiff_t panel) {
  ptrdiff_t tiles = rows / outerRows;
  if (tiles == 0 || !source->isInPlace || source->taps > 1) return (Ahead){0};
  ptrdiff_t share = (depth + tiles * panelsAtOnce - 1) / (tiles * panelsAtOnce);
  ptrdiff_t done = panel * tiles * share;
  const float *data = (const float *)source->data + source->offsets[0] + from;
  return (Ahead){data + (first + done) * source->channel, source->channel, depth - done, share};
}

/// out[r, columns] = the weight's rows · rows first..<first + depth of the matrix of patches, with the epilogue, for
/// the columns of `pieces`, which do not cross panels.
static void convolve_box(
  const Source *source, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t depth, Tiles weight,
  const Piece *pieces, ptrdiff_t count, float *out, ptrdiff_t channel, ptrdiff_t step,
  Epilogue epilogue, float *panels) {
  ptrdiff_t size = depth * panelWidth + W;
  float *sums = panels + size * panelsAtOnce;
  const Piece *end = pieces + count, *packed = pieces, *next;
  ptrdiff_t places[depthBlock];
  bool isByVectors = is_by_vectors(source, rows, pieces, count, step);
  if (isByVectors) find_places(source, first, depth, places);
  for (ptrdiff_t panel = 0; pieces < end; pieces = next, panel++) {
    if (isByVectors) {
      for (next = pieces + 1; next < end && next->column > 0;) next++;
      vector_panel(
        source, rows, depth, weight, places, pieces, next, out, channel, epilogue);
      continue;
    }
    if (pieces == packed) {
      for (panel = -1; packed < end; packed++)
        if (packed->column == 0 && ++panel == panelsAtOnce) break;
      pack_rows_4(source, first, depth, pieces, packed - pieces, panelWidth, size, panels);
      panel = 0;
    }
    for (next = pieces + 1; next < end && next->column > 0;) next++;
    ptrdiff_t n = next[-1].column + next[-1].count;
    const float *patches = panels + panel * size;
    Ahead ahead = {0};
    // Tiles that prefetch read packed rows of A.
    if (packed < end && weight.rows.row == 1)
      ahead = rows_ahead(source, first, rows, depth, packed->from, panel);
    if (step == 1 && is_dense(pieces, next - pieces)) {
      outer_panel(
        rows, n, depth, weight, patches, panelWidth, out + pieces->to, channel, epilogue,
        ahead.rows > 0 ? &ahead : NULL);
      continue;
    }
    outer_panel(rows, n, depth, weight, patches, panelWidth, sums, panelWidth, (Epilogue){0}, NULL);
    emit_sums(rows, sums, pieces, next - pieces, out, channel, step, epilogue);
  }
}

/// to[i · step] += from[i], for lanes from `first` on; `step` is 1 or 2, and a constant when this is inlined.
INLINE void add_vector(ptrdiff_t step, VI isNew, const float *from, float *to) {
  // -0 changes nothing that it is added to.
  const V none = v_set(-0.0f), x = v_select(isNew, v_load(from), none);
  if (step == 1) return v_store(to, v_load(to) + x);
  V low = none, high = none;
#pragma clang loop unroll(full)
  for (int l = 0; l < W / 2; l++) {
    low[2 * l] = x[l];
    high[2 * l + 1] = x[W / 2 + l];
  }
  // The second vector begins one element early, so that nothing after the last element is written.
  low += v_load(to);
  high += v_load(to + W - 1);
  v_store(to, low);
  v_store(to + W - 1, high);
}

/// Lines of W elements or more. The last vector overlaps the one before, whose elements are not added again.
INLINE void add_long_lines(
  ptrdiff_t lines, ptrdiff_t count, ptrdiff_t step, const float *from, ptrdiff_t ldfrom, float *to,
  ptrdiff_t ldto) {
  VI lane;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lane[i] = i;
  for (ptrdiff_t done = 0; done < count; done += W) {
    const ptrdiff_t i = at_most(done, count - W);
    const VI isNew = lane >= vi_set((int)(done - i));
    for (ptrdiff_t l = 0; l < lines; l++)
      add_vector(step, isNew, from + l * ldfrom + i, to + l * ldto + i * step);
  }
}

/// to[l · ldto + i · step] += from[l · ldfrom + i].
static void add_lines(
  ptrdiff_t lines, ptrdiff_t count, ptrdiff_t step, const float *from, ptrdiff_t ldfrom, float *to,
  ptrdiff_t ldto) {
  if (count >= W && step == 1) return add_long_lines(lines, count, 1, from, ldfrom, to, ldto);
  if (count >= W && step == 2) return add_long_lines(lines, count, 2, from, ldfrom, to, ldto);
  for (ptrdiff_t l = 0; l < lines; l++)
    for (ptrdiff_t i = 0; i < count; i++) to[l * ldto + i * step] += from[l * ldfrom + i];
}
