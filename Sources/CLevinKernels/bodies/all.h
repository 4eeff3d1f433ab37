/// Every family of kernels, over the vectors of the simd_….h included before, and their table.
/// The order matters: vector_math.h's functions serve the families below it.
// clang-format off
#include "vector_math.h"
#include "convert.h"
#include "elementwise.h"
#include "gather.h"
#include "layout.h"
#include "losses.h"
#include "optimizers.h"
#include "products.h"
#include "reductions.h"
// clang-format on

#define LEVIN_KERNEL_TABLE                                                                    \
  {                                                                                           \
    .dot_product = dot_product, .outer_product = outer_product, .panelWidth = panelWidth,     \
    .copy_panels = copy_panels, .packed_product = packed_product, .transpose = transpose,     \
    .column_sums = column_sums,                                                               \
    .cross_entropy = cross_entropy, .softmax = softmax, .log_softmax = log_softmax,           \
    .softmax_backward = softmax_backward, .log_softmax_backward = log_softmax_backward,       \
    .adam = adam, .sgd = sgd, .gather_table = gather_table, .binary = binary,                 \
    .binary_scalar = binary_scalar, .scalar_binary = scalar_binary, .compare = compare,       \
    .compare_scalar = compare_scalar, .select = select_each, .unary = unary,                  \
    .relu_backward = relu_backward, .tanh_backward = tanh_backward,                           \
    .sigmoid_backward = sigmoid_backward, .axpy = axpy, .sum = sum,                           \
    .sum_of_squares = sum_of_squares, .all_finite = all_finite,                               \
    .index_of_max = index_of_max, .convert = convert,                                         \
  }
