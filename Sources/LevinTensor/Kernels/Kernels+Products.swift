internal import CLevinKernels
internal import CLevinRuntime

extension Kernels {
  /// `result [m, n] = a [m, k] · b [k, n]` of one dtype, which is computed in, by any strides; `result` is contiguous.
  ///
  /// Where `activation`, a ReLU's output `[m, n]`, is given, the result is 0 where that is.
  static func product(_ a: Tensor, _ b: Tensor, activation: Tensor? = nil, into result: Tensor) {
    guard a.dtype == .float32 else {
      guard
        levin_product(
          a.dtype.compute, a.shape[0], b.shape[1], a.shape[1], matrix(a), matrix(b), result.address)
      else {
        ShapeChecks.fail(
          "matmul(_:)", "\(a.shape) and \(b.shape), for which the system has no memory",
          expected: "less at a time")
      }
      return
    }
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    var (x, y) = (Matrix(a), Matrix(b))
    if x.isTransposed, y.isTransposed { x = Matrix(a.contiguous()) }
    let c = result.elements(Float.self)
    withExtendedLifetime((x, y)) {
      if y.isTransposed {
        levin_product_nt(
          m, n, k, x.data, x.leading, y.data, y.leading, c, n, false, nil, false)
      } else if x.isTransposed {
        levin_product_tn(m, n, k, x.data, x.leading, y.data, y.leading, c, n, false, nil)
      } else {
        levin_product_nn(
          m, n, k, x.data, x.leading, y.data, y.leading, c, n, false,
          activation?.elements(Float.self), n)
      }
    }
    if let activation, x.isTransposed || y.isTransposed {
      binary(.reluGradient, result, activation, into: result)
    }
  }

  /// Calls `body` for 0..<count, on all threads where that is worth while: `work` is what one call multiplies and adds.
  ///
  /// Products of a matrix that is itself split over the threads are called one by one.
  static func forEach(_ count: Int, of work: Int, _ body: (Int) -> Void) {
    guard count >= 8, work < 1 << 24, count * work >= 1 << 16 else {
      for i in 0..<count { body(i) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { context in
        levin_parallel_for(count, 1, context) { context, begin, end in
          guard let context else { return }
          let body = context.assumingMemoryBound(to: ((Int) -> Void).self).pointee
          for i in begin..<end { body(i) }
        }
      }
    }
  }

  private static func matrix(_ tensor: Tensor) -> LevinMatrix {
    let strides = tensor.layout.allStrides
    return LevinMatrix(data: tensor.address, row: strides[0], column: strides[1])
  }

  /// A float32 matrix of which rows or columns are contiguous: as it is, or a copy.
  private struct Matrix {
    let tensor: Tensor
    let isTransposed: Bool
    let leading: Int
    var data: UnsafeMutablePointer<Float> { tensor.address.assumingMemoryBound(to: Float.self) }

    init(_ tensor: Tensor) {
      let strides = tensor.layout.allStrides
      let (rows, columns) = (tensor.shape[0], tensor.shape[1])
      if columns == 1 || strides[1] == 1, rows == 1 || strides[0] >= columns {
        self.tensor = tensor
        isTransposed = false
        leading = rows == 1 ? columns : strides[0]
      } else if rows == 1 || strides[0] == 1, columns == 1 || strides[1] >= rows {
        self.tensor = tensor
        isTransposed = true
        leading = columns == 1 ? rows : strides[1]
      } else {
        self.tensor = tensor.contiguous()
        isTransposed = false
        leading = columns
      }
    }
  }

  /// `result [m, n] = a [m, k] · b [n, k]ᵀ (+ bias [n])`, then ReLU if asked for; all contiguous float32.
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

  /// The mean loss of contiguous logits `[batch, classes]`, and its gradient into `gradient` where given.
  static func crossEntropy(
    _ logits: Tensor, _ targets: Tensor, ignoreIndex: Int64, gradient: Tensor?
  ) -> Float {
    let classes = logits.shape[1]
    return levin_cross_entropy(
      logits.shape[0], classes, logits.elements(Float.self), classes,
      targets.elements(Int64.self), ignoreIndex, nil, gradient?.elements(Float.self), classes)
  }

  /// The softmax, or its logarithm, of each row of the last dimension; contiguous float32.
  static func softmax(_ x: Tensor, logarithm: Bool, into result: Tensor) {
    let columns = x.shape[x.rank - 1]
    (logarithm ? levin_log_softmax : levin_softmax)(
      x.elementCount / columns, columns, x.elements(Float.self), columns,
      result.elements(Float.self), columns)
  }

  /// The gradient of its input from that of its output `y`.
  static func softmaxGradient(
    _ gradient: Tensor, _ y: Tensor, logarithm: Bool, into result: Tensor
  ) {
    let columns = y.shape[y.rank - 1]
    (logarithm ? levin_log_softmax_backward : levin_softmax_backward)(
      y.elementCount / columns, columns, gradient.elements(Float.self), columns,
      y.elements(Float.self), columns, result.elements(Float.self), columns)
  }
}
