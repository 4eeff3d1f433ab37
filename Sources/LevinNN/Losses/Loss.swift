internal import LevinSystem
public import LevinTensor

/// A loss of predictions and targets, with a reduction of the losses of all elements.
open class Loss: Module {
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates a loss; the reduction is the mean by default.
  public init(reduction: LossReduction = .mean) { self.reduction = reduction }

  /// The loss; subclasses must override this.
  open func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    fail("forward(_:_:)", "no override in \(type(of: self))", expected: "one in each loss")
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public final func callAsFunction(_ input: Tensor, _ target: Tensor) -> Tensor {
    hooks == nil
      ? call { forward(input, target) }
      : call(with: [input, target]) { forward($0[0], $0[1]) }
  }
}
