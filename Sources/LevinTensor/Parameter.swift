/// A block of memory that training changes in place, with the gradient that belongs to it.
public final class Parameter {
  /// The sizes of the dimensions.
  public let shape: Shape

  /// A parameter that starts as a copy of `value` (float32).
  public init(_ value: Tensor) { shape = value.shape }

  /// Whether gradients are computed for it.
  public var requiresGradient = true
  /// A copy of the values, to keep.
  public var value: Tensor { fatalError("skeleton") }
  /// A copy of the gradient; nil before the first backward and after ``zeroGradient()``.
  public var gradient: Tensor? { fatalError("skeleton") }
  /// Overwrites the values; `newValue` has the same shape and dtype.
  public func assign(_ newValue: Tensor) { fatalError("skeleton") }
  /// Forgets the gradient.
  public func zeroGradient() { fatalError("skeleton") }
  /// The values as an operand of recorded operations; valid until the next in-place write.
  public var operand: Tensor { fatalError("skeleton") }
}
