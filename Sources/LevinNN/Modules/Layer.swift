internal import LevinSystem
public import LevinTensor

/// A module that maps one tensor to one tensor.
open class Layer: Module {
  /// Returns the layer's output for `input`; subclasses must override this.
  open func forward(_ input: Tensor) -> Tensor {
    fail("forward(_:)", "no override in \(type(of: self))", expected: "one in each layer")
  }

  /// Returns the layer's output for `input`.
  public final func callAsFunction(_ input: Tensor) -> Tensor { called { forward(input) } }

  /// Ends the process because of an unsuitable input; the message has the layer's type and its path in the model.
  func refuse(_ input: Tensor, expected: String, hint: String? = nil) -> Never {
    let name = Scopes.name(of: Scopes.current) ?? "\(type(of: self))"
    fail(name, "input \(input.shape)", expected: expected, hint: hint)
  }
}
