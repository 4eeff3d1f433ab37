/// Optimizers over flat arrays. Elements are independent.

/// Adam on the n elements at i, up to a vector of them; `n` is a constant if the vectors are full.
INLINE void adam_vector(
  ptrdiff_t i, ptrdiff_t n, float *x, const float *g, float *m, float *v, float *maxima,
  const AdamScalars *s) {
  V weight = v_load_n(x + i, n) * v_set(s->keep);
  V gradient = v_fma(v_set(s->decay), weight, v_set(s->sign) * v_load_n(g + i, n));
  V first = v_load_n(m + i, n);
  first = v_fma(v_set(s->weight1), gradient - first, first);
  V second = v_load_n(v + i, n) * v_set(s->beta2);
  second = v_fma(v_set(s->weight2) * gradient, gradient, second);
  v_store_n(m + i, n, first);
  v_store_n(v + i, n, second);
  if (maxima) {
    second = v_max(v_load_n(maxima + i, n), second);
    v_store_n(maxima + i, n, second);
  }
  V spread = v_fma(v_sqrt(second), v_set(s->inverse), v_set(s->epsilon));
  v_store_n(x + i, n, weight - v_set(s->size) * first / spread);
}

static void adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *maxima,
  const AdamScalars *scalars) {
  const AdamScalars s = *scalars;
  ptrdiff_t i = 0;
  if (maxima)
    for (; i + W <= count; i += W) adam_vector(i, W, x, g, m, v, maxima, &s);
  else
    for (; i + W <= count; i += W) adam_vector(i, W, x, g, m, v, NULL, &s);
  if (i < count) adam_vector(i, count - i, x, g, m, v, maxima, &s);
}

INLINE void sgd_vector(
  ptrdiff_t i, ptrdiff_t n, float *x, const float *g, float *buffer, const SGDScalars *s) {
  V weight = v_load_n(x + i, n);
  V step = v_fma(v_set(s->decay), weight, v_set(s->sign) * v_load_n(g + i, n));
  if (buffer) {
    V sum = s->isFirst ? step
                       : v_fma(v_set(s->momentum), v_load_n(buffer + i, n), v_set(s->weight) * step);
    v_store_n(buffer + i, n, sum);
    step = s->nesterov ? v_fma(v_set(s->momentum), sum, step) : sum;
  }
  v_store_n(x + i, n, v_negated_fma(v_set(s->size), step, weight));
}

static void sgd(
  ptrdiff_t count, float *x, const float *g, float *buffer, const SGDScalars *scalars) {
  const SGDScalars s = *scalars;
  ptrdiff_t i = 0;
  if (buffer)
    for (; i + W <= count; i += W) sgd_vector(i, W, x, g, buffer, &s);
  else
    for (; i + W <= count; i += W) sgd_vector(i, W, x, g, NULL, &s);
  if (i < count) sgd_vector(i, count - i, x, g, buffer, &s);
}
