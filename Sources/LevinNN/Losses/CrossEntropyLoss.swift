public import LevinTensor

/// The cross-entropy between logits `[batch, classes, …]` or `[classes]` and targets, as `torch.nn.CrossEntropyLoss`.
///
/// Targets are class indices (int64) of the logits' shape without the classes, or probabilities of the logits' own shape.
public final class CrossEntropyLoss: Loss {
  /// How much each class counts, `[classes]`; nil for 1.
  public let weight: Buffer?
  /// The target of what does not count.
  public let ignoreIndex: Int64
  /// The part of each target that is spread evenly over all classes.
  public let labelSmoothing: Double

  /// A loss with PyTorch's defaults.
  public init(
    weight: Tensor? = nil, ignoreIndex: Int64 = -100, reduction: LossReduction = .mean,
    labelSmoothing: Double = 0
  ) {
    self.weight = weight.map { Buffer($0) }
    self.ignoreIndex = ignoreIndex
    self.labelSmoothing = labelSmoothing
    super.init(reduction: reduction)
  }

  /// Traps if shapes do not fit or a target is not a class.
  public override func forward(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    logits.crossEntropy(
      targets, weight: weight?.value, ignoreIndex: ignoreIndex, reduction: reduction,
      labelSmoothing: labelSmoothing)
  }
}
