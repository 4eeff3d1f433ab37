internal import LevinSystem

/// A tensor that training changes, together with its gradient.
public final class Parameter {
  /// The sizes of the dimensions.
  public let shape: Shape
  private var stored: Tensor
  private let leaf = Leaf()
  private let node: GradientNode
  /// The origin that the values are computed from; nil if the parameter has its own values.
  public let origin: (any ParameterOrigin)?

  /// Creates a parameter with the values of `value`, of a floating-point dtype (traps otherwise).
  public init(_ value: Tensor) {
    ShapeChecks.isFloatingPoint(value, for: "Parameter(_:)")
    shape = value.shape
    stored = value.detached().contiguous()
    node = GradientNode(leaf: leaf)
    origin = nil
  }

  /// Creates a parameter without its own values: `origin` computes them at each access, and is trained and saved
  /// instead.
  public init(computedBy origin: some ParameterOrigin) {
    stored = withoutGradients { origin.computedValue() }
    shape = stored.shape
    node = GradientNode(leaf: leaf)
    self.origin = origin
  }

  /// The type of the elements.
  public var dtype: DType { stored.dtype }

  /// Whether gradients are computed for it.
  public var requiresGradient = true

  /// The values; what is computed from them is recorded if the parameter requires a gradient.
  ///
  /// A tensor taken from here does not change when the parameter does. An assigned tensor is copied, without its
  /// record, as by ``assign(_:)``: the parameter stays the same leaf, with its gradient. Assigning traps for another
  /// shape or dtype.
  public var value: Tensor {
    get { origin?.computedValue() ?? (requiresGradient ? stored.recorded(node) : stored) }
    set { assign(newValue) }
  }

  /// The gradient; nil before the first backward and after ``zeroGradient()``.
  public var gradient: Tensor? {
    get { leaf.gradient }
    set {
      if let newValue, newValue.shape != shape {
        fail("Parameter.gradient", "shape \(newValue.shape)", expected: "\(shape)")
      }
      leaf.gradient = newValue?.detached().to(dtype)
    }
  }

  /// Whether there is a gradient.
  package var hasGradient: Bool { leaf.hasGradient }

  /// Overwrites the values with copies; the gradient stays.
  ///
  /// Traps if shape or dtype differ.
  public func assign(_ newValue: Tensor) {
    ShapeChecks.dtype(of: newValue, is: dtype, for: "Parameter.assign(_:)")
    guard newValue.shape == shape else {
      fail(
        "Parameter.assign(_:)", "shape \(newValue.shape)", expected: "\(shape)",
        hint: "a parameter keeps its shape; make a new one for another")
    }
    if let origin { return origin.assign(newValue) }
    write { Kernels.copy(newValue, into: $0) }
  }

  /// Clears the gradient.
  public func zeroGradient() { leaf.gradient = nil }

  /// Calls `body` with the values, in memory that nothing else uses.
  private func write(_ body: (Tensor) -> Void) {
    stored.takeMemory()
    body(stored)
  }

  /// Calls `body` with values and gradient, moved out of the parameter, so that in-place changes write to their
  /// memory; does nothing if there is no gradient.
  ///
  /// Nothing is recorded; `body` must not use the parameter itself. Traps if `body` leaves another shape, dtype or
  /// device.
  public func update(_ body: (_ value: inout Tensor, _ gradient: inout Tensor) -> Void) {
    leaf.withGradient { gradient in
      guard var own = gradient.take() else { return }
      let (dtype, device) = (stored.dtype, stored.device)
      withoutGradients { body(&stored, &own) }
      for changed in [stored, own] {
        guard changed.shape == shape, changed.dtype == dtype, changed.device == device else {
          fail(
            "Parameter.update(_:)",
            "\(changed.dtype.name) \(changed.shape) on \(changed.device)",
            expected: "\(dtype.name) \(shape) on \(device), as before")
        }
      }
      stored = stored.detached().contiguous()
      gradient = own
    }
  }

  /// Makes one step of an optimizer in place, with `state`, which begins as zeros; does nothing if there is no
  /// gradient.
  ///
  /// All tensors are float32, which optimizers compute in (traps otherwise).
  package func update(_ rule: UpdateRule, state: inout [Tensor]) {
    if dtype != .float32 {
      ShapeChecks.dtype(of: stored, is: .float32, for: "Parameter.update(_:)")
    }
    leaf.withGradient { gradient in
      guard var own = gradient.take() else { return }
      if !own.isContiguous { own = own.contiguous() }
      Kernels.update(rule, &stored, own, state: &state)
      gradient = own
    }
  }

  /// The device of the values.
  public var device: Device { stored.device }

  /// Moves values and gradient to another device.
  public func move(to device: Device) {
    stored = withoutGradients { stored.to(device) }
    leaf.gradient = leaf.gradient?.to(device)
  }

  /// Converts values and gradient to another dtype; traps for one that is not floating-point.
  public func convert(to dtype: DType) {
    let converted = withoutGradients { stored.to(dtype) }
    ShapeChecks.isFloatingPoint(converted, for: "Parameter.convert(to:)")
    stored = converted
    leaf.gradient = leaf.gradient?.to(dtype)
  }
}
