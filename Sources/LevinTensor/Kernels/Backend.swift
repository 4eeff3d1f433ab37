package import CLevinKernels

/// The functions of one and of two elements that elementwise kernels compute, the comparisons, and the reductions.
package typealias UnaryFunction = LevinUnary
package typealias BinaryFunction = LevinBinary
package typealias Comparison = LevinComparison
package typealias Reduction = LevinReduction

/// The computations of one device: families of kernels over operands in the device's own memory.
///
/// Many threads may call a backend at the same time, and it may compute later: it keeps the order of each thread's
/// calls, and retains the memory of operands until it is done with it. ``read(_:into:)`` and ``synchronize()`` wait.
/// An error that occurs late traps there, or in any later call, and names the kernel.
///
/// Shapes, dtypes, devices and indices have been checked, and results do not overlap operands, but may be exactly one
/// of them. Unless a function says otherwise, all operands have the result's shape, with strides of 0 where they are
/// repeated, and computations use the dtype that the result's dtype computes in (float32, float64 or int64; 16-bit
/// floats in float32).
package protocol Backend: AnyObject, Sendable {
  /// The device's name, such as `cuda:0`.
  var name: String { get }

  // MARK: Memory

  /// Allocates memory of this size, which is freed, or kept for reuse, when the object is released.
  func allocate(_ byteCount: Int) -> AnyObject

  /// Copies bytes of the host to the beginning of `memory`; once this returns, they may change.
  func write(_ bytes: UnsafeRawBufferPointer, to memory: AnyObject)

  /// Waits, then copies the beginning of `memory` to the host.
  func read(_ memory: AnyObject, into bytes: UnsafeMutableRawBufferPointer)

  /// Waits until all work is done.
  func synchronize()

  // MARK: Elementwise

  /// Copies, converting from any dtype to any other; fills, if `x` is a number.
  func copy(_ x: Operand, into result: Operand)

  /// Applies a function in the wider of both dtypes.
  func unary(_ function: UnaryFunction, _ x: Operand, into result: Operand)

  func binary(_ function: BinaryFunction, _ a: Operand, _ b: Operand, into result: Operand)

  /// Converts both to `dtype` and compares them; the result is bool, 0 or 1.
  func compare(
    _ comparison: Comparison, _ a: Operand, _ b: Operand, in dtype: DType, into result: Operand)

  /// Takes `a` where the condition is not 0, otherwise `b`.
  func choose(_ condition: Operand, _ a: Operand, _ b: Operand, into result: Operand)

  // MARK: Reductions

  /// Reduces dimensions to size 1; `x` is computed in the wider of both dtypes, and floats are added and multiplied
  /// in double.
  ///
  /// Over no elements the sum is 0, the product 1, and an extreme is infinite or the limit of the type.
  func reduce(_ reduction: Reduction, _ x: Operand, into result: Operand)

  /// The index of the first of the largest (smallest) elements, or of the first NaN, in row-major order of the
  /// dimensions in `reduced`; the result, int64, has size 1 along them.
  func indexOfExtreme(largest: Bool, _ x: Operand, along reduced: Axes, into result: Operand)

  /// The sum or product of the elements up to each one along a dimension; floats in double.
  func scan(multiplying: Bool, _ x: Operand, along axis: Int, into result: Operand)

  // MARK: Products, rows

  /// `result […, m, n] = a […, m, k] · b […, k, n]` of one dtype, with any strides, then the epilogue; the other
  /// dimensions are equal.
  func product(_ a: Operand, _ b: Operand, _ epilogue: ProductEpilogue, into result: Operand)

  /// Sets `loss`, a scalar, to the mean cross-entropy of logits `[batch, classes]` and targets `[batch]`, int64, over
  /// the rows whose target is not `ignoreIndex` (NaN if there are none), and `gradient` to its gradient; float32.
  func crossEntropy(
    _ logits: Operand, _ targets: Operand, ignoreIndex: Int64, loss: Operand, gradient: Operand?)

  // MARK: Convolutions

  /// `result [n, o, t] = Σ x [n, i, t · stride + k · dilation − padding] · weight [o, i, k]` over the channels i of
  /// o's group and the positions k of the kernel, plus `bias [o]`; elements outside `x` are 0.
  ///
  /// All have one dtype, which is also computed in; `x` has any strides, the others are contiguous.
  func convolve(
    _ x: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand)

  /// The gradient of `x`, in the sizes of the result, from that of the output; also the transposed convolution, to
  /// which the bias, one number per channel of the result, is added.
  func convolveInputGradient(
    _ gradient: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand)

  /// The gradient of the weight, in the sizes of the result; `gradient` is contiguous.
  func convolveWeightGradient(
    _ gradient: Operand, _ x: Operand, _ geometry: ConvolutionGeometry, into result: Operand)

  // MARK: Pooling, over contiguous planes `[batch, channels, …]`

  /// The largest element of each window, and its index in its plane, int64: the first of equal ones, but the last
  /// NaN.
  ///
  /// For a window without elements, −∞ or the type's least number, at −1.
  func maxPool(_ x: Operand, _ geometry: PoolingGeometry, into result: Operand, places: Operand)

  /// The average of each window of float32 or float64, added up in double.
  func averagePool(_ x: Operand, _ geometry: PoolingGeometry, into result: Operand)

  /// Distributes the gradient of each average among the elements of its window.
  func averagePoolGradient(_ gradient: Operand, _ geometry: PoolingGeometry, into result: Operand)

  /// The elements of each plane at the int64 indices `places`; 0 for −1.
  func takeInPlanes(_ x: Operand, at places: Operand, into result: Operand)

  /// For each index in each plane, the sum of the elements of `x` with that index; elements with −1 are left out.
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

  /// Sets element `offsets[i]` of the result to `x[i]`, to the last of several, or with `adding` adds `x[i]` to it;
  /// `x` has the shape of the offsets, and the result is contiguous.
  func put(_ x: Operand, at offsets: Operand, into result: Operand, adding: Bool)

  /// The indices that sort the elements along the last dimension, int64, only as many as fit in the result; equal
  /// elements keep their order, and NaN is largest.
  func argsort(_ x: Operand, descending: Bool, into result: Operand)

  // MARK: Optimizers

  /// Makes one step of an optimizer over a parameter, its gradient and its state, all contiguous float32.
  func update(_ rule: UpdateRule, _ values: Operand, _ gradient: Operand, state: [Operand])
}

