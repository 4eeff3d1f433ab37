internal import CLevinKernels

// The common part of all elementwise operations: promotion, broadcasting, allocation, recording. An operation states
// its kernel and, directly below it, the gradients of its inputs.

extension Tensor {
  /// Applies an elementwise function of one tensor; with `floating`, integers are converted to the default dtype
  /// first.
  func unary(
    _ function: UnaryFunction, _ name: StaticString, floating: Bool = false,
    _ backward: (_ saving: Saving, _ result: Tensor) -> GradientNode.Backward
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [self]) { unary(function, name, floating: floating, backward) }
    }
    let dtype = floating ? dtype.floating : dtype
    let result = Tensor(elementwise: shape, dtype, of: self, for: name)
    Kernels.unary(function, self, into: result)
    guard Tape.records(self) else { return result }
    let way = backward(Saving(self, dtype: dtype), result)
    return result.recorded(GradientNode(name, edge(fitting: shape, dtype), backward: way))
  }

  /// Applies a function whose gradient is zero wherever it has one.
  func step(_ function: UnaryFunction, _ name: StaticString) -> Tensor {
    if Tape.isObserved { return Observation.whole(name, [self]) { step(function, name) } }
    let result = Tensor(elementwise: shape, dtype, of: self, for: name)
    Kernels.unary(function, self, into: result)
    return withZeroGradient(result, name)
  }

  /// Records `result`, computed from this tensor, with a gradient of zero.
  func withZeroGradient(_ result: consuming Tensor, _ name: StaticString) -> Tensor {
    guard Tape.records(self) else { return result }
    return result.recorded(
      GradientNode(name, edge(fitting: result.shape, result.dtype)) { step in
        step.give(0, step.gradient.zerosLike())
      })
  }

  /// Applies an elementwise function of two tensors, whose shapes broadcast; with `floating`, integers are converted
  /// to the default dtype first.
  static func binary(
    _ function: BinaryFunction, _ name: StaticString, _ a: Tensor, _ b: Tensor,
    floating: Bool = false,
    _ backward: (_ saving: Saving, _ result: Tensor) -> GradientNode.Backward
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [a, b]) {
        binary(function, name, a, b, floating: floating, backward)
      }
    }
    if a.dtype == b.dtype, a.shape == b.shape, !floating || a.dtype.isFloatingPoint,
      a.isOnHost, b.isOnHost
    {
      let result = Tensor(elementwise: a.shape, a.dtype, of: a, b, for: name)
      Kernels.alike(function, a, b, into: result)
      guard Tape.records(a, b) else { return result }
      let way = backward(Saving(a, b, dtype: a.dtype), result)
      return result.recorded(GradientNode(name, a.edge, b.edge, backward: way))
    }
    let result = promoted(function, name, a, b, floating: floating)
    guard Tape.records(a, b) else { return result }
    let way = backward(Saving(a, b, dtype: result.dtype), result)
    return result.recorded(
      GradientNode(
        name, a.edge(fitting: result), b.edge(fitting: result), backward: way))
  }

  /// The values of ``binary(_:_:_:_:floating:_:)`` if shapes or dtypes differ, or on another device.
  @inline(never)
  private static func promoted(
    _ function: BinaryFunction, _ name: StaticString, _ a: Tensor, _ b: Tensor, floating: Bool
  ) -> Tensor {
    let common = DType.result(a, b)
    let dtype = floating ? common.floating : common
    let shape = ShapeChecks.broadcast(a.shape, b.shape, for: "\(name)")
    let result = Tensor(elementwise: shape, dtype, of: a, b, for: name)
    if a.dtype == dtype, b.dtype == dtype {
      Kernels.binary(function, a, b, into: result)
    } else {
      Kernels.binary(function, a.operand(of: dtype), b.operand(of: dtype), into: result)
    }
    return result
  }

  /// Compares two tensors, whose shapes broadcast; the result is bool.
  static func comparison(
    _ comparison: Comparison, _ name: StaticString, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    if Tape.isObserved {
      return Observation.whole(name, [a, b]) { Self.comparison(comparison, name, a, b) }
    }
    let dtype = DType.result(a, b)
    let shape = ShapeChecks.broadcast(a.shape, b.shape, for: "\(name)")
    let result = Tensor(elementwise: shape, .bool, of: a, b, for: name)
    if a.dtype == b.dtype {
      Kernels.comparison(comparison, a, b, in: dtype, into: result)
    } else {
      Kernels.comparison(
        comparison, a.operand(of: dtype), b.operand(of: dtype), in: dtype, into: result)
    }
    return result
  }

  /// This tensor as an operand of an operation in `dtype`.
  ///
  /// Kernels convert what they load, but a scalar tensor of a wider type is narrowed first, as in PyTorch.
  func operand(of dtype: DType) -> Tensor {
    rank == 0 && self.dtype != dtype
      ? Observation.quietly { withoutGradients { to(dtype) } } : self
  }

  /// A scalar tensor of a number used beside this tensor.
  func scalar(_ number: Number) -> Tensor {
    Tensor(number, dtype: DType.result(self, number))
  }

  /// Creates a scalar tensor of `dtype` in the host's memory, which may be combined with tensors of any device;
  /// integers wrap.
  init(_ number: Number, dtype: DType) {
    switch (number, dtype) {
    case (.double(let value), .float32): self.init(host: Float(value))
    case (.int(let value), .float32): self.init(host: Float(value))
    case (.int(let value), .int64): self.init(host: value)
    case (.int(let value), _): self = Tensor(host: value).converted(to: dtype)
    case (.bool(let value), _): self = Tensor(host: value).converted(to: dtype)
    case (.double(let value), _): self = Tensor(host: value).converted(to: dtype)
    }
  }

  /// The sum over repeated elements: the gradient of ``expanded(to:)``.
  func summed(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return self }
    let added = rank - shape.rank
    let axes = (0..<rank).filter { $0 < added || shape[$0 - added] == 1 && self.shape[$0] != 1 }
    let sum = sum(dimensions: axes, keepDimension: true)
    return sum.reshaped(to: shape)
  }
}
