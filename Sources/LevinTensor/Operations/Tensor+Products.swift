internal import LevinSystem

extension Tensor {
  /// The matrix product (PyTorch's `matmul`): for vectors the inner product, for more than two dimensions the product
  /// of the last two, while the others broadcast.
  public func matmul(_ other: Tensor) -> Tensor {
    composed("matmul(_:)", [self, other]) {
      guard rank > 0, other.rank > 0, shape[rank - 1] == other.shape[Swift.max(0, other.rank - 2)]
      else {
        fail(
          "matmul(_:)", "shapes \(shape) and \(other.shape)",
          expected: rank > 2 || other.rank > 2 ? "[…, m, k] and […, k, n]" : "[m, k] and [k, n]")
      }
      let dtype = ShapeChecks.sameDType(self, other, for: "matmul(_:)")
      ShapeChecks.sameDevice(self, other, for: "matmul(_:)")
      // Vectors become matrices of one row, or of one column.
      let a = rank == 1 ? unsqueezed(0) : self
      let b = other.rank == 1 ? other.unsqueezed(1) : other
      var result: Tensor
      if b.rank == 2, a.rank > 2 {
        // One product with all rows.
        let (k, n) = (b.shape[0], b.shape[1])
        result = a.reshaped(to: [a.shape.dropLast().reduce(1, *), k]).product(b)
          .reshaped(to: Shape(Array(a.shape.dropLast()) + [n]))
      } else if a.rank == 2, b.rank == 2 {
        result = a.product(b)
      } else {
        result = a.batchedProduct(b, dtype)
      }
      if rank == 1 { result = result.squeezed(-2) }
      if other.rank == 1 { result = result.squeezed(-1) }
      return result
    }
  }

  /// The product of two matrices.
  private func product(_ other: Tensor) -> Tensor {
    if Tape.isObserved {
      return Observation.whole("matmul(_:)", [self, other]) { product(other) }
    }
    let result = Tensor(uninitialized: [shape[0], other.shape[1]], dtype, like: self)
    Self.multiply(self, other, into: result)
    guard Tape.records(self, other) else { return result }
    let saving = Saving(self, other, dtype: dtype)
    let (x, y) = (saving.input(0, self, for: 1), saving.input(1, other, for: 0))
    return result.recorded(
      GradientNode("matmul(_:)", edge, other.edge) { step in
        step.give(0, step.gradient.product(step[y].transposed()))
        step.give(1, step[x].transposed().product(step.gradient))
      })
  }

  /// Dtypes that are not computed in themselves are converted to the one that they are computed in.
  private static func multiply(_ a: Tensor, _ b: Tensor, into result: Tensor) {
    guard !result.dtype.isComputed else {
      Kernels.product(a, b, into: result)
      return
    }
    let wide: DType = result.dtype.isFloatingPoint ? .float32 : .int64
    let product = Tensor(uninitialized: result.shape, wide, like: result)
    withoutGradients { Kernels.product(a.to(wide), b.to(wide), into: product) }
    Kernels.copy(product, into: result)
  }

