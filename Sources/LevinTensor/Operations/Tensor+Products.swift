extension Tensor {
  /// The matrix product of `[m, k]` and `[k, n]`.
  public func matmul(_ other: Tensor) -> Tensor {
    guard rank == 2, other.rank == 2, shape[1] == other.shape[0] else {
      ShapeChecks.fail(
        "matmul(_:)", "shapes \(shape) and \(other.shape)", expected: "[m, k] and [k, n]")
    }
    let (a, b) = (to(.float32), other.to(.float32))
    let result = Tensor(uninitialized: [a.shape[0], b.shape[1]])
    Kernels.productNN(a, b, into: result)
    guard Tape.records(a, b) else { return result }
    let (x, y) = (a.detached(), b.detached())
    return Tape.record(result, a, b) { gradient, a, b in
      if let a {
        let forA = Tensor(uninitialized: x.shape)
        Kernels.productNT(gradient, y, bias: nil, relu: false, into: forA)
        a.receive(forA)
      }
      if let b {
        let forB = Tensor(uninitialized: y.shape)
        Kernels.productTN(x, gradient, sums: nil, into: forB)
        b.receive(forB)
      }
    }
  }

  /// `x Wᵀ + b` for x `[batch, in]`, weight `[out, in]` and bias `[out]`; with `relu`, negative values become 0.
  public func linear(weight: Tensor, bias: Tensor? = nil, relu: Bool = false) -> Tensor {
    guard rank == 2, weight.rank == 2, shape[1] == weight.shape[1] else {
      ShapeChecks.fail(
        "linear", "input \(shape) and weight \(weight.shape)",
        expected: "input [batch, \(weight.shape.last ?? 0)]",
        hint: "reshape the input to [-1, \(weight.shape.last ?? 0)]")
    }
    let x = to(.float32)
    let result = Tensor(uninitialized: [shape[0], weight.shape[0]])
    Kernels.productNT(x, weight, bias: bias, relu: relu, into: result)
    guard Tape.records(x, weight) || bias.map(Tape.records) ?? false else { return result }
    let (input, matrix) = (x.detached(), weight.detached())
    guard relu else {
      return Tape.record(result, x, weight, bias) { gradient, x, weight, bias in
        Self.linearBackward(gradient, input, matrix, x, weight, bias)
      }
    }
    let output = result
    return Tape.record(rectified: result, x, weight, bias) { gradient, isMasked, x, weight, bias in
      var gradient = gradient
      if !isMasked {
        let masked = Tensor(uninitialized: output.shape)
        Kernels.reluBackward(gradient, output: output, into: masked)
        gradient = masked
      }
      Self.linearBackward(gradient, input, matrix, x, weight, bias)
    }
  }

  /// Gives input, weight and bias of ``linear(weight:bias:relu:)`` their gradients.
  private static func linearBackward(
    _ gradient: Tensor, _ input: Tensor, _ matrix: Tensor, _ x: GradientNode?,
    _ weight: GradientNode?, _ bias: GradientNode?
  ) {
    if weight != nil || bias != nil {
      let product = Tensor(uninitialized: matrix.shape)
      let sums = bias.map { _ in Tensor(uninitialized: [matrix.shape[0]]) }
      Kernels.productTN(gradient, input, sums: sums, into: product)
      weight?.receive(product)
      if let sums { bias?.receive(sums) }
    }
    if let x {
      let product = Tensor(uninitialized: input.shape)
      Kernels.productNN(
        gradient, matrix, activation: x.isRectified ? input : nil, into: product)
      x.receive(product, isMasked: x.isRectified)
    }
  }

  /// The mean cross-entropy of logits `[batch, classes]` and class indices `[batch]` (int64); rows
  /// whose target is `ignoreIndex` do not count.
  ///
  /// Traps for a target outside of 0..<classes.
  public func crossEntropy(_ targets: Tensor, ignoreIndex: Int64 = -100) -> Tensor {
    guard rank == 2, targets.rank == 1, targets.dtype == .int64, targets.shape[0] == shape[0] else {
      ShapeChecks.fail(
        "crossEntropy", "logits \(shape) and targets \(targets.shape) of \(targets.dtype.name)",
        expected: "logits [batch, classes] and targets [batch] of int64")
    }
    let classes = Int64(shape[1])
    for target in targets.scalars(as: Int64.self)
    where !(0..<classes).contains(target) && target != ignoreIndex {
      ShapeChecks.fail("crossEntropy", "target \(target)", expected: "a class in 0..<\(classes)")
    }
    let logits = to(.float32)
    let records = Tape.records(logits)
    let derivative = records ? Tensor(uninitialized: shape) : nil
    let loss = Kernels.crossEntropy(
      logits, targets, ignoreIndex: ignoreIndex, gradient: derivative)
    let result = Tensor(loss)
    guard let derivative else { return result }
    return Tape.record(result, logits) { gradient, logits in
      let factor = gradient.floats[0]
      logits?.receive(factor == 1 ? derivative : derivative * factor)
    }
  }
}
