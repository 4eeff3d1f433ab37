internal import LevinSystem

// Piecewise activation functions, whose gradients at the kinks are PyTorch's.

extension Tensor {
  // MARK: Of two pieces

  /// x, or `alpha (exp x − 1)` below 0 (Clevert and others 2015).
  public func elu(alpha: Double = 1) -> Tensor {
    exponentialUnit("elu()", [.init("alpha", .double(alpha))], alpha, 1)
  }

  /// x, or `alpha (exp(x / alpha) − 1)` below 0 (Barron 2017).
  public func celu(alpha: Double = 1) -> Tensor {
    // For the gradient, PyTorch takes the reciprocal of `alpha` as a float32, whatever the dtype.
    exponentialUnit(
      "celu()", [.init("alpha", .double(alpha))], alpha, 1, 1 / alpha,
      ofSlope: 1 / Double(Float(alpha)))
  }

  /// A scaled ``elu(alpha:)`` that preserves mean and variance (Klambauer and others 2017).
  public func selu() -> Tensor {
    exponentialUnit("selu()", [], 1.673_263_242_354_377_2, 1.050_700_987_355_480_5)
  }

  private func exponentialUnit(
    _ name: StaticString, _ attributes: @autoclosure () -> [OperationAttribute], _ alpha: Double,
    _ scale: Double, _ inner: Double = 1, ofSlope slope: Double = 1
  ) -> Tensor {
    fused(name, attributes: attributes()) { x in
      Tensor.where(x .<= 0, (x * inner).expm1() * (alpha * scale), x * scale)
    } gradient: { gradient, x in
      // Above 0 the exponential is not needed, and might overflow.
      let power = (x.kept(where: x .<= 0) * slope).exp()
      return Tensor.where(
        x .<= 0, gradient * power * (alpha * scale * slope), gradient * scale)
    }
  }

  /// x, or `negativeSlope x` below 0.
  public func leakyReLU(negativeSlope: Double = 0.01) -> Tensor {
    fused("leakyReLU()", attributes: [.init("negativeSlope", .double(negativeSlope))]) { x in
      Tensor.where(x .> 0, x, x * negativeSlope)
    } gradient: { gradient, x in
      Tensor.where(x .> 0, gradient, gradient * negativeSlope)
    }
  }

  /// x, or `weight x` below 0, for a weight of one element, or `[channels]` for x `[batch, channels, …]` (He and
  /// others 2015).
  public func prelu(_ weight: Tensor) -> Tensor {
    composed("prelu(_:)", [self, weight]) {
      let channels = rank > 1 ? shape[1] : 1
      guard weight.rank <= 1, weight.elementCount == 1 || weight.elementCount == channels else {
        fail(
          "prelu(_:)", "weight \(weight.shape) for input \(shape)",
          expected: "one element, or [\(channels)]")
      }
      let slopes =
        weight.elementCount == 1
        ? weight.reshaped(to: []) : weight.reshaped(to: channelShape(channels))
      return Tensor.where(self .> 0, self, slopes * self)
    }
  }

  /// `[1, channels, 1, …]`, of this tensor's rank.
  func channelShape(_ channels: Int) -> Shape {
    Shape((0..<rank).map { $0 == 1 ? channels : 1 })
  }

  /// The randomized leaky ReLU (Xu and others 2015): x above 0, otherwise a x.
  ///
  /// In training a is drawn from `lower…upper` for each such element, otherwise it is the middle of that range. The
  /// draws are PyTorch's.
  public func rrelu(
    lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = false,
    generator: Generator = .default
  ) -> Tensor {
    composed(
      "rrelu()", [self],
      [
        .init("lower", .double(lower)), .init("upper", .double(upper)),
        .init("training", .bool(training)),
      ]
    ) {
      guard training else { return leakyReLU(negativeSlope: (lower + upper) / 2) }
      let slopes = withoutGradients { (self .<= 0).scalars(as: Bool.self) }.map {
        $0 ? lower + generator.uniformDouble() * (upper - lower) : 1
      }
      return self * Tensor(slopes, shape: shape, device: device).to(dtype)
    }
  }

  /// x where it is above `threshold`, otherwise `value`.
  public func threshold(_ threshold: Double, _ value: Double) -> Tensor {
    fused(
      "threshold(_:_:)",
      attributes: [.init("threshold", .double(threshold)), .init("value", .double(value))]
    ) { x in
      x.maskedFill(x .<= threshold, with: value)
    } gradient: { gradient, x in
      gradient.kept(where: .!(x .<= threshold))
    }
  }

  // MARK: Of straight pieces

  /// x limited to `low…high`; the gradient passes between them.
  ///
  /// Traps if `low` is above `high`.
  public func hardtanh(_ low: Double = -1, _ high: Double = 1) -> Tensor {
    guard low <= high else {
      fail(
        "hardtanh(_:_:)", "limits \(low) and \(high)",
        expected: "a first one that is not above the second")
    }
    return fused(
      "hardtanh(_:_:)", attributes: [.init("low", .double(low)), .init("high", .double(high))]
    ) { x in
      Tensor.minimum(
        Tensor.maximum(x, Tensor(.double(low), dtype: dtype)), Tensor(.double(high), dtype: dtype))
    } gradient: { gradient, x in
      gradient.kept(where: .!((x .<= low) .| (x .>= high)))
    }
  }

  /// x limited to 0…6.
  public func relu6() -> Tensor {
    composed("relu6()", [self]) {
      hardtanh(0, 6)
    }
  }

  /// `(x + 3) / 6` limited to 0…1.
  public func hardsigmoid() -> Tensor {
    fused("hardsigmoid()") { x in
      (x + 3).hardtanh(0, 6) / 6
    } gradient: { gradient, x in
      // PyTorch's 1/6 is a float32 for every dtype.
      (gradient * Double(Float(1) / 6)).kept(where: (x .> -3) .& (x .< 3))
    }
  }

  /// `x` times ``hardsigmoid()`` (Howard and others 2019).
  public func hardswish() -> Tensor {
    fused("hardswish()") { x in
      x * (x + 3).hardtanh(0, 6) / 6
    } gradient: { gradient, x in
      Tensor.where(x .< 3, (gradient * (x / 3 + 0.5)).kept(where: x .> -3), gradient)
    }
  }

  /// x, or 0 for x in `-lambda…lambda`.
  public func hardshrink(_ lambda: Double = 0.5) -> Tensor {
    fused("hardshrink(_:)", attributes: [.init("lambda", .double(lambda))]) { x in
      x.kept(where: .!((x .>= -lambda) .& (x .<= lambda)))
    } gradient: { gradient, x in
      gradient.kept(where: .!((x .>= -lambda) .& (x .<= lambda)))
    }
  }

  /// x moved towards 0 by `lambda`, but not past it.
  public func softshrink(_ lambda: Double = 0.5) -> Tensor {
    guard lambda >= 0 else {
      fail("softshrink(_:)", "lambda \(lambda)", expected: "0 or more")
    }
    return fused("softshrink(_:)", attributes: [.init("lambda", .double(lambda))]) { x in
      Tensor.where(x .> lambda, x - lambda, Tensor.where(x .< -lambda, x + lambda, x * 0))
    } gradient: { gradient, x in
      gradient.kept(where: .!((x .>= -lambda) .& (x .<= lambda)))
    }
  }
}
