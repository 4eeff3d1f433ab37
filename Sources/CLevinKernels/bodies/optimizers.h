/// Optimizers over flat arrays. Each element stands alone.

static void adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *maxima,
  const AdamScalars *s) {
  V keep = v_set(s->keep), sign = v_set(s->sign), decay = v_set(s->decay);
  V weight1 = v_set(s->weight1), beta2 = v_set(s->beta2), weight2 = v_set(s->weight2);
  V inverse = v_set(s->inverse), epsilon = v_set(s->epsilon), size = v_set(s->size);
  for (ptrdiff_t i = 0; i < count; i += W) {
    ptrdiff_t n = count - i;
    V weight = v_load_n(x + i, n) * keep;
    V gradient = v_fma(decay, weight, sign * v_load_n(g + i, n));
    V first = v_load_n(m + i, n);
    first = v_fma(weight1, gradient - first, first);
    V second = v_fma(weight2 * gradient, gradient, beta2 * v_load_n(v + i, n));
    v_store_n(m + i, n, first);
    v_store_n(v + i, n, second);
    if (maxima) {
      second = v_max(v_load_n(maxima + i, n), second);
      v_store_n(maxima + i, n, second);
    }
    V spread = v_fma(v_sqrt(second), inverse, epsilon);
    v_store_n(x + i, n, weight - size * first / spread);
  }
}

static void sgd(
  ptrdiff_t count, float *x, const float *g, float *buffer, const LevinSGD *options) {
  V rate = v_set((float)options->learningRate), momentum = v_set((float)options->momentum);
  V fresh = v_set((float)(1 - options->dampening)), decay = v_set((float)options->weightDecay);
  V sign = v_set(options->maximize ? -1 : 1);
  for (ptrdiff_t i = 0; i < count; i += W) {
    ptrdiff_t n = count - i;
    V weight = v_load_n(x + i, n);
    V direction = v_fma(decay, weight, sign * v_load_n(g + i, n));
    if (buffer) {
      V velocity = direction;
      if (!options->first) velocity = v_fma(momentum, v_load_n(buffer + i, n), fresh * direction);
      v_store_n(buffer + i, n, velocity);
      direction = options->nesterov ? v_fma(momentum, velocity, direction) : velocity;
    }
    v_store_n(x + i, n, v_fma(-rate, direction, weight));
  }
}