  private func batchedProduct(_ other: Tensor, _ dtype: DType) -> Tensor {
    if Tape.isObserved {
      return Observation.whole("matmul(_:)", [self, other]) { batchedProduct(other, dtype) }
    }
    let batch = ShapeChecks.broadcast(
      Shape(shape.dropLast(2)), Shape(other.shape.dropLast(2)), for: "matmul(_:)")
    let (m, k, n) = (shape[rank - 2], shape[rank - 1], other.shape[other.rank - 1])
    let a = expanded(to: Shape(Array(batch) + [m, k]))
    let b = other.expanded(to: Shape(Array(batch) + [k, n]))
    let result = Tensor(uninitialized: Shape(Array(batch) + [m, n]), dtype, like: self)
    let (flatA, flatB) = withoutGradients { () -> (Tensor, Tensor) in
      let count = batch.reduce(1, *)
      return (a.detached().reshaped(to: [count, m, k]), b.detached().reshaped(to: [count, k, n]))
    }
    let flat = result.viewed(Layout(shape: [flatA.shape[0], m, n], strides: nil, offset: 0))
    if result.isOnHost {
      Kernels.forEach(result.elementCount == 0 ? 0 : flat.shape[0], of: m * n * k) { i in
        Self.multiply(
          flatA.viewed(flatA.layout.selected(0, i)), flatB.viewed(flatB.layout.selected(0, i)),
          into: flat.viewed(flat.layout.selected(0, i)))
      }
    } else {
      Self.multiply(flatA, flatB, into: flat)
    }
    guard Tape.records(a, b) else { return result }
    let saving = Saving(a, b, dtype: dtype)
    let (x, y) = (saving.input(0, a, for: 1), saving.input(1, b, for: 0))
    return result.recorded(
      GradientNode("matmul(_:)", a.edge, b.edge) { step in
        step.give(0, step.gradient.batchedProduct(step[y].transposed(-2, -1), dtype))
        step.give(1, step[x].transposed(-2, -1).batchedProduct(step.gradient, dtype))
      })
  }

  /// The inner product of two vectors.
  public func dot(_ other: Tensor) -> Tensor {
    guard rank == 1, other.rank == 1, shape == other.shape else {
      fail(
        "dot(_:)", "shapes \(shape) and \(other.shape)", expected: "two vectors of one length")
    }
    return composed("dot(_:)", [self, other]) { matmul(other) }
  }

  /// The sums of products over the last dimensions of both; a scalar is multiplied.
  public func inner(_ other: Tensor) -> Tensor {
    composed("inner(_:)", [self, other]) {
      if rank == 0 || other.rank == 0 { return self * other }
      guard shape[rank - 1] == other.shape[other.rank - 1] else {
        fail(
          "inner(_:)", "shapes \(shape) and \(other.shape)", expected: "equal last dimensions")
      }
      let k = shape[rank - 1]
      return reshaped(to: [shape.dropLast().reduce(1, *), k])
        .matmul(other.reshaped(to: [other.shape.dropLast().reduce(1, *), k]).transposed())
        .reshaped(to: Shape(Array(shape.dropLast()) + Array(other.shape.dropLast())))
    }
  }

  /// All products of an element of one vector and an element of the other.
  public func outer(_ other: Tensor) -> Tensor {
    composed("outer(_:)", [self, other]) { unsqueezed(1) * other.unsqueezed(0) }
  }

  /// `beta · self + alpha · (a · b)`, where the product is ``matmul(_:)`` (PyTorch's `addmm`, `addmv` and `baddbmm`).
  ///
  /// 16-bit floats are rounded once, at the end.
  public func addingProduct(
    _ a: Tensor, _ b: Tensor, beta: some TensorNumber = 1, alpha: some TensorNumber = 1
  ) -> Tensor {
    composed(
      "addingProduct(_:_:)", [self, a, b],
      [.init("beta", .double(beta.number.double)), .init("alpha", .double(alpha.number.double))]
    ) {
      if [self, a, b].allSatisfy({ $0.dtype == dtype }), dtype == .bfloat16 || dtype == .float16 {
        return to(.float32)
          .addingProduct(a.to(.float32), b.to(.float32), beta: beta, alpha: alpha).to(dtype)
      }
      let product = a.matmul(b)
      let (beta, alpha) = (integral(beta.number), integral(alpha.number))
      // With a beta of 0, the values of this tensor do not matter, not even NaN.
      if beta.double == 0 { return product.scaled(by: alpha) }
      return scaled(by: beta) + product.scaled(by: alpha)
    }
  }

  /// A factor for this tensor; for integers, its integer part.
  private func integral(_ number: Number) -> Number {
    if case .double(let value) = number, !dtype.isFloatingPoint { return .int(Int64(value)) }
    return number
  }

  private func scaled(by number: Number) -> Tensor {
    switch number {
    case .int(1), .double(1): self
    default: multiplied(by: number)
    }
  }

