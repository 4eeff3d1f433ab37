/// The largest elements of windows, one line of outputs at a time.

/// `vectors` vectors of outputs from t on; `vectors` and `stride` are constants when this is inlined.
INLINE void max_pool_vectors(
  int vectors, ptrdiff_t stride, const MaxPoolLine *line, ptrdiff_t t, const float *x, int32_t plane,
  float *y, int64_t *places) {
  V most[2];
  VI first[2], place[2], lane;  // places count from the first ones
#pragma clang loop unroll(full)
  for (int i = 0; i < W; i++) lane[i] = i * (int32_t)stride;
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) {
    most[j] = v_set(-__builtin_inff());
    first[j] = lane + vi_set((int32_t)((t + j * W) * stride));
    place[j] = line->starts ? (VI)v_load((const float *)line->starts + t + j * W) - first[j]
                            : vi_set(line->places[0]);
  }
  for (ptrdiff_t k = 0; k < line->taps; k++)
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      const ptrdiff_t at = (t + j * W) * stride;
      const V own = v_strided(x + at + line->offsets[k], stride);
      const VI isMore = (own > most[j]) | (own != own);
      most[j] = v_select(isMore, own, most[j]);
      place[j] = (VI)v_select(isMore, (V)vi_set(line->places[k]), (V)place[j]);
    }
#pragma clang loop unroll(full)
  for (int j = 0; j < vectors; j++) {
    v_store(y + t + j * W, most[j]);
    place[j] += first[j] + vi_set(plane);
#pragma clang loop unroll(full)
    for (int i = 0; i < W; i++) places[t + j * W + i] = place[j][i];
  }
}

/// All outputs of a line; the last vectors overlap those before them. Two at a time, since in each of them, every
/// comparison waits for the one before.
INLINE void max_pool_whole(
  ptrdiff_t stride, const MaxPoolLine *line, const float *x, int32_t plane, float *y,
  int64_t *places) {
  const ptrdiff_t count = line->count;
  ptrdiff_t t = 0;
  for (; count >= 2 * W && t + W < count; t += 2 * W) {
    t = at_most(t, count - 2 * W);
    max_pool_vectors(2, stride, line, t, x, plane, y, places);
  }
  for (; t < count; t += W) {
    t = at_most(t, count - W);
    max_pool_vectors(1, stride, line, t, x, plane, y, places);
  }
}

/// y[t] = the largest of x[t · stride + offset], with its index; indices count from `plane`. NaN counts as largest;
/// the first of several equal elements is taken, and the last of several NaNs.
static void max_pool_line(
  const MaxPoolLine *line, const float *x, ptrdiff_t plane, float *y, int64_t *places) {
  if (line->count >= W) {
    if (line->stride == 1) return max_pool_whole(1, line, x, (int32_t)plane, y, places);
    if (line->stride == 2) return max_pool_whole(2, line, x, (int32_t)plane, y, places);
    return max_pool_whole(line->stride, line, x, (int32_t)plane, y, places);
  }
  for (ptrdiff_t t = 0; t < line->count; t++) {
    const ptrdiff_t at = t * line->stride;
    float most = -__builtin_inff();
    ptrdiff_t place = line->starts ? line->starts[t] : at + line->places[0];
    for (ptrdiff_t k = 0; k < line->taps; k++) {
      const float own = x[at + line->offsets[k]];
      const bool isMore = own > most || own != own;
      most = isMore ? own : most;
      place = isMore ? at + line->places[k] : place;
    }
    y[t] = most;
    places[t] = plane + place;
  }
}
