#include <math.h>

#include "levin_kernels.h"

void levin_adam(
  ptrdiff_t count, float *x, const float *g, float *m, float *v, float *maxima,
  const LevinAdam *options) {
  double correction1 = 1 - pow(options->beta1, (double)options->step);
  double correction2 = sqrt(1 - pow(options->beta2, (double)options->step));
  float size = (float)(options->learningRate / correction1);
  float inverse = (float)(1 / correction2), epsilon = (float)options->epsilon;
  float weight1 = (float)(1 - options->beta1);
  float beta2 = (float)options->beta2, weight2 = (float)(1 - options->beta2);
  float decay = options->decoupled ? 0 : (float)options->weightDecay;
  float keep =
    options->decoupled ? (float)(1 - options->learningRate * options->weightDecay) : 1;
  float sign = options->maximize ? -1 : 1;
  for (ptrdiff_t i = 0; i < count; i++) {
    float weight = x[i] * keep;
    float gradient = sign * g[i] + decay * weight;
    m[i] += (gradient - m[i]) * weight1;
    v[i] = v[i] * beta2 + gradient * gradient * weight2;
    float second = v[i];
    if (maxima) second = maxima[i] = maxima[i] > second ? maxima[i] : second;
    x[i] = weight - size * (m[i] / (sqrtf(second) * inverse + epsilon));
  }
}

void levin_sgd(
  ptrdiff_t count, float *x, const float *g, float *buffer, const LevinSGD *options) {
  float rate = (float)options->learningRate, momentum = (float)options->momentum;
  float fresh = (float)(1 - options->dampening), decay = (float)options->weightDecay;
  float sign = options->maximize ? -1 : 1;
  for (ptrdiff_t i = 0; i < count; i++) {
    float direction = sign * g[i] + decay * x[i];
    if (buffer) {
      buffer[i] = options->first ? direction : momentum * buffer[i] + fresh * direction;
      direction = options->nesterov ? direction + momentum * buffer[i] : buffer[i];
    }
    x[i] -= rate * direction;
  }
}
