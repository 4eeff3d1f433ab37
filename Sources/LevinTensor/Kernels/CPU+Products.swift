internal import CLevinKernels
internal import LevinSystem

extension CPU {
  /// `result [m, n] = a [m, k] · b [k, n]` of one dtype, which is also computed in, with any strides; `result` is
  /// contiguous.
  ///
  /// If `activation`, a ReLU's output `[m, n]`, is given, the result is 0 where that is 0.
  static func product(_ a: Tensor, _ b: Tensor, activation: Tensor? = nil, into result: Tensor) {
    guard a.dtype == .float32 else {
      guard
        levin_product(
          a.dtype.compute, a.shape[0], b.shape[1], a.shape[1], matrix(a), matrix(b), result.address)
      else {
        fail(
          "matmul(_:)", "\(a.shape) and \(b.shape), for which the system has no memory",
          expected: "less at a time")
      }
      return
    }
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    let c = result.elements(Float.self)
    let (x, y) = (Matrix(a), Matrix(b))
    let isDone = withExtendedLifetime((x, y)) {
      switch (x.isTransposed, y.isTransposed) {
      case (true, true):
        return levin_product_tt(m, n, k, x.data, x.leading, y.data, y.leading, c, n)
      case (false, true):
        levin_product_nt(
          m, n, k, x.data, x.leading, y.data, y.leading, c, n, false, nil, false)
      case (true, false):
        levin_product_tn(m, n, k, x.data, x.leading, y.data, y.leading, c, n, false, nil)
      case (false, false):
        levin_product_nn(
          m, n, k, x.data, x.leading, y.data, y.leading, c, n, false,
          activation?.elements(Float.self), n)
      }
      return true
    }
    guard isDone else { return product(a.contiguous(), b, activation: activation, into: result) }
    if let activation, x.isTransposed || y.isTransposed {
      binary(.reluGradient, result, activation, into: result)
    }
  }

  private static func matrix(_ tensor: Tensor) -> LevinMatrix {
    let strides = tensor.layout.allStrides
    return LevinMatrix(data: tensor.address, row: strides[0], column: strides[1])
  }

  /// A float32 matrix whose rows or columns are contiguous: the original, which the caller keeps, or a copy.
  private struct Matrix {
    let data: UnsafeMutablePointer<Float>
    let isTransposed: Bool
    let leading: Int
    /// nil if there is none: then nothing is retained.
    private var copy: Tensor?

    init(_ tensor: Tensor) {
      guard !tensor.isContiguous else {
        self.init(tensor, leading: tensor.shape[1])
        return
      }
      let strides = tensor.layout.allStrides
      let (rows, columns) = (tensor.shape[0], tensor.shape[1])
      if columns == 1 || strides[1] == 1, rows == 1 || strides[0] >= columns {
        self.init(tensor, leading: rows == 1 ? columns : strides[0])
      } else if rows == 1 || strides[0] == 1, columns == 1 || strides[1] >= rows {
        self.init(tensor, isTransposed: true, leading: columns == 1 ? rows : strides[1])
      } else {
        let copy = tensor.contiguous()
        self.init(copy, leading: columns)
        self.copy = copy
      }
    }

    private init(_ tensor: Tensor, isTransposed: Bool = false, leading: Int) {
      data = tensor.address.assumingMemoryBound(to: Float.self)
      (self.isTransposed, self.leading) = (isTransposed, leading)
    }
  }

  /// `result [m, n] = a [m, k] · b [n, k]ᵀ (+ bias [n])`, then optionally ReLU; all contiguous float32.
  static func linear(_ a: Tensor, _ b: Tensor, bias: Tensor?, relu: Bool, into result: Tensor) {
    let (m, n, k) = (a.shape[0], b.shape[0], b.shape[1])
    levin_product_nt(
      m, n, k, a.elements(Float.self), k, b.elements(Float.self), k, result.elements(Float.self), n,
      false, bias?.elements(Float.self), relu)
  }

  /// `result [m, n] = a [k, m]ᵀ · b [k, n]`; `sums` [m] receives a's column sums; all contiguous float32.
  static func outerProduct(_ a: Tensor, _ b: Tensor, sums: Tensor?, into result: Tensor) {
    let (k, m, n) = (a.shape[0], a.shape[1], b.shape[1])
    levin_product_tn(
      m, n, k, a.elements(Float.self), m, b.elements(Float.self), n, result.elements(Float.self), n,
      false, sums?.elements(Float.self))
  }

  /// The mean loss of contiguous logits `[batch, classes]`, and its gradient into `gradient` if given.
  static func crossEntropy(
    _ logits: Tensor, _ targets: Tensor, ignoreIndex: Int64, gradient: Tensor?, into loss: Tensor
  ) {
    let classes = logits.shape[1]
    loss.elements(Float.self).pointee = levin_cross_entropy(
      logits.shape[0], classes, logits.elements(Float.self), classes,
      targets.elements(Int64.self), ignoreIndex, nil, gradient?.elements(Float.self), classes)
  }

  /// The softmax along an axis, or its logarithm; contiguous float32.
  static func softmax(_ x: Tensor, axis: Int, logarithm: Bool, into result: Tensor) {
    let size = x.shape[axis]
    let inner = axis == x.rank - 1 ? 1 : x.shape.dropFirst(axis + 1).reduce(1, *)
    let outer = x.elementCount / (size * inner)
    let (from, to) = (x.elements(Float.self), result.elements(Float.self))
    guard inner == 1 else {
      return levin_softmax_columns(logarithm, outer, size, inner, from, to)
    }
    (logarithm ? levin_log_softmax : levin_softmax)(outer, size, from, size, to, size)
  }

  /// The gradient of the input from that of the output `y`.
  static func softmaxGradient(
    _ gradient: Tensor, _ y: Tensor, axis: Int, logarithm: Bool, into result: Tensor
  ) {
    let size = y.shape[axis]
    let inner = axis == y.rank - 1 ? 1 : y.shape.dropFirst(axis + 1).reduce(1, *)
    let outer = y.elementCount / (size * inner)
    let (dy, of) = (gradient.elements(Float.self), y.elements(Float.self))
    let dx = result.elements(Float.self)
    guard inner == 1 else {
      return levin_softmax_columns_backward(logarithm, outer, size, inner, dy, of, dx)
    }
    (logarithm ? levin_log_softmax_backward : levin_softmax_backward)(
      outer, size, dy, size, of, size, dx, size)
  }

  /// One step of an optimizer; all operands are contiguous float32.
  static func update(
    _ rule: UpdateRule, _ values: inout Tensor, _ gradient: Tensor, state: inout [Tensor]
  ) {
    switch rule {
    case .adam(let options):
      var c = LevinAdam(
        learningRate: options.learningRate, beta1: options.betas.0, beta2: options.betas.1,
        epsilon: options.epsilon, weightDecay: options.weightDecay,
        decoupled: options.isDecoupled, maximize: options.maximizes, step: Int64(options.step))
      levin_adam(
        values.elementCount, values.elements(Float.self), gradient.elements(Float.self),
        state[0].elements(Float.self), state[1].elements(Float.self),
        state.count > 2 ? state[2].elements(Float.self) : nil, &c)
    case .sgd(let options):
      var c = LevinSGD(
        learningRate: options.learningRate, momentum: options.momentum,
        dampening: options.dampening, weightDecay: options.weightDecay,
        nesterov: options.isNesterov, maximize: options.maximizes, isFirst: options.isFirst)
      levin_sgd(
        values.elementCount, values.elements(Float.self), gradient.elements(Float.self),
        state.first?.elements(Float.self), &c)
    }
  }
}
