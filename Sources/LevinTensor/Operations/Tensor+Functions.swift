extension Tensor {
  private func unary(
    _ op: Kernels.Unary,
    backward: @escaping (_ gradient: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor
  ) -> Tensor {
    let x = to(.float32)
    let result = Tensor(uninitialized: shape)
    Kernels.unary(op, x, into: result)
    guard Tape.records(x) else { return result }
    let (input, output) = (x.detached(), result)
    return Tape.record(result, x) { $1?.receive(backward($0, input, output)) }
  }

  /// `max(x, 0)`, elementwise.
  public func relu() -> Tensor {
    unary(.relu) { gradient, _, y in
      let result = Tensor(uninitialized: y.shape)
      Kernels.reluBackward(gradient, output: y, into: result)
      return result
    }
  }

  /// The exponential, elementwise.
  public func exp() -> Tensor { unary(.exp) { gradient, _, y in gradient * y } }

  /// The natural logarithm, elementwise.
  public func log() -> Tensor { unary(.log) { gradient, x, _ in gradient / x } }

  /// The square root, elementwise.
  public func sqrt() -> Tensor { unary(.sqrt) { gradient, _, y in gradient / (y * 2) } }

  /// The square, elementwise.
  public func squared() -> Tensor { unary(.square) { gradient, x, _ in gradient * x * 2 } }

  /// The hyperbolic tangent, elementwise.
  public func tanh() -> Tensor {
    unary(.tanh) { gradient, _, y in
      let result = Tensor(uninitialized: y.shape)
      Kernels.tanhBackward(gradient, output: y, into: result)
      return result
    }
  }

  /// `1 / (1 + exp(-x))`, elementwise.
  public func sigmoid() -> Tensor {
    unary(.sigmoid) { gradient, _, y in
      let result = Tensor(uninitialized: y.shape)
      Kernels.sigmoidBackward(gradient, output: y, into: result)
      return result
    }
  }
}
