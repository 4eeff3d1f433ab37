package import CLevinKernels

/// The functions of one element, and of two, that elementwise kernels compute; comparisons; how elements are put together.
package typealias UnaryFunction = LevinUnary
package typealias BinaryFunction = LevinBinary
package typealias Comparison = LevinComparison
package typealias Reduction = LevinReduction

/// What computes on one device: families of kernels over operands in memory of the device's own.
///
/// A backend is asked for one thing at a time by many threads at once, and may do it later: it keeps the order in which a thread
/// asks, and holds the memory of operands until it is done with it. ``read(_:into:)`` and ``synchronize()`` wait. What goes wrong
/// late traps there, or in any later call, and names the kernel.
///
/// Shapes, dtypes, devices and indices have been checked, and results do not overlap operands, but may be exactly one of them.
/// Unless a function says otherwise all operands have the result's shape, by strides of 0 where they are repeated, and are
/// computed in what the result's dtype computes in (float32, float64 or int64; 16-bit floats in float32).
package protocol Backend: AnyObject, Sendable {
  /// The device's name, as `cuda:0`.
  var name: String { get }

  // MARK: Memory

  /// Memory for as many bytes, which is freed, or kept for later, when the object is released.
  func allocate(_ byteCount: Int) -> AnyObject

  /// Copies bytes of the host to the beginning of `memory`; when this returns, they may change.
  func write(_ bytes: UnsafeRawBufferPointer, to memory: AnyObject)

  /// Waits, and copies the beginning of `memory` to the host.
  func read(_ memory: AnyObject, into bytes: UnsafeMutableRawBufferPointer)

  /// Waits until all that was asked for is done.
  func synchronize()

  // MARK: Elementwise

  /// Copies, converting from any dtype to any; fills, where `x` is a number.
  func copy(_ x: Operand, into result: Operand)

  /// Computed in the wider of both dtypes.
  func unary(_ function: UnaryFunction, _ x: Operand, into result: Operand)

  func binary(_ function: BinaryFunction, _ a: Operand, _ b: Operand, into result: Operand)

  /// Converted to `dtype` and compared; the result is bool, as 0 or 1.
  func compare(
    _ comparison: Comparison, _ a: Operand, _ b: Operand, in dtype: DType, into result: Operand)

  /// `a` where the condition is not 0, else `b`.
  func choose(_ condition: Operand, _ a: Operand, _ b: Operand, into result: Operand)

  // MARK: Reductions

  /// The result has size 1 along the dimensions that are reduced, and `x` is computed in the wider of both dtypes; floats are
  /// added and multiplied in double. Of nothing the sum is 0, the product 1, an extreme infinite or the type's end.
  func reduce(_ reduction: Reduction, _ x: Operand, into result: Operand)

  /// The place of the first of the largest (smallest) elements, or of the first NaN, in row-major order of the dimensions
  /// that `reduced` names, along which the result, int64, has size 1.
  func indexOfExtreme(largest: Bool, _ x: Operand, along reduced: Axes, into result: Operand)

  /// The sum, or product, of the elements up to each one along a dimension; floats in double.
  func scan(_ reduction: Reduction, _ x: Operand, along axis: Int, into result: Operand)

  // MARK: Products, rows

  /// `result […, m, n] = a […, m, k] · b […, k, n]` of one dtype, by any strides, then the epilogue. Other dimensions are equal.
  func product(_ a: Operand, _ b: Operand, _ epilogue: ProductEpilogue, into result: Operand)

  /// `loss`, a scalar, becomes the mean cross-entropy of logits `[batch, classes]` and targets `[batch]`, int64, over the rows
  /// whose target is not `ignoreIndex` (NaN where there is none), and `gradient` its gradient; float32.
  func crossEntropy(
    _ logits: Operand, _ targets: Operand, ignoreIndex: Int64, loss: Operand, gradient: Operand?)

  // MARK: Convolutions

  /// `result [n, o, t] = Σ x [n, i, t · stride + k · dilation − padding] · weight [o, i, k]` over the channels i of o's group and
  /// the places k of the kernel, plus `bias [o]`; what lies outside of `x` is 0. One dtype, in which is computed; `x` by any
  /// strides, all else contiguous.
  func convolve(
    _ x: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand)

  /// The gradient of `x`, of the result's sizes, from that of the output; also the transposed convolution, whose bias, one
  /// number a channel of the result, is added.
  func convolveInputGradient(
    _ gradient: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand)

  /// The gradient of the weight, of the result's sizes; `gradient` is contiguous.
  func convolveWeightGradient(
    _ gradient: Operand, _ x: Operand, _ geometry: ConvolutionGeometry, into result: Operand)

  // MARK: Pooling, over contiguous planes `[batch, channels, …]`

  /// The largest element of each window, and its place in its plane, int64: the first of equal ones, but the last NaN. Of a window
  /// without elements −∞, or the type's least number, at −1.
  func maxPool(_ x: Operand, _ geometry: PoolingGeometry, into result: Operand, places: Operand)

  /// The average of each window of float32 or float64, added up in double.
  func averagePool(_ x: Operand, _ geometry: PoolingGeometry, into result: Operand)

  /// Each average's gradient, shared out among the elements of its window.
  func averagePoolGradient(_ gradient: Operand, _ geometry: PoolingGeometry, into result: Operand)

  /// The elements at `places`, int64, of each plane.
  func takeInPlanes(_ x: Operand, at places: Operand, into result: Operand)

  /// For each place of each plane the sum of the elements of `x` that belong there.
  func putInPlanes(_ x: Operand, at places: Operand, into result: Operand)

  // MARK: Channels, of contiguous `[batch, channels, …]`, float32 or float64, with float64 vectors `[channels]`

  /// The mean and the biased variance of each channel.
  func channelStatistics(_ x: Operand, mean: Operand, variance: Operand)

  /// Σ gradient and Σ gradient · (x − mean) of each channel.
  func channelCovariances(
    _ gradient: Operand, _ x: Operand, mean: Operand, sums: Operand, products: Operand)

  /// `x · factor + shift`, or `x · factor + y · other + shift`, of each channel.
  func channelAffine(
    _ x: Operand, _ factor: Operand, _ y: Operand?, _ other: Operand?, shift: Operand,
    into result: Operand)

  // MARK: Indexing

  /// Element `offsets[i]` of the memory of `x`, counted from its first element; `x` is contiguous, offsets are int64.
  func take(_ x: Operand, at offsets: Operand, into result: Operand)

  /// Element `offsets[i]` of the result becomes `x[i]`, the last one of several, or with `adding` the sum of both; `x` has the shape
  /// of the offsets, and the result is contiguous.
  func put(_ x: Operand, at offsets: Operand, into result: Operand, adding: Bool)

  /// The places of the elements in order along the last dimension, int64, as many of the first as the result has; equal ones stay in their order, NaN is largest.
  func argsort(_ x: Operand, descending: Bool, into result: Operand)

  // MARK: Optimizers

  /// One step of an optimizer over parameter, gradient and its state, all contiguous float32.
  func update(_ rule: UpdateRule, _ values: Operand, _ gradient: Operand, state: [Operand])
}

/// What is done with a product while it is written.
package enum ProductEpilogue {
  case none
  /// A bias `[n]` is added, then negative values become 0 where asked for.
  case bias(Operand?, relu: Bool)
  /// 0 where the output of a ReLU is.
  case maskedByReLU(Operand)
}

/// How an optimizer changes parameters by their gradients.
package enum UpdateRule {
  /// Adam (Kingma and Ba 2015); its state is the averages of gradients and of their squares, and with AMSGrad the greatest of these.
  case adam(Adam)

  package struct Adam {
    package var learningRate: Double
    package var betas: (Double, Double)
    package var epsilon: Double
    package var weightDecay: Double
    /// AdamW's weight decay.
    package var isDecoupled: Bool
    /// Whether the step goes up.
    package var maximizes: Bool
    /// Of this update, from 1.
    package var step: Int

    package init(
      learningRate: Double, betas: (Double, Double), epsilon: Double, weightDecay: Double,
      isDecoupled: Bool, maximizes: Bool, step: Int
    ) {
      self.learningRate = learningRate
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.isDecoupled = isDecoupled
      self.maximizes = maximizes
      self.step = step
    }
  }
}
