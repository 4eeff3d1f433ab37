/// Copies patches of images as the products' tiles read them: a matrix with contiguous rows.

/// The first n of W floats; zeros where n is less than 1.
INLINE V v_load_most(const float *p, ptrdiff_t n) { return n > 0 ? v_load_n(p, n) : v_set(0); }

/// `count` floats, whole vectors of which may be written: 0, those of `from` in begin..<end, 0.
INLINE void copy_floats(float *to, const float *from, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < begin; i += W) v_store(to + i, v_set(0));
  for (ptrdiff_t i = begin; i < count; i += W) v_store(to + i, v_load_most(from + i, end - i));
}

INLINE void copy_longs(
  uint64_t *to, const uint64_t *from, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < begin; i++) to[i] = 0;
  for (ptrdiff_t i = begin; i < end; i++) to[i] = from[i];
  for (ptrdiff_t i = end; i < count; i++) to[i] = 0;
}

/// Rows first..<first + rows of the patches' matrix in the columns of `runs`, `width` elements apart. What follows a
/// run is written before the next one is, and up to a vector more behind the last.
#define COPY_PATCHES(NAME, T, COPY)                                                            \
  static void NAME(                                                                            \
    const Patches *patches, ptrdiff_t first, ptrdiff_t rows, const Run *runs, ptrdiff_t count, \
    ptrdiff_t width, void *room) {                                                             \
    if (rows == 0) return;                                                                     \
    const size_t depth = (size_t)patches->size[0], height = (size_t)patches->size[1];          \
    const ptrdiff_t size = patches->size[2], step = patches->step[2];                          \
    const ptrdiff_t stride = patches->place[2] * step;                                         \
    ptrdiff_t channel = first / patches->taps, k = first % patches->taps;                      \
    T *line = room;                                                                            \
    for (ptrdiff_t row = 0; row < rows; row++, line += width) {                                \
      const ptrdiff_t *tap = patches->tap[k];                                                  \
      const T *x = (const T *)patches->data + channel * patches->channel +                     \
                   tap[0] * patches->place[0] + tap[1] * patches->place[1] +                   \
                   tap[2] * patches->place[2];                                                 \
      for (const Run *run = runs; run < runs + count; run++) {                                 \
        ptrdiff_t n = run->count, at = run->at[2] + tap[2], begin = 0, end = n;                \
        if (at < 0) begin = step == 1 ? at_most(-at, n) : at_most((step - 1 - at) / step, n);  \
        if (at + (n - 1) * step >= size)                                                       \
          end = at >= size ? 0 : step == 1 ? size - at : (size - at + step - 1) / step;        \
        if ((size_t)(run->at[0] + tap[0]) >= depth || (size_t)(run->at[1] + tap[1]) >= height) \
          end = 0;                                                                             \
        T *to = line + run->column;                                                            \
        const T *from = x + run->from;                                                         \
        if (stride == 1) {                                                                     \
          COPY(to, from, at_most(begin, end), end, n);                                         \
          continue;                                                                            \
        }                                                                                      \
        for (ptrdiff_t i = 0; i < n; i++) to[i] = 0;                                           \
        for (ptrdiff_t i = begin; i < end; i++) to[i] = from[i * stride];                      \
      }                                                                                        \
      if (++k == patches->taps) {                                                              \
        k = 0;                                                                                 \
        channel++;                                                                             \
      }                                                                                        \
    }                                                                                          \
  }
COPY_PATCHES(copy_patches_4, float, copy_floats)
COPY_PATCHES(copy_patches_8, uint64_t, copy_longs)
#undef COPY_PATCHES
