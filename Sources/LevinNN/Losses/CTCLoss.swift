public import LevinTensor

/// Connectionist temporal classification (Graves and others 2006).
///
/// The loss is the negative log-likelihood of label sequences, over all ways to align them, under log-probabilities
/// `[time, batch, classes]`.
public final class CTCLoss: Module {
  /// The class that means no label.
  public let blank: Int
  /// How the losses of all sequences are reduced; for the mean, each loss is first divided by the length of its
  /// sequence.
  public let reduction: LossReduction
  /// Whether the loss of a sequence that does not fit is 0 instead of infinity.
  public let zeroInfinity: Bool

  /// Creates the loss; the defaults are PyTorch's.
  public init(blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false) {
    self.blank = blank
    self.reduction = reduction
    self.zeroInfinity = zeroInfinity
  }

  /// The loss for `targets`, `[batch, length]` or all sequences one after another.
  public func callAsFunction(
    _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int]
  ) -> Tensor {
    call(with: [logProbabilities, targets]) {
      $0[0].ctcLoss(
        $0[1], inputLengths: inputLengths, targetLengths: targetLengths, blank: blank,
        zeroInfinity: zeroInfinity, reduction: reduction)
    }
  }
}
