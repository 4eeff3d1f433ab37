public import LevinTensor

/// What ``BatchNorm1d`` and ``BatchNorm2d`` have in common: each channel less its mean, divided by √(its variance + epsilon), times
/// `weight`, plus `bias` (Ioffe and Szegedy 2015).
///
/// In training, mean and variance are the batch's, and the running ones move towards them: by `momentum`, or, where that is
/// nil, to the average of all batches. In evaluation they are the running ones. `weight` starts as ones, `bias` as zeros.
public class BatchNorm: Layer {
  /// `[channels]`; nil where the layer is not affine.
  public let weight: Parameter?
  /// `[channels]`; nil where the layer is not affine.
  public let bias: Parameter?
  /// `[channels]`; nil where the layer keeps no running statistics.
  public let runningMean: Buffer?
  /// `[channels]`, unbiased; nil where the layer keeps no running statistics.
  public let runningVariance: Buffer?
  /// Batches seen in training, int64; nil where the layer keeps no running statistics.
  public let batchesTracked: Buffer?
  /// Added to the variance.
  public let epsilon: Double
  /// How far running statistics move towards a batch's; nil for the average of all batches.
  public internal(set) var momentum: Double?
  private let channels: Int

  /// A layer for inputs of `channels` channels; traps where they are less than 1.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true
  ) {
    (self.channels, self.epsilon, self.momentum) = (channels, epsilon, momentum)
    weight = affine ? Parameter(.ones([channels])) : nil
    bias = affine ? Parameter(.zeros([channels])) : nil
    runningMean = trackRunningStats ? Buffer(.zeros([channels])) : nil
    runningVariance = trackRunningStats ? Buffer(.ones([channels])) : nil
    batchesTracked = trackRunningStats ? Buffer(.zeros([], dtype: .int64)) : nil
  }

  public override var ownMembers: [(name: String, value: Any)] {
    Self.members(weight, bias, runningMean, runningVariance, batchesTracked)
  }

  /// What a normalisation with running statistics holds, under PyTorch's names.
  static func members(
    _ weight: Parameter?, _ bias: Parameter?, _ mean: Buffer?, _ variance: Buffer?,
    _ batches: Buffer?
  ) -> [(name: String, value: Any)] {
    let members: [(name: String, value: Any?)] = [
      ("weight", weight), ("bias", bias), ("running_mean", mean), ("running_var", variance),
      ("num_batches_tracked", batches),
    ]
    return members.compactMap { member in member.value.map { (member.name, $0) } }
  }

  public override func forward(_ input: Tensor) -> Tensor {
    check(input)
    if !isTraining, let runningMean, let runningVariance {
      return input.batchNorm(
        mean: runningMean.value, variance: runningVariance.value, weight: weight?.value,
        bias: bias?.value, epsilon: epsilon)
    }
    let (output, mean, variance) = input.batchNorm(
      weight: weight?.value, bias: bias?.value, epsilon: epsilon)
    if isTraining { track(mean, variance, count: input.elementCount / channels) }
    return output
  }

  /// Moves the running statistics towards those of a batch of `count` elements a channel.
  private func track(_ mean: Tensor, _ variance: Tensor, count: Int) {
    guard let runningMean, let runningVariance, let batchesTracked else { return }
    withoutGradients {
      batchesTracked.value += 1
      guard count > 1 else { return }
      let factor = momentum ?? 1 / batchesTracked.value.item()
      let unbiased = variance * (Double(count) / Double(count - 1))
      for (running, new) in [(runningMean, mean), (runningVariance, unbiased)] {
        running.value = running.value * (1 - factor) + new.to(running.dtype) * factor
      }
    }
  }

  /// The ranks that inputs may have, and what they are.
  var accepted: (ranks: ClosedRange<Int>, text: String) { (2...8, "[batch, \(channels), …]") }

  private func check(_ input: Tensor) {
    guard accepted.ranks.contains(input.rank) else { refuse(input, expected: accepted.text) }
    guard input.shape[1] == channels else {
      refuse(
        input, expected: "\(channels) channels", hint: "they are dimension 1 of the input")
    }
  }
}

/// Batch normalisation of `[batch, channels]` or `[batch, channels, length]`; as `torch.nn.BatchNorm1d`.
///
/// See ``BatchNorm``.
public final class BatchNorm1d: BatchNorm {
  override var accepted: (ranks: ClosedRange<Int>, text: String) {
    (2...3, "[batch, channels] or [batch, channels, length]")
  }
}

/// Batch normalisation of `[batch, channels, height, width]`; as `torch.nn.BatchNorm2d`.
///
/// See ``BatchNorm``.
public final class BatchNorm2d: BatchNorm {
  override var accepted: (ranks: ClosedRange<Int>, text: String) {
    (4...4, "[batch, channels, height, width]")
  }
}
