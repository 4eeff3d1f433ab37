public import LevinTensor

/// Connectionist temporal classification (Graves and others 2006): the negative log-likelihood of label sequences over all ways to
/// stretch them, under logarithms of probabilities `[time, batch, classes]`.
public final class CTCLoss: Module {
  /// The class that stands for no label.
  public let blank: Int
  /// What becomes of the losses of all sequences; the mean is that of the losses divided by the sequences' lengths.
  public let reduction: LossReduction
  /// Whether a sequence that does not fit has the loss 0 and not infinity.
  public let zeroInfinity: Bool

  /// A loss with PyTorch's defaults.
  public init(blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false) {
    self.blank = blank
    self.reduction = reduction
    self.zeroInfinity = zeroInfinity
  }

  /// The loss for `targets`, `[batch, length]` or all sequences one after the other.
  public func callAsFunction(
    _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int]
  ) -> Tensor {
    called(with: [logProbabilities, targets]) {
      $0[0].ctcLoss(
        $0[1], inputLengths: inputLengths, targetLengths: targetLengths, blank: blank,
        zeroInfinity: zeroInfinity, reduction: reduction)
    }
  }
}
