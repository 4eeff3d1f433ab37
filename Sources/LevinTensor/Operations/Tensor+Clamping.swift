// Limiting elements to a range, and replacing those that are not finite.

extension Tensor {
  /// The elements limited to `low…high`; the gradient passes where low ≤ x ≤ high.
  public func clamped(
    _ low: (some TensorNumber)? = Optional<Double>.none,
    _ high: (some TensorNumber)? = Optional<Double>.none
  ) -> Tensor {
    clamped(low.map { scalar($0.number) }, high.map { scalar($0.number) })
  }

  /// The elements limited to those of `low` and `high`, which broadcast; either may be nil.
  ///
  /// If low is above high, the result is high; if one of them is NaN, the result is NaN. Gradients are PyTorch's: operands
  /// that are NaN have none, and of two equal limits only the upper one has one.
  public func clamped(_ low: Tensor?, _ high: Tensor?) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(
        "clamped(_:_:)", [self, low, high].compactMap { $0 }, [.given(("low", low), ("high", high))]
      ) { clamped(low, high) }
    }
    let limits = [low, high].compactMap { $0 }
    let dtype = DType.result([self] + limits)
    let result = withoutGradients {
      let x = to(dtype)
      let raised = low.map { Tensor.maximum(x, $0.to(dtype)) } ?? x
      return high.map { Tensor.minimum(raised, $0.to(dtype)) } ?? raised
    }.detached()
    guard ([self] + limits).contains(where: Tape.records) else { return result }
    let (x, a, b) = (
      Saved(self, .input(0), dtype: dtype), low.map { Saved($0, .input(1), dtype: dtype) },
      high.map { Saved($0, .input(limits.count), dtype: dtype) }
    )
    return result.recorded(
      GradientNode(
        "clamped(_:_:)", edges: ([self] + limits).map { $0.edge(fitting: result) }
      ) { step in
        let gradient = step.gradient
        let x = step[x]
        switch (a.map { step[$0] }, b.map { step[$0] }) {
        case (let low?, let high?):
          step.give(0, gradient.kept(where: (x .>= low) .& (x .<= high)))
          step.give(1, gradient.kept(where: (x .< low) .& (low .< high)))
          step.give(2, gradient.kept(where: (x .> high) .| (high .< low)))
        case (let low?, nil):
          step.give(0, gradient.kept(where: x .>= low))
          step.give(1, gradient.kept(where: x .< low))
        case (nil, let high?):
          step.give(0, gradient.kept(where: x .<= high))
          step.give(1, gradient.kept(where: x .> high))
        case (nil, nil): step.give(0, gradient)
        }
      })
  }

  /// The elements, but at least `low` (PyTorch's `clamp_min`).
  public func clamped(atLeast low: some TensorNumber) -> Tensor { clamped(scalar(low.number), nil) }
  /// The elements, but at least those of `low`, which broadcast.
  public func clamped(atLeast low: Tensor) -> Tensor { clamped(low, nil) }
  /// The elements, but at most `high` (PyTorch's `clamp_max`).
  public func clamped(atMost high: some TensorNumber) -> Tensor {
    clamped(nil, scalar(high.number))
  }
  /// The elements, but at most those of `high`, which broadcast.
  public func clamped(atMost high: Tensor) -> Tensor { clamped(nil, high) }

  /// The elements with NaN and infinities replaced by numbers; infinities by default become the limits of the dtype.
  public func replacingNaN(
    _ nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
  ) -> Tensor {
    composed("replacingNaN(_:positiveInfinity:negativeInfinity:)", [self]) {
      guard dtype.isFloatingPoint else { return self }
      let largest = dtype.greatestFinite
      return maskedFill(isNaN(), with: nan)
        .maskedFill(self .== Double.infinity, with: positiveInfinity ?? largest)
        .maskedFill(self .== -Double.infinity, with: negativeInfinity ?? -largest)
    }
  }
}

extension DType {
  /// The largest finite number of a floating-point dtype.
  var greatestFinite: Double {
    switch self {
    case .float64: Double.greatestFiniteMagnitude
    case .float16: 65504
    case .bfloat16: 0x1.fep127
    default: Double(Float.greatestFiniteMagnitude)
    }
  }
}
