/// Convolutions of single channels and their weights' gradients, plane by plane: a matrix product would be too small.

/// `vectors` sums of patches from column i of a piece on; a constant when this is inlined. Of the last, n are computed.
INLINE void add_taps(
  int vectors, ptrdiff_t n, const Source *source, const float *weight, const float *from, float bias,
  ptrdiff_t step, float *to) {
  V sums[4];
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) sums[j] = v_set(0);
  for (ptrdiff_t k = 0; k < source->taps; k++) {
    const float *x = from + source->offsets[k];
    const V w = v_set(weight[k]);
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++)
      sums[j] = v_fma(w, j < vectors - 1 ? v_load(x + j * W) : v_load_n(x + j * W, n), sums[j]);
  }
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) {
    const ptrdiff_t count = j < vectors - 1 ? W : n;
    const V sum = sums[j] + v_set(bias);
    if (step == 1) {
      v_store_n(to + j * W, count, sum);
    } else {
      float lanes[W];
      v_store(lanes, sum);
      for (ptrdiff_t e = 0; e < count; e++) to[(j * W + e) * step] = lanes[e];
    }
  }
}

/// The offsets from one column and from one row of a 3×3 kernel to the next; 0 for other taps. Gradients have negative
/// ones: their kernels are turned.
typedef struct {
  ptrdiff_t across, line;
} Steps;

static Steps steps_of_3x3(const Source *source) {
  if (source->taps != 9) return (Steps){0};
  const ptrdiff_t *o = source->offsets;
  Steps s = {o[1] - o[0], o[3] - o[0]};
  for (int k = 0; k < 9; k++)
    if (o[k] != o[0] + k / 3 * s.line + k % 3 * s.across) return (Steps){0};
  return s;
}

/// The number of pieces from the first on that are as long as it, and a row of taps below one another.
static ptrdiff_t pieces_below(const Piece *pieces, ptrdiff_t count, ptrdiff_t line) {
  const ptrdiff_t distance = line < 0 ? -line : line;
  ptrdiff_t n = 1;
  while (n < count && pieces[n].count == pieces->count &&
         pieces[n].from == pieces[n - 1].from + distance)
    n++;
  return n;
}

/// A column of `rows` pieces, `vectors` wide, for a 3×3 kernel, in the direction of its rows: each line of the source is
/// loaded once for the three pieces that see it. `from` is where the first tap of the first piece reads; the pieces are
/// `next` apart. Terms are added in the order of taps, as in add_taps.
INLINE void add_3x3(
  int vectors, ptrdiff_t n, const float *from, Steps step, const float *weight, float bias,
  const Piece *piece, ptrdiff_t next, ptrdiff_t rows, float *to) {
  V w[9], first[2], second[2], third[2];
#pragma clang loop unroll(full)
  for (int k = 0; k < 9; k++) w[k] = v_set(weight[k]);
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) second[j] = third[j] = v_set(0);
  for (ptrdiff_t q = 0; q < rows + 2; q++, from += step.line) {
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      first[j] = v_set(0);
#pragma clang loop unroll(full)
      for (int c = 0; c < 3; c++) {
        const float *x = from + j * W + c * step.across;
        const V value = j < vectors - 1 ? v_load(x) : v_load_n(x, n);
        third[j] = v_fma(w[6 + c], value, third[j]);
        second[j] = v_fma(w[3 + c], value, second[j]);
        first[j] = v_fma(w[c], value, first[j]);
      }
      if (q >= 2)
        v_store_n(
          to + piece[(q - 2) * next].to + j * W, j < vectors - 1 ? W : n, third[j] + v_set(bias));
      third[j] = second[j];
      second[j] = first[j];
    }
  }
}

static void convolve_3x3(
  const Source *source, Steps step, const float *weight, float bias, const Piece *pieces,
  ptrdiff_t rows, float *to) {
  const ptrdiff_t next = step.line > 0 ? 1 : -1, width = pieces->count;
  const Piece *first = next > 0 ? pieces : pieces + rows - 1;
  const float *from = (const float *)source->data + source->offsets[0] + first->from;
  ptrdiff_t i = 0;
  for (; i + 2 * W <= width; i += 2 * W)
    add_3x3(2, W, from + i, step, weight, bias, first, next, rows, to + i);
  for (; i < width; i += W)
    add_3x3(1, at_most(width - i, W), from + i, step, weight, bias, first, next, rows, to + i);
}

/// out[column] = Σ weight[tap] · the tap's row of patches + bias, for a source with one channel.
static void convolve_plane(
  const Source *source, const float *weight, const Piece *pieces, ptrdiff_t count, float bias,
  ptrdiff_t step, float *out) {
  const Steps steps = step == 1 ? steps_of_3x3(source) : (Steps){0};
  for (const Piece *piece = pieces, *end = pieces + count; piece < end; piece++) {
    const ptrdiff_t rows = steps.line ? pieces_below(piece, end - piece, steps.line) : 1;
    if (rows > 1) {
      convolve_3x3(source, steps, weight, bias, piece, rows, out);
      piece += rows - 1;
      continue;
    }
    const float *from = (const float *)source->data + piece->from;
    float *to = out + piece->to;
    ptrdiff_t i = 0;
    for (; i + 4 * W <= piece->count; i += 4 * W)
      add_taps(4, W, source, weight, from + i, bias, step, to + i * step);
    for (; i + 2 * W <= piece->count; i += 2 * W)
      add_taps(2, W, source, weight, from + i, bias, step, to + i * step);
    for (; i < piece->count; i += W)
      add_taps(1, at_most(piece->count - i, W), source, weight, from + i, bias, step, to + i * step);
  }
}

