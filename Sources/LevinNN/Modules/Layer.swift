public import LevinTensor

/// A module that maps one tensor to one tensor.
open class Layer: Module {
  /// The layer's output for `input`; subclasses must override this.
  open func forward(_ input: Tensor) -> Tensor {
    fatalError("\(type(of: self)) is a Layer and must override forward(_:)")
  }

  /// The layer's output for `input`.
  public final func callAsFunction(_ input: Tensor) -> Tensor { LayerTrace.call(self, input) }

  /// Ends the process over an input that does not fit, with the layer's type and its path in the model.
  func refuse(_ input: Tensor, expected: String, hint: String? = nil) -> Never {
    let path = LayerTrace.path(of: self).map { " \"\($0)\"" } ?? ""
    ShapeChecks.fail(
      "\(type(of: self))\(path)", "input \(input.shape)", expected: expected, hint: hint)
  }
}
