internal import CLevinKernels

/// The one door from tensors to the C kernels.
///
/// Nothing is checked here.
enum Kernels {
  enum Binary {
    case add, subtract, multiply, divide

    fileprivate var code: LevinBinary {
      switch self {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .divide: .divide
      }
    }
  }

  enum Unary {
    case relu, exp, log, sqrt, square, tanh, sigmoid

    fileprivate var code: LevinUnary {
      switch self {
      case .relu: .relu
      case .exp: .exp
      case .log: .log
      case .sqrt: .sqrt
      case .square: .square
      case .tanh: .tanh
      case .sigmoid: .sigmoid
      }
    }
  }

  static func fill(_ tensor: Tensor, _ value: Float) {
    levin_fill(tensor.elementCount, value, tensor.floats)
  }

  static func add(_ a: Tensor, _ b: Tensor, into result: Tensor) {
    levin_binary(.add, a.elementCount, a.floats, b.floats, result.floats)
  }

  static func binary(_ op: Binary, _ a: Tensor, _ b: Tensor, into result: Tensor) {
    levin_binary(op.code, result.elementCount, a.floats, b.floats, result.floats)
  }

  static func binary(_ op: Binary, _ a: Tensor, scalar: Float, into result: Tensor) {
    levin_binary_scalar(op.code, result.elementCount, a.floats, scalar, result.floats)
  }

  static func binary(_ op: Binary, scalar: Float, _ b: Tensor, into result: Tensor) {
    levin_scalar_binary(op.code, result.elementCount, scalar, b.floats, result.floats)
  }

  static func unary(_ op: Unary, _ x: Tensor, into result: Tensor) {
    levin_unary(op.code, result.elementCount, x.floats, result.floats)
  }

  static func reluBackward(_ gradient: Tensor, output: Tensor, into result: Tensor) {
    levin_relu_backward(result.elementCount, gradient.floats, output.floats, result.floats)
  }

  static func tanhBackward(_ gradient: Tensor, output: Tensor, into result: Tensor) {
    levin_tanh_backward(result.elementCount, gradient.floats, output.floats, result.floats)
  }

  static func sigmoidBackward(_ gradient: Tensor, output: Tensor, into result: Tensor) {
    levin_sigmoid_backward(result.elementCount, gradient.floats, output.floats, result.floats)
  }

  static func convert(_ source: Tensor, into result: Tensor) {
    levin_convert(
      source.elementCount, source.rawPointer, type(source.dtype), result.rawPointer,
      type(result.dtype))
  }

  private static func type(_ dtype: DType) -> LevinType {
    switch dtype {
    case .float32: .float32
    case .float64: .float64
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uInt8
    case .bool: .bool
    }
  }

  static func sum(_ x: Tensor) -> Double { levin_sum(x.elementCount, x.floats) }

  static func rowMaximum(_ x: Tensor, columns: Int, values: Tensor?, indices: Tensor?) {
    levin_row_max(
      x.elementCount / columns, columns, x.floats, columns, values?.floats,
      indices?.rawPointer.assumingMemoryBound(to: Int64.self))
  }

  static func rowSums(_ x: Tensor, columns: Int, into result: Tensor) {
    levin_row_sums(x.elementCount / columns, columns, x.floats, columns, result.floats, false)
  }

  static func columnSums(_ x: Tensor, columns: Int, into result: Tensor) {
    levin_column_sums(x.elementCount / columns, columns, x.floats, columns, result.floats, false)
  }

  static func transpose(_ x: Tensor, into result: Tensor) {
    levin_transpose(
      x.shape[0], x.shape[1], x.floats, x.shape[1], result.floats, x.shape[0])
  }

  /// `result [m, n] = a [m, k] · b [n, k]ᵀ (+ bias [n])`, then ReLU if asked for.
  static func productNT(_ a: Tensor, _ b: Tensor, bias: Tensor?, relu: Bool, into result: Tensor) {
    let (m, n, k) = (a.shape[0], b.shape[0], b.shape[1])
    levin_product_nt(
      m, n, k, a.floats, k, b.floats, k, result.floats, n, false, bias?.floats, relu)
  }

  /// `result [m, n] = a [m, k] · b [k, n]`, then 0 where `activation`, a ReLU's output, is.
  static func productNN(_ a: Tensor, _ b: Tensor, activation: Tensor? = nil, into result: Tensor) {
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    levin_product_nn(
      m, n, k, a.floats, k, b.floats, n, result.floats, n, false, activation?.floats, n)
  }

  /// result [m, n] = a [k, m]ᵀ · b [k, n]; `sums` [m] receives a's column sums.
  static func productTN(_ a: Tensor, _ b: Tensor, sums: Tensor?, into result: Tensor) {
    let (k, m, n) = (a.shape[0], a.shape[1], b.shape[1])
    levin_product_tn(m, n, k, a.floats, m, b.floats, n, result.floats, n, false, sums?.floats)
  }

  /// The mean loss, and its gradient into `gradient` where given.
  static func crossEntropy(
    _ logits: Tensor, _ targets: Tensor, ignoreIndex: Int64, gradient: Tensor?
  ) -> Float {
    let classes = logits.shape[1]
    return levin_cross_entropy(
      logits.shape[0], classes, logits.floats, classes,
      targets.rawPointer.assumingMemoryBound(to: Int64.self), ignoreIndex, nil, gradient?.floats,
      classes)
  }
}
