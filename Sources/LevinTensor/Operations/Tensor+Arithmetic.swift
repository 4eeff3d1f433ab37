// Elementwise arithmetic with broadcasting; operands are converted to float32.

extension Tensor {
  /// The elementwise sum; shapes broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let result = elementwise(.add, "+", a, b)
    guard Tape.records(a, b) else { return result }
    guard a.shape != b.shape else {
      return Tape.record(result, a, b) { gradient, a, b in
        a?.receive(gradient)
        b?.receive(gradient)
      }
    }
    let (shapeA, shapeB) = (a.shape, b.shape)
    return Tape.record(result, a, b) { gradient, a, b in
      a?.receive(gradient.summed(to: shapeA))
      b?.receive(gradient.summed(to: shapeB))
    }
  }

  /// The elementwise difference; shapes broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let result = elementwise(.subtract, "-", a, b)
    guard Tape.records(a, b) else { return result }
    let (shapeA, shapeB) = (a.shape, b.shape)
    return Tape.record(result, a, b) { gradient, a, b in
      a?.receive(gradient.summed(to: shapeA))
      b?.receive((-gradient).summed(to: shapeB))
    }
  }

  /// The elementwise product; shapes broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let result = elementwise(.multiply, "*", a, b)
    guard Tape.records(a, b) else { return result }
    let (x, y) = (a.detached(), b.detached())
    return Tape.record(result, a, b) { gradient, a, b in
      a?.receive((gradient * y).summed(to: x.shape))
      b?.receive((gradient * x).summed(to: y.shape))
    }
  }

  /// The elementwise quotient; shapes broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let result = elementwise(.divide, "/", a, b)
    guard Tape.records(a, b) else { return result }
    let (x, y) = (a.detached(), b.detached())
    return Tape.record(result, a, b) { gradient, a, b in
      a?.receive((gradient / y).summed(to: x.shape))
      b?.receive((-gradient * x / (y * y)).summed(to: y.shape))
    }
  }

  /// Every element plus a number.
  public static func + (a: Tensor, b: Float) -> Tensor { scalar(.add, a, b) { $0 } }
  /// Every element plus a number.
  public static func + (a: Float, b: Tensor) -> Tensor { b + a }
  /// Every element minus a number.
  public static func - (a: Tensor, b: Float) -> Tensor { scalar(.subtract, a, b) { $0 } }
  /// A number minus every element.
  public static func - (a: Float, b: Tensor) -> Tensor { -b + a }
  /// Every element times a number.
  public static func * (a: Tensor, b: Float) -> Tensor { scalar(.multiply, a, b) { $0 * b } }
  /// Every element times a number.
  public static func * (a: Float, b: Tensor) -> Tensor { b * a }
  /// Every element divided by a number.
  public static func / (a: Tensor, b: Float) -> Tensor { scalar(.divide, a, b) { $0 / b } }
  /// A number divided by every element.
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }
  /// Every element with its sign turned.
  public static prefix func - (a: Tensor) -> Tensor { a * -1 }

  private static func scalar(
    _ op: Kernels.Binary, _ a: Tensor, _ b: Float, backward: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let a = a.to(.float32)
    let result = Tensor(uninitialized: a.shape)
    Kernels.binary(op, a, scalar: b, into: result)
    guard Tape.records(a) else { return result }
    return Tape.record(result, a) { $1?.receive(backward($0)) }
  }

  /// The operation on the values alone.
  private static func elementwise(
    _ op: Kernels.Binary, _ name: StaticString, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    guard a.dtype == .float32, b.dtype == .float32, a.shape == b.shape else {
      let (a, b) = (a.to(.float32), b.to(.float32))
      let shape = ShapeChecks.broadcast(a, b, for: "\(name)")
      let result = Tensor(uninitialized: shape)
      Kernels.binary(op, a.expanded(to: shape), b.expanded(to: shape), into: result)
      return result
    }
    let result = Tensor(uninitialized: a.shape)
    Kernels.binary(op, a, b, into: result)
    return result
  }

  /// The tensor repeated along sizes of 1 and missing leading dimensions until it has `shape`.
  func expanded(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return self }
    let result = Tensor(uninitialized: shape)
    guard elementCount != 1 else {
      Kernels.fill(result, floats[0])
      return result
    }
    let padded = [Int](repeating: 1, count: shape.rank - rank) + Array(self.shape)
    var strides = [Int](repeating: 0, count: shape.rank)
    var stride = 1
    for i in padded.indices.reversed() {
      strides[i] = padded[i] == 1 ? 0 : stride
      stride *= padded[i]
    }
    var position = [Int](repeating: 0, count: shape.rank)
    var source = 0
    for target in 0..<result.elementCount {
      result.floats[target] = floats[source]
      for i in position.indices.reversed() {
        position[i] += 1
        source += strides[i]
        if position[i] < shape[i] { break }
        source -= strides[i] * shape[i]
        position[i] = 0
      }
    }
    return result
  }

  /// The sum over what broadcasting repeated: the way back of ``expanded(to:)``.
  func summed(to shape: Shape) -> Tensor {
    guard shape != self.shape else { return self }
    if shape.elementCount == 1 { return sum().reshaped(to: shape) }
    var result = self
    while result.rank > shape.rank { result = result.sum(dimension: 0) }
    for i in 0..<shape.rank where shape[i] == 1 && result.shape[i] != 1 {
      result = result.sum(dimension: i, keepDimension: true)
    }
    return result
  }
}
