internal import LevinSystem

/// The traps for mistakes in shapes, dtypes and axes; each message has the operation, what was found, what was
/// expected, and a hint.
package enum ShapeChecks {
  static func count(_ count: Int, fills shape: Shape) {
    guard count == shape.elementCount else {
      fail(
        "Tensor(_:shape:)", "\(count) scalars for shape \(shape)",
        expected: "\(shape.elementCount) scalars")
    }
  }

  static func dtype(of tensor: Tensor, is dtype: DType, for operation: String) {
    guard tensor.dtype == dtype else {
      fail(
        operation, "a tensor of dtype \(tensor.dtype.name)", expected: dtype.name,
        hint: "convert it with to(.\(dtype))")
    }
  }

  /// The device that operands share; there may be scalars of the host among tensors of another device.
  static func device(of operands: [Tensor], for operation: @autoclosure () -> String) -> Device {
    guard let first = operands.first(where: { !$0.isOnHost }) else { return .cpu }
    let device = first.device
    for other in operands where other.device != device && !(other.isOnHost && other.rank == 0) {
      fail(
        operation(), "tensors on \(device) and \(other.device)", expected: "one device",
        hint: "move one of them, as x.to(y.device)")
    }
    return device
  }

  /// Checks for one device; scalars of the host are no exception.
  static func sameDevice(_ a: Tensor, _ b: Tensor, for operation: @autoclosure () -> String) {
    guard a.isOnHost != b.isOnHost || a.device != b.device else { return }
    fail(
      operation(), "tensors on \(a.device) and \(b.device)", expected: "one device",
      hint: "move one of them, as x.to(y.device)")
  }

  static func isFloatingPoint(_ tensor: Tensor, for operation: String) {
    guard tensor.dtype.isFloatingPoint else {
      fail(
        operation, "a tensor of dtype \(tensor.dtype.name)", expected: "a floating-point dtype",
        hint: "convert it with to(.float32)")
    }
  }

  /// The bytes that elements of `dtype` take.
  static func byteCount(of shape: Shape, _ dtype: DType) -> Int {
    guard let count = shape.byteCount(of: dtype.byteCount) else {
      fail("a tensor", "shape \(shape)", expected: "sizes of 0 or more whose bytes can be counted")
    }
    return count
  }

  static func isNotBool(_ a: DType, _ b: DType, for operation: String) {
    guard a == .bool || b == .bool else { return }
    fail(
      operation,
      a == b ? "tensors of dtype bool" : "a tensor of dtype bool beside one of numbers",
      expected: "numbers", hint: "use .^ or .! for truth values, or convert with to(.int64)")
  }

  static func isNotFloatingPoint(_ a: Tensor, _ b: Tensor, for operation: String) {
    guard a.dtype.isFloatingPoint || b.dtype.isFloatingPoint else { return }
    fail(
      operation, "tensors of dtype \(a.dtype.name) and \(b.dtype.name)",
      expected: "integers or bools",
      hint: "convert with to(.int64), or compare first")
  }

  /// An integer division by zero would end the process without a message.
  static func hasNoZeroDivisor(_ a: Tensor, _ b: Tensor, for operation: String) {
    guard !DType.result(a, b).isFloatingPoint,
      Observation.quietly({ (b .== 0).any().item() != 0 })
    else { return }
    fail(operation, "an integer divided by zero", expected: "divisors other than 0")
  }

  static func sameDType(_ a: Tensor, _ b: Tensor, for operation: String) -> DType {
    guard a.dtype == b.dtype else {
      fail(
        operation, "dtypes \(a.dtype.name) and \(b.dtype.name)", expected: "one dtype",
        hint: "convert one of them with to(_:)")
    }
    return a.dtype
  }

  static func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) {
    guard x.rank > 0, weight.rank == 2, x.shape[x.rank - 1] == weight.shape[1] else {
      let features = weight.shape.last ?? 0
      fail(
        "linear", "input \(x.shape) and weight \(weight.shape)",
        expected: "input [batch, \(features)]",
        hint: x.shape.elementCount == (x.shape.first ?? 0) * features
          ? "flatten the input to [\(x.shape.first ?? 0), \(features)]"
          : "the layer takes \(features) features")
    }
    if let bias, bias.rank != 1 || bias.shape[0] != weight.shape[0] {
      fail(
        "linear", "bias \(bias.shape) and weight \(weight.shape)",
        expected: "bias [\(weight.shape[0])]")
    }
    let isWrong = weight.dtype != x.dtype
    if isWrong || bias.map({ $0.dtype != x.dtype }) ?? false {
      let (name, other) = isWrong ? ("weight", weight) : ("bias", bias ?? weight)
      fail(
        "linear", "input of \(x.dtype.name) and \(name) of \(other.dtype.name)",
        expected: "one dtype", hint: "convert the input with to(.\(other.dtype))")
    }
  }

  static func leads(from start: Double, to end: Double, _ step: Double) {
    guard step != 0, start.isFinite, end.isFinite, (end - start) * step >= 0 else {
      fail(
        "arange(_:_:step:)", "\(start) to \(end) by \(step)",
        expected: "finite ends, and a step that leads from the first to the second")
    }
  }

  static func isSingle(_ tensor: Tensor, for operation: String) {
    guard tensor.elementCount == 1 else {
      fail(
        operation, "shape \(tensor.shape)", expected: "one element",
        hint: "reduce it first, with mean() or sum()")
    }
  }

  static func axis(
    _ dimension: Int, of tensor: Tensor, for operation: @autoclosure () -> String
  ) -> Int {
    let axis = dimension < 0 ? dimension + tensor.rank : dimension
    guard axis >= 0, axis < tensor.rank else {
      fail(
        operation(), "dimension \(dimension) of shape \(tensor.shape)",
        expected: "a dimension in -\(tensor.rank)..<\(tensor.rank)")
    }
    return axis
  }

  static func hasRank(_ rank: Int, _ tensor: Tensor, for operation: String) {
    guard tensor.rank >= rank else {
      fail(
        operation, "shape \(tensor.shape)",
        expected: "\(rank == 1 ? "a dimension" : "\(rank) dimensions") or more")
    }
  }

  /// Checks that a dimension is not empty and returns its size.
  static func isNotEmpty(_ axis: Int, of tensor: Tensor, for operation: String) -> Int {
    guard tensor.shape[axis] > 0 else {
      fail(operation, "shape \(tensor.shape)", expected: "a dimension \(axis) that is not empty")
    }
    return tensor.shape[axis]
  }

  /// Resolves `shape` (with at most one -1) for the elements of `tensor`.
  static func resolve(_ shape: Shape, for tensor: Tensor) -> Shape {
    var sizes = Array(shape)
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    let open = sizes.indices.filter { sizes[$0] == -1 }
    if open.count == 1, known > 0, tensor.elementCount % known == 0 {
      sizes[open[0]] = tensor.elementCount / known
    }
    guard !sizes.contains(where: { $0 < 0 }), sizes.reduce(1, *) == tensor.elementCount else {
      fail(
        "reshaped(to:)", "shape \(tensor.shape) to \(shape)",
        expected: "a shape of \(tensor.elementCount) elements, with at most one -1")
    }
    return Shape(sizes)
  }

  /// Checks the operands of an operation that is composed of others, so that errors name this operation.
  static func broadcasts(_ operands: [Tensor?], for operation: String) {
    let shapes = operands.compactMap { $0?.shape }
    guard let first = shapes.first else { return }
    _ = shapes.dropFirst().reduce(first) { broadcast($0, $1, for: operation) }
  }

  /// The shape that two operands broadcast to.
  static func broadcast(_ a: Tensor, _ b: Tensor, for operation: @autoclosure () -> String) -> Shape
  {
    broadcast(a.shape, b.shape, for: operation())
  }

  /// The shape that two shapes broadcast to.
  static func broadcast(_ a: Shape, _ b: Shape, for operation: @autoclosure () -> String) -> Shape {
    if a == b || b.rank == 0 { return a }
    if a.rank == 0 { return b }
    let rank = max(a.rank, b.rank)
    return Shape(rank: rank) { i in
      let (m, n) = (a.rank - rank + i, b.rank - rank + i)
      let (p, q) = (m >= 0 ? a[m] : 1, n >= 0 ? b[n] : 1)
      guard p == q || p == 1 || q == 1 else {
        fail(
          operation(), "shapes \(a) and \(b)", expected: "shapes that broadcast",
          hint: "sizes, counted from the last, must be equal or 1")
      }
      return p == 1 ? q : p
    }
  }
}
