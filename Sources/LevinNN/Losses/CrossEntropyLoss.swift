public import LevinTensor

/// The cross-entropy between logits `[batch, classes, …]` or `[classes]` and targets, as `torch.nn.CrossEntropyLoss`.
///
/// Targets are class indices (int64), in the shape of the logits without the class dimension, or probabilities in the
/// shape of the logits.
public final class CrossEntropyLoss: Loss {
  /// The weight of each class, `[classes]`; nil for 1.
  public let weight: Buffer?
  /// The target of elements that are ignored.
  public let ignoreIndex: Int64
  /// The part of each target that is spread evenly over all classes.
  public let labelSmoothing: Double

  /// Creates the loss; the defaults are PyTorch's.
  public init(
    weight: Tensor? = nil, ignoreIndex: Int64 = -100, reduction: LossReduction = .mean,
    labelSmoothing: Double = 0
  ) {
    self.weight = weight.map { Buffer($0) }
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
    super.init(reduction: reduction)
  }

  /// Traps if shapes do not match or a target is not a class.
  public override func forward(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    logits.crossEntropy(
      targets, weight: weight?.value, ignoreIndex: ignoreIndex, reduction: reduction,
      labelSmoothing: labelSmoothing)
  }
}