/// dw[k] += the sum of the lanes of sums[k], in their order.
INLINE void add_lanes(int taps, const V *sums, float *dw) {
#pragma clang loop unroll(full)
  for (int k = 0; k < taps; k++) {
    float lanes[W], sum = 0;
    v_store(lanes, sums[k]);
#pragma clang loop unroll(full)
    for (int l = 0; l < W; l++) sum += lanes[l];
    dw[k] += sum;
  }
}

/// dw[k] += Σ dy · the row of patches of tap first + k, for `taps` taps, which is a constant when this is inlined.
INLINE void correlate_taps(
  int taps, const Source *source, ptrdiff_t first, const float *dy, const Piece *pieces,
  ptrdiff_t count, float *dw) {
  V sums[9];
  const float *from[9];
#pragma clang loop unroll(full)
  for (int k = 0; k < taps; k++) {
    sums[k] = v_set(0);
    from[k] = (const float *)source->data + source->offsets[first + k];
  }
  for (const Piece *piece = pieces; piece < pieces + count; piece++) {
    ptrdiff_t i = 0;
    for (; i + W <= piece->count; i += W) {
      const V y = v_load(dy + piece->to + i);
#pragma clang loop unroll(full)
      for (int k = 0; k < taps; k++)
        sums[k] = v_fma(y, v_load(from[k] + piece->from + i), sums[k]);
    }
    ptrdiff_t left = piece->count - i;
    if (left == 0) continue;
    const V y = v_load_n(dy + piece->to + i, left);
#pragma clang loop unroll(full)
    for (int k = 0; k < taps; k++)
      sums[k] = v_fma(y, v_load_n(from[k] + piece->from + i, left), sums[k]);
  }
  add_lanes(taps, sums, dw);
}

/// Adds the products of n elements of line q of the source with the rows of dy that see it, row q - 2 to q of those there
/// are.
INLINE void correlate_line_3x3(
  ptrdiff_t n, const float *x, const float *dy, const Piece *pieces, ptrdiff_t q, ptrdiff_t rows,
  V sums[9]) {
  V values[3];
#pragma clang loop unroll(full)
  for (int c = 0; c < 3; c++) values[c] = v_load_n(x + c, n);
#pragma clang loop unroll(full)
  for (int r = 0; r < 3; r++) {
    if (q < r || q - r >= rows) continue;
    const V y = v_load_n(dy + pieces[q - r].to, n);
#pragma clang loop unroll(full)
    for (int c = 0; c < 3; c++) sums[3 * r + c] = v_fma(y, values[c], sums[3 * r + c]);
  }
}

/// dw[tap] += Σ dy · the tap's row of patches, for a 3×3 kernel: each line of the source is loaded once for the three
/// rows that see it.
static void correlate_3x3(
  const Source *source, ptrdiff_t line, const float *dy, const Piece *pieces, ptrdiff_t count,
  float *dw) {
  V sums[9];
#pragma clang loop unroll(full)
  for (int k = 0; k < 9; k++) sums[k] = v_set(0);
  for (ptrdiff_t rows; count > 0; pieces += rows, count -= rows) {
    rows = pieces_below(pieces, count, line);
    const float *from = (const float *)source->data + source->offsets[0] + pieces->from;
    for (ptrdiff_t q = 0; q < rows + 2; q++, from += line) {
      ptrdiff_t i = 0;
      for (; i + W <= pieces->count; i += W)
        correlate_line_3x3(W, from + i, dy + i, pieces, q, rows, sums);
      if (i < pieces->count)
        correlate_line_3x3(pieces->count - i, from + i, dy + i, pieces, q, rows, sums);
    }
  }
  add_lanes(9, sums, dw);
}

/// dw[tap] += Σ dy · the tap's row of patches, for a source with one channel.
static void correlate_plane(
  const Source *source, const float *dy, const Piece *pieces, ptrdiff_t count, float *dw) {
  const Steps steps = steps_of_3x3(source);
  if (steps.line > 0 && steps.across == 1)
    return correlate_3x3(source, steps.line, dy, pieces, count, dw);
  ptrdiff_t k = 0;
  for (; k + 9 <= source->taps; k += 9)
    correlate_taps(9, source, k, dy, pieces, count, dw + k);
  for (; k + 3 <= source->taps; k += 3)
    correlate_taps(3, source, k, dy, pieces, count, dw + k);
  for (; k < source->taps; k++) correlate_taps(1, source, k, dy, pieces, count, dw + k);
}
