internal import LevinSystem
public import LevinTensor

/// A module that maps one tensor to one tensor.
open class Layer: Module {
  /// Returns the layer's output for `input`; subclasses must override this.
  open func forward(_ input: Tensor) -> Tensor {
    fail("forward(_:)", "no override in \(type(of: self))", expected: "one in each layer")
  }

  /// Returns the layer's output for `input`.
  public final func callAsFunction(_ input: Tensor) -> Tensor {
    hooks == nil
      ? call { forward(input) } : call(with: [input]) { forward($0[0]) }
  }
}
