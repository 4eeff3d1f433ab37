/// The largest elements of windows, one line of outputs at a time.

/// W elements `stride` apart.
INLINE V v_strided(const float *p, ptrdiff_t stride) {
  if (stride == 1) return v_load(p);
  V x;
  if (stride == 2) {
    // The second vector begins one element early, so that nothing after the last element is read.
    const V low = v_load(p), high = v_load(p + W - 1);
#pragma clang loop unroll(full)
    for (int i = 0; i < W / 2; i++) {
      x[i] = low[2 * i];
      x[W / 2 + i] = high[2 * i + 1];
    }
    return x;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) x[i] = p[i * stride];
  return x;
}

/// y[t] = the largest of x[first + t · stride + offset], with its index in x. NaN counts as largest; the first of
/// several equal elements is taken, and the last of several NaNs.
static void max_pool_line(
  ptrdiff_t count, ptrdiff_t stride, ptrdiff_t taps, const int32_t *offsets, ptrdiff_t first,
  const float *x, float *y, int64_t *places) {
  ptrdiff_t t = 0;
  VI lane;
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lane[i] = i * (int32_t)stride;
  while (count >= W && t < count) {
    t = at_most(t, count - W);  // The last vector overlaps the one before.
    const ptrdiff_t at = first + t * stride;
    const VI here = lane + vi_set((int32_t)at);
    V most = v_strided(x + at + offsets[0], stride);
    VI place = here + vi_set(offsets[0]);
    for (ptrdiff_t k = 1; k < taps; k++) {
      const V own = v_strided(x + at + offsets[k], stride);
      const VI isMore = (own > most) | (own != own);
      most = v_select(isMore, own, most);
      place = (isMore & (here + vi_set(offsets[k]))) | (~isMore & place);
    }
    v_store(y + t, most);
#pragma clang loop unroll(full)
    for (int i = 0; i < W; i++) places[t + i] = place[i];
    t += W;
  }
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
