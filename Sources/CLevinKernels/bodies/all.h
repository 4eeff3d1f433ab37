/// Every family of kernels, over the vectors of the simd_….h included before, and their table.
/// The order matters: vector_math.h's functions serve the families below it, products.h's tiles convolutions.
// clang-format off
#include "vector_math.h"
#include "convert.h"
#include "elementwise.h"
#include "gather.h"
#include "general_products.h"
#include "images.h"
#include "layout.h"
#include "losses.h"
#include "normalization.h"
#include "optimizers.h"
#include "pooling.h"
#include "dot_products.h"
#include "products.h"
#include "convolution.h"
#include "plane_convolution.h"
#include "image_convolution.h"
#include "random.h"
#include "reductions.h"
// clang-format on

#define LEVIN_KERNEL_TABLE                                                                    \
  {                                                                                           \
    .dot_product = dot_product, .outer_product = outer_product, .panelWidth = panelWidth, .lanes = W, \
    .tileRows = outerRows, .copy_tiles = copy_tiles,                                          \
    .copy_panels = copy_panels, .packed_product = packed_product,                             \
    .transpose_any = transpose_any, .column_sums = column_sums,                               \
    .cross_entropy = cross_entropy, .softmax = softmax, .log_softmax = log_softmax,           \
    .softmax_backward = softmax_backward, .log_softmax_backward = log_softmax_backward,       \
    .softmax_columns = softmax_columns, .softmax_columns_backward = softmax_columns_backward, \
    .adam = adam, .sgd = sgd, .gather_table = gather_table,                                   \
    .unary = {unary_f32, unary_f64, unary_i64}, .binary = {binary_f32, binary_f64, binary_i64}, \
    .compare = {compare_f32, compare_f64, compare_i64},                                       \
    .choose = {choose_f32, choose_f64, choose_i64}, .fold_f32 = fold_f32,                     \
    .fold_f64 = fold_f64, .fold_i64 = fold_i64, .accumulate_f32 = accumulate_f32,             \
    .accumulate_f64 = accumulate_f64, .accumulate_i64 = accumulate_i64,                       \
    .scan_line = {scan_line_f32, scan_line_f64, scan_line_i64},                               \
    .scan_row = {scan_row_f32, scan_row_f64, scan_row_i64},                                   \
    .find_in_row = {find_in_row_f32, find_in_row_f64, find_in_row_i64},                       \
    .twist = twist, .temper = temper, .uniform_f32 = uniform_f32, .normal_f32 = normal_f32,   \
    .index_of_max = index_of_max, .panelWidth64 = panelWidth64,                               \
    .copy_panels_f64 = copy_panels_f64, .room_f64 = room_f64,                                 \
    .packed_product_f64 = packed_product_f64, .dots_f64 = dots_f64,                           \
    .row_product_f64 = row_product_f64, .product_i64 = product_i64,                           \
    .convert = convert, .copy_box = {copy_box_4, copy_box_8},                          \
    .pack_rows = {pack_rows_4, pack_rows_8}, .room_for_convolution = room_for_convolution,    \
    .convolve_box = convolve_box, .convolve_plane = convolve_plane,                           \
    .add_lines = add_lines, .correlate_plane = correlate_plane, .copy_images = copy_images,   \
    .convolve_images = convolve_images, .spread_images = spread_images,                       \
    .correlate_images = correlate_images,                                                     \
    .deviations = {deviations_f32, deviations_f64},                                           \
    .covariances = {covariances_f32, covariances_f64}, .affine = {affine_f32, affine_f64},    \
    .add_columns = {add_columns_f32, add_columns_f64},                                        \
    .affine_columns = {affine_columns_f32, affine_columns_f64},                               \
    .normalize_row = normalize_row, .normalize_row_backward = normalize_row_backward,         \
    .normalized_columns = normalized_columns, .max_pool_line = max_pool_line,                 \
    .resize_band_u8 = resize_band_u8, .sum_rows_u8 = sum_rows_u8, .sum_rows_f32 = sum_rows_f32, \
  }
