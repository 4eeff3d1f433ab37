internal import CLevinKernels
internal import LevinSystem

// Activation functions of torch.nn.functional.
//
// Each is a formula of other functions but a single step in the record: its gradient is written out, so that it
// equals PyTorch's even at kinks, and intermediate results are not kept.

extension Tensor {
  /// A function computed from others, and its gradient, given the output's gradient and the input.
  func fused(
    _ name: StaticString, attributes: @autoclosure () -> [OperationAttribute] = [],
    _ values: (Tensor) -> Tensor,
    gradient: @escaping (_ gradient: Tensor, _ x: Tensor) -> Tensor
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self], attributes()) {
        fused(name, values, gradient: gradient)
      }
    }
    let result = withoutGradients { values(detached()) }
    guard Tape.records(self) else { return result }
    let saved = Saving(self, dtype: dtype).input(0, self, for: 0)
    return result.recorded(
      GradientNode(name, edge) { step in step.give(0, gradient(step.gradient, step[saved])) })
  }

  /// A function with kernels for itself and for its gradient; if the gradient is recorded, it is computed from other
  /// operations.
  private func activated(
    _ function: UnaryFunction, _ slope: BinaryFunction, _ name: StaticString,
    gradient: @escaping (_ gradient: Tensor, _ x: Tensor) -> Tensor
  ) -> Tensor {
    unary(function, name, floating: true) { saving, _ in
      let saved = saving.input(0, self, for: 0)
      return { step in
        let x = step[saved]
        step.give(
          0,
          step.createsGraph
            ? gradient(step.gradient, x) : Self.fused(slope, step.gradient, x))
      }
    }
  }

  /// The elements where `mask` is true, 0 elsewhere.
  func kept(where mask: Tensor) -> Tensor {
    Tensor.where(mask, self, Tensor(.int(0), dtype: dtype))
  }

  // MARK: Smooth

  /// How ``gelu(approximate:)`` computes the normal distribution function.
  public enum GELUApproximation: String, Sendable {
    /// With the error function.
    case none
    /// With a hyperbolic tangent.
    case tanh
  }

  /// `x Φ(x)`, with the normal distribution function Φ (Hendrycks and Gimpel 2016).
  public func gelu(approximate: GELUApproximation = .none) -> Tensor {
    switch approximate {
    case .none:
      activated(.gelu, .geluGradient, "gelu()") { gradient, x in
        let density = (x.squared() * -0.5).exp() * (0.5 / Double.pi).squareRoot()
        return gradient * (((x * 0.5.squareRoot()).erf() + 1) * 0.5 + x * density)
      }
    case .tanh:
      activated(.geluTanh, .geluTanhGradient, "gelu(approximate: .tanh)") { gradient, x in
        let t = Self.geluArgument(x).tanh()
        let slope = (x.squared() * (3 * 0.044715) + 1) * (2 / Double.pi).squareRoot()
        return gradient * ((t + 1) * 0.5 + x * 0.5 * (1 - t.squared()) * slope)
      }
    }
  }

  private static func geluArgument(_ x: Tensor) -> Tensor {
    (x.squared() * x * 0.044715 + x) * (2 / Double.pi).squareRoot()
  }

  /// `x σ(x)`, with the logistic function σ; also called swish.
  public func silu() -> Tensor {
    activated(.silu, .siluGradient, "silu()") { gradient, x in
      let s = x.sigmoid()
      return gradient * (s * (x * (1 - s) + 1))
    }
  }

  /// `x tanh(log(1 + exp x))` (Misra 2019).
  public func mish() -> Tensor {
    fused("mish()") { x in
      x * x.exp().log1p().tanh()
    } gradient: { gradient, x in
      let t = x.softplus().tanh()
      return gradient * (t + x * x.sigmoid() * (1 - t.squared()))
    }
  }

  /// `log(1 + exp(beta x)) / beta`, or x itself where `beta x` is above `threshold`.
  public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
    fused(
      "softplus()",
      attributes: [.init("beta", .double(beta)), .init("threshold", .double(threshold))]
    ) { x in
      let scaled = x * beta
      return Tensor.where(scaled .> threshold, x, scaled.exp().log1p() / beta)
    } gradient: { gradient, x in
      let scaled = x * beta
      return Tensor.where(scaled .> threshold, gradient, gradient * scaled.sigmoid())
    }
  }

  /// `log σ(x)`, without overflow.
  public func logSigmoid() -> Tensor {
    fused("logSigmoid()") { x in
      Tensor.minimum(x, x.scalar(.int(0))) - (-x.absolute()).exp().log1p()
    } gradient: { gradient, x in
      gradient * (-x).sigmoid()
    }
  }

  /// `x / (1 + |x|)`.
  public func softsign() -> Tensor {
    composed("softsign()", [self]) {
      self / (absolute() + 1)
    }
  }

  /// `x − tanh x`.
  public func tanhshrink() -> Tensor {
    composed("tanhshrink()", [self]) {
      self - tanh()
    }
  }

  // MARK: Along a dimension

  /// The gated linear unit (Dauphin and others 2016): the first half along a dimension times the logistic function of the second.
  ///
  /// Traps if the dimension's size is odd.
  public func glu(dimension: Int = -1) -> Tensor {
    composed("glu()", [self], [.init("dimension", .int(dimension))]) {
      let axis = ShapeChecks.axis(dimension, of: self, for: "glu(dimension:)")
      guard shape[axis] % 2 == 0 else {
        fail(
          "glu(dimension:)", "shape \(shape)", expected: "an even size of dimension \(axis)")
      }
      let half = shape[axis] / 2
      return narrowed(axis, start: 0, length: half)
        * narrowed(axis, start: half, length: half).sigmoid()
    }
  }
}