/// What is applied to a product while it is written.
package enum ProductEpilogue {
  case none
  /// Adds a bias `[n]`, then optionally sets negative values to 0.
  case bias(Operand?, relu: Bool)
  /// Sets elements to 0 where the output of a ReLU is 0.
  case maskedByReLU(Operand)
}

/// How an optimizer updates parameters from their gradients.
package enum UpdateRule {
  /// Adam (Kingma and Ba 2015); its state is the averages of gradients and of their squares, and with AMSGrad the
  /// greatest averages of squares.
  case adam(Adam)
  /// Gradient descent; its state is the sum of gradients, or nothing without momentum.
  case sgd(SGD)

  package struct Adam {
    package var learningRate: Double
    package var betas: (Double, Double)
    package var epsilon: Double
    package var weightDecay: Double
    /// Whether weight decay is decoupled, as in AdamW.
    package var isDecoupled: Bool
    /// Whether the step maximizes the loss.
    package var maximizes: Bool
    /// The number of this update, from 1.
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
  package struct SGD {
    package var learningRate: Double
    package var momentum: Double
    package var dampening: Double
    package var weightDecay: Double
    package var isNesterov: Bool
    /// Whether the step maximizes the loss.
    package var maximizes: Bool
    /// Whether the sum of gradients begins with this one.
    package var isFirst: Bool

    package init(
      learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double,
      isNesterov: Bool, maximizes: Bool, isFirst: Bool
    ) {
      self.learningRate = learningRate
      self.momentum = momentum
      self.dampening = dampening
      self.weightDecay = weightDecay
      self.isNesterov = isNesterov
      self.maximizes = maximizes
      self.isFirst = isFirst
    }
  }
}
