public import LevinTensor

/// The mean cross-entropy between logits `[batch, classes]` and class indices `[batch]` (int64), as
/// `torch.nn.CrossEntropyLoss`; rows whose target is `ignoreIndex` do not count.
public final class CrossEntropyLoss: Module {
  /// The target of rows that do not count.
  public let ignoreIndex: Int64

  /// A loss; the default ignores -100, as PyTorch does.
  public init(ignoreIndex: Int64 = -100) { self.ignoreIndex = ignoreIndex }

  /// The loss, a scalar.
  ///
  /// Traps if shapes do not fit or a target is not a class.
  public func callAsFunction(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    called { logits.crossEntropy(targets, ignoreIndex: ignoreIndex) }
  }
}
