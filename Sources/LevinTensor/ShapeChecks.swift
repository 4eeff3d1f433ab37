import Synchronization

/// All traps for mistakes in shapes, dtypes and axes: the operation, what was found, what was expected, a hint.
public enum ShapeChecks {
  private static let hook = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// Called with the message before the process ends, so that files can be drained and the place in a training be named.
  public static func setFailureHook(_ newHook: (@Sendable (String) -> Void)?) {
    hook.withLock { $0 = newHook }
  }

  package static func fail(
    _ operation: String, _ found: String, expected: String, hint: String? = nil
  ) -> Never {
    var message = "\(operation): found \(found); expected \(expected)"
    if let hint { message += "; \(hint)" }
    let hook = hook.withLock { $0 }
    hook?(message)
    fatalError(message)
  }

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

  static func isSingle(_ tensor: Tensor, for operation: String) {
    guard tensor.elementCount == 1 else {
      fail(
        operation, "shape \(tensor.shape)", expected: "one element",
        hint: "reduce it first, with mean() or sum()")
    }
  }

  static func isNotEmpty(_ tensor: Tensor, for operation: String) {
    guard tensor.elementCount > 0 else {
      fail(operation, "shape \(tensor.shape)", expected: "at least one element")
    }
  }

  static func axis(_ dimension: Int, of tensor: Tensor, for operation: String) -> Int {
    let axis = dimension < 0 ? dimension + tensor.rank : dimension
    guard axis >= 0, axis < tensor.rank else {
      fail(
        operation, "dimension \(dimension) of shape \(tensor.shape)",
        expected: "a dimension in -\(tensor.rank)..<\(tensor.rank)")
    }
    return axis
  }

  /// The shape that `shape` (with at most one -1) means for `count` elements.
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

  /// The shape that two operands broadcast to.
  static func broadcast(_ a: Tensor, _ b: Tensor, for operation: String) -> Shape {
    let rank = max(a.rank, b.rank)
    var sizes = [Int](repeating: 1, count: rank)
    for i in 0..<rank {
      let (m, n) = (a.rank - rank + i, b.rank - rank + i)
      let (p, q) = (m >= 0 ? a.shape[m] : 1, n >= 0 ? b.shape[n] : 1)
      guard p == q || p == 1 || q == 1 else {
        fail(
          operation, "shapes \(a.shape) and \(b.shape)", expected: "shapes that broadcast",
          hint: "sizes, counted from the last, must be equal or 1")
      }
      sizes[i] = p == 1 ? q : p
    }
    return Shape(sizes)
  }
}
