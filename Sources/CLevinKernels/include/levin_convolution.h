#ifndef LEVIN_CONVOLUTION_H
#define LEVIN_CONVOLUTION_H

/// Convolutions, normalisation and pooling over images [batch, channels, depth, height, width]; if there are fewer
/// spatial dimensions, the leading ones have size 1, stride 1 and no padding. The conventions are those of
/// levin_kernels.h.
#include "levin_kernels.h"

#pragma clang assume_nonnull begin

// MARK: Convolution

/// y[n, o, t] = Σ x[n, i, t · stride + k · dilation - padding] · weight[o, i, k] over the channels i of o's group and
/// the positions k of the kernel; elements outside x are 0. The caller chooses the output sizes, so any padding after
/// the last element is possible.
typedef struct {
  ptrdiff_t batch, groups;
  ptrdiff_t inputs, outputs;  ///< channels of x and of y per group
  ptrdiff_t input[3], kernel[3], output[3];
  ptrdiff_t stride[3], padding[3], dilation[3];
} LevinConvolution;

/// Images with strides, in elements.
typedef struct {
  const void *data;
  ptrdiff_t batch, channel, place[3];
} LevinImages;

/// y [batch, groups · outputs, output…], contiguous, from x and weight [groups · outputs, inputs, kernel…]; `bias`
/// [groups · outputs] is added if given. All have the compute type. Returns false if the system has no memory for
/// intermediate copies: one or two MiB per thread and one of the weight, never the patches of a whole batch.
bool levin_convolve(
  LevinCompute compute, const LevinConvolution *c, LevinImages x, const void *weight,
  const void *_Nullable bias, void *y);

/// The gradient of x, dx [batch, groups · inputs, input…], contiguous, from the gradient of y; also the transposed
/// convolution, whose bias [groups · inputs] is added if given.
bool levin_convolve_input_gradient(
  LevinCompute compute, const LevinConvolution *c, LevinImages dy, const void *weight,
  const void *_Nullable bias, void *dx);

/// The gradient of the weight, dw [groups · outputs, inputs, kernel…], from the gradient of y, which is contiguous.
bool levin_convolve_weight_gradient(
  LevinCompute compute, const LevinConvolution *c, const void *dy, LevinImages x, void *dw);

// MARK: Normalisation

/// Contiguous [batch, channels, points] of float32 or float64; vectors with one number per channel are double.
typedef struct {
  ptrdiff_t batch, channels, points;
} LevinChannels;

/// The mean and the biased variance of each channel.
void levin_channel_statistics(
  LevinCompute compute, LevinChannels shape, const void *x, double *means, double *variances);

/// For each channel Σ dy and Σ dy · (x - mean).
void levin_channel_covariances(
  LevinCompute compute, LevinChannels shape, const void *dy, const void *x, const double *means,
  double *sums, double *products);

/// out = x · factor + shift for each channel, or x · factor + y · other + shift if y is given. In place allowed.
void levin_channel_affine(
  LevinCompute compute, LevinChannels shape, const void *x, const double *factors,
  const void *_Nullable y, const double *_Nullable others, const double *shifts, void *out);

/// A row's mean, and 1 / √(its variance + epsilon).
typedef struct {
  double mean, inverse;
} LevinRowStatistics;

/// y = (x - mean) · inverse · weight + bias for each row of x [rows, columns], float32; weight and bias, if given, are
/// [columns].
void levin_layer_norm(
  ptrdiff_t rows, ptrdiff_t columns, const float *x, const float *_Nullable weight,
  const float *_Nullable bias, double epsilon, float *y, LevinRowStatistics *statistics);

/// The gradient of x from the gradient of y.
void levin_layer_norm_input_gradient(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x,
  const float *_Nullable weight, const LevinRowStatistics *statistics, float *dx);

/// The gradients of weight and bias from the gradient of y; one of the two may be null. Returns false if the system
/// has no memory for partial sums.
bool levin_layer_norm_weight_gradients(
  ptrdiff_t rows, ptrdiff_t columns, const float *dy, const float *x,
  const LevinRowStatistics *statistics, float *_Nullable dweight, float *_Nullable dbias);

// MARK: Pooling

/// Windows along one dimension: output t covers the elements starts[t], starts[t] + dilation, … below ends[t], which
/// lie in the input; counts[t] is its factor in the divisor of an average.
typedef struct {
  ptrdiff_t input, output, dilation;
  const int64_t *starts, *ends, *counts;
} LevinWindows;

/// One window for each position of the output. An average is divided by the product of the three counts, or by
/// `divisor` if that is not 0.
typedef struct {
  ptrdiff_t planes;  ///< batch · channels
  LevinWindows along[3];
  int64_t divisor;
} LevinPooling;

/// The largest element of each window, and its index in its plane; for a window without elements, -infinity or the
/// type's least number, at -1. NaN counts as largest, and the last of several is taken.
void levin_max_pool(
  LevinCompute compute, const LevinPooling *p, const void *x, void *y, int64_t *places);

/// The average of each window of float32 or float64, added up in double.
void levin_average_pool(LevinCompute compute, const LevinPooling *p, const void *x, void *y);

/// dx, the gradient of x, from the gradient of the averages.
void levin_average_pool_gradient(
  LevinCompute compute, const LevinPooling *p, const void *dy, void *dx);

/// y[plane, i] = x[plane, places[plane, i]], or 0 for an index of -1; planes have `size` elements in x and `count` in
/// y.
void levin_take_in_planes(
  LevinCompute compute, ptrdiff_t planes, ptrdiff_t size, ptrdiff_t count, const void *x,
  const int64_t *places, void *y);

/// x[plane, places[plane, i]] += y[plane, i], starting from x = 0, in order of i; elements with an index of -1 are left
/// out.
void levin_put_in_planes(
  LevinCompute compute, ptrdiff_t planes, ptrdiff_t size, ptrdiff_t count, const void *y,
  const int64_t *places, void *x);

#pragma clang assume_nonnull end

#endif
