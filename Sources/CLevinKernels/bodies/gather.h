/// Converts rows of bytes to floats, through a table of 256 entries or with the arithmetic that produced it.

/// x / d from r, the quotient 1 / d as a float: a multiplication corrected by the remainder. It equals the division
/// for the bytes, means and deviations that levin_normalizes has checked.
INLINE V v_quotient(V x, V d, V r) {
  V q = x * r;
  return v_fma(v_negated_fma(q, d, x), r, q);
}

/// (byte / 255 - mean) / std for as many bytes as fill whole vectors; returns their number.
INLINE ptrdiff_t normalize(
  ptrdiff_t count, const uint8_t *bytes, const uint8_t *ahead, float mean, float std, float *out) {
  ptrdiff_t i = 0;
  for (; i + W <= count; i += W) {
    if (i % cacheLine == 0) __builtin_prefetch(ahead + i);
    V unit = v_quotient(v_bytes(bytes + i), v_set(255), v_set(1 / 255.0f));
    v_store(out + i, v_quotient(unit - v_set(mean), v_set(std), v_set(1 / std)));
  }
  return i;
}

INLINE void look_up(
  ptrdiff_t count, const uint8_t *bytes, const uint8_t *ahead, const float *table, float *out) {
  for (ptrdiff_t line = 0; line < count; line += cacheLine) {
    ptrdiff_t end = count - line < cacheLine ? count : line + cacheLine;
    __builtin_prefetch(ahead + line);
    for (ptrdiff_t i = line; i < end; i++) out[i] = table[bytes[i]];
  }
}

static void gather_table(const Gather *g, ptrdiff_t begin, ptrdiff_t end) {
  for (ptrdiff_t r = begin; r < end; r++) {
    const uint8_t *bytes = g->source + g->indices[r] * g->size + g->first;
    const uint8_t *ahead = levin_row_ahead(g, r, begin, end);
    float *out = g->out + r * g->size + g->first;
    ptrdiff_t done = 0;
    if (hasFusedMultiplyAdd && g->normalization)
      done = normalize(g->count, bytes, ahead, g->normalization[0], g->normalization[1], out);
    look_up(g->count - done, bytes + done, ahead + done, g->table, out + done);
    __builtin_prefetch(ahead + g->count - 1);
  }
}