  /// `x Wᵀ + b` for x `[…, in]`, weight `[out, in]` and bias `[out]`; with `relu`, negative values become 0.
  ///
  /// Traps if shapes or dtypes do not match.
  public func linear(weight: Tensor, bias: Tensor? = nil, relu: Bool = false) -> Tensor {
    composed(
      "linear(weight:bias:relu:)", [self, weight] + (bias.map { [$0] } ?? []),
      [.init("relu", .bool(relu))]
    ) {
      ShapeChecks.linear(self, weight, bias)
      ShapeChecks.sameDevice(self, weight, for: "linear")
      if let bias { ShapeChecks.sameDevice(self, bias, for: "linear") }
      guard rank == 2, dtype == .float32 else {
        let rows = reshaped(to: [rank == 1 ? 1 : shape.dropLast().reduce(1, *), shape[rank - 1]])
        var result: Tensor
        if dtype == .float32 {
          result = rows.linear(weight: weight, bias: bias, relu: relu)
        } else {
          result = rows.matmul(weight.transposed())
          if let bias { result = result + bias }
          if relu { result = result.relu() }
        }
        return result.reshaped(to: Shape(Array(shape.dropLast()) + [weight.shape[0]]))
      }
      guard isContiguous, weight.isContiguous, bias?.isContiguous ?? true else {
        return contiguous().linear(
          weight: weight.contiguous(), bias: bias?.contiguous(), relu: relu)
      }
      let result = Tensor(
        uninitialized: Shape(rows: shape[0], columns: weight.shape[0]), dtype, like: self)
      Kernels.linear(self, weight, bias: bias, relu: relu, into: result)
      guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
      let saving = Saving(self, weight, dtype: .float32)
      let (input, kernel) = (saving.input(0, self, for: 1), saving.input(1, weight, for: 0))
      let output = relu ? saving.output(result) : nil
      let hasBias = bias != nil
      return result.recorded(
        GradientNode(
          "linear(weight:bias:relu:)", edge, weight.edge, bias.edge,
          isRectified: relu
        ) { step in
          var gradient = step.gradient
          if let output, !step.isMasked { gradient = gradient.masked(byReLU: step[output]) }
          guard !step.createsGraph else {
            step.give(0, gradient.product(step[kernel]))
            step.give(1, gradient.transposed().product(step[input]))
            if hasBias { step.give(2, gradient.sum(dimension: 0)) }
            return
          }
          if !gradient.isContiguous { gradient = gradient.contiguous() }
          Self.linearGradients(step, gradient, input, kernel, hasBias: hasBias)
        })
    }
  }

  /// Computes the gradients of input, weight and bias of ``linear(weight:bias:relu:)`` in as few passes as possible.
  private static func linearGradients(
    _ step: BackwardStep, _ gradient: Tensor, _ input: Saved, _ kernel: Saved, hasBias: Bool
  ) {
    let outputs = gradient.shape[1]
    let sums =
      hasBias && step.wants(2)
      ? Tensor(uninitialized: Shape(rank: 1) { _ in outputs }, .float32, like: gradient) : nil
    if step.wants(1) {
      let x = step[input]
      let product = Tensor(
        uninitialized: Shape(rows: outputs, columns: x.shape[1]), .float32, like: x)
      Kernels.outerProduct(gradient, x, sums: sums, into: product)
      step.give(1, product)
      if let sums { step.give(2, sums) }
    } else if sums != nil {
      step.give(2, gradient.sum(dimension: 0))
    }
    guard step.wants(0) else { return }
    let weight = step[kernel]
    let product = Tensor(
      uninitialized: Shape(rows: gradient.shape[0], columns: weight.shape[1]), .float32,
      like: weight)
    // The input was kept only for the weight's gradient.
    let masks = step.wants(1) && step.mayMask(0)
    Kernels.product(gradient, weight, activation: masks ? step[input] : nil, into: product)
    step.give(0, isMasked: masks, product)
  }
}
