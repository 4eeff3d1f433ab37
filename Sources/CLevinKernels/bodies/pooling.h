/// The largest elements of windows, one line of outputs at a time.

/// max_pool_line by vectors; `stride` is a constant when this is inlined. Returns the number of outputs computed.
INLINE ptrdiff_t max_pool_vectors(
  ptrdiff_t count, ptrdiff_t stride, ptrdiff_t taps, const int32_t *offsets, ptrdiff_t first,
  const float *x, float *y, int64_t *places) {
  ptrdiff_t t = 0;
  VI lane;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lane[i] = i * (int32_t)stride;
  while (count >= W && t < count) {
    t = at_most(t, count - W);  // The last vector overlaps the one before.
    const ptrdiff_t at = first + t * stride;
    V most = v_strided(x + at + offsets[0], stride);
    VI offset = vi_set(offsets[0]);
    for (ptrdiff_t k = 1; k < taps; k++) {
      const V own = v_strided(x + at + offsets[k], stride);
      const VI isMore = (own > most) | (own != own);
      most = v_select(isMore, own, most);
      offset = (VI)v_select(isMore, (V)vi_set(offsets[k]), (V)offset);
    }
    v_store(y + t, most);
    const VI place = offset + lane + vi_set((int32_t)at);
#pragma clang loop unroll(full)
    for (int i = 0; i < W; i++) places[t + i] = place[i];
    t += W;
  }
  return t;
}

/// y[t] = the largest of x[first + t · stride + offset], with its index in x. NaN counts as largest; the first of
/// several equal elements is taken, and the last of several NaNs.
static void max_pool_line(
  ptrdiff_t count, ptrdiff_t stride, ptrdiff_t taps, const int32_t *offsets, ptrdiff_t first,
  const float *x, float *y, int64_t *places) {
  ptrdiff_t t = stride == 1   ? max_pool_vectors(count, 1, taps, offsets, first, x, y, places)
                : stride == 2 ? max_pool_vectors(count, 2, taps, offsets, first, x, y, places)
                              : max_pool_vectors(count, stride, taps, offsets, first, x, y, places);
  for (; t < count; t++) {
    const ptrdiff_t at = first + t * stride;
    ptrdiff_t place = at + offsets[0];
    for (ptrdiff_t k = 1; k < taps; k++) {
      const float own = x[at + offsets[k]];
      if (own > x[place] || own != own) place = at + offsets[k];
    }
    y[t] = x[place];
    places[t] = place;
  }
}
