/// A tensor that training changes, with the gradient that belongs to it.
public final class Parameter {
  /// The sizes of the dimensions.
  public let shape: Shape
  private var stored: Tensor
  private let leaf = Leaf()
  private let node: GradientNode

  /// A parameter that starts with the values of `value`, of a floating-point dtype (traps otherwise).
  public init(_ value: Tensor) {
    ShapeChecks.isFloatingPoint(value, for: "Parameter(_:)")
    shape = value.shape
    stored = value.detached().contiguous()
    node = GradientNode(leaf: leaf)
  }

  /// The type of the elements.
  public var dtype: DType { stored.dtype }

  /// Whether gradients are computed for it.
  public var requiresGradient = true

  /// The values; what is computed from them is recorded, where the parameter requires a gradient.
  ///
  /// A tensor that is kept stays what it was when the parameter changes. What is assigned is copied, without its record, as
  /// ``assign(_:)`` does: the parameter stays the leaf that it was, with its gradient, and traps for another shape or dtype.
  public var value: Tensor {
    get { requiresGradient ? stored.recorded(node) : stored }
    set { assign(newValue) }
  }

  /// The gradient; nil before the first backward and after ``zeroGradient()``.
  public var gradient: Tensor? {
    get { leaf.gradient }
    set {
      if let newValue, newValue.shape != shape {
        ShapeChecks.fail("Parameter.gradient", "shape \(newValue.shape)", expected: "\(shape)")
      }
      leaf.gradient = newValue?.detached().to(dtype)
    }
  }

  /// Overwrites the values with copies; the gradient stays.
  ///
  /// Traps where shape or dtype differ.
  public func assign(_ newValue: Tensor) {
    ShapeChecks.dtype(of: newValue, is: dtype, for: "Parameter.assign(_:)")
    guard newValue.shape == shape else {
      ShapeChecks.fail(
        "Parameter.assign(_:)", "shape \(newValue.shape)", expected: "\(shape)",
        hint: "a parameter keeps its shape; make a new one for another")
    }
    write { Kernels.copy(newValue, into: $0) }
  }

  /// Forgets the gradient.
  public func zeroGradient() { leaf.gradient = nil }

  /// Calls `body` with the values, in memory that nobody else sees.
  private func write(_ body: (Tensor) -> Void) {
    if !stored.isAlone() { stored = stored.copied() }
    body(stored)
  }

  /// Calls `body` with values and gradient for an update in place; does nothing where there is no gradient.
  ///
  /// The values are float32, as optimizers compute them (traps otherwise).
  public func update(
    _ body: (
      _ values: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>
    ) -> Void
  ) {
    ShapeChecks.dtype(of: stored, is: .float32, for: "Parameter.update(_:)")
    leaf.withGradient { gradient in
      guard var own = gradient.take() else { return }
      if !own.isAlone() { own = own.copied() }
      write { values in
        let count = shape.elementCount
        body(
          UnsafeMutableBufferPointer(start: values.elements(Float.self), count: count),
          UnsafeMutableBufferPointer(start: own.elements(Float.self), count: count))
      }
      gradient = own
    }
  }
}
