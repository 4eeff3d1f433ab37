public import LevinTensor

/// The base of ``BatchNorm1d`` and ``BatchNorm2d`` (Ioffe and Szegedy 2015).
///
/// Each channel minus its mean is divided by √(its variance + epsilon), then multiplied by `weight` and shifted by
/// `bias`. In training, mean and variance are those of the batch, and the running ones move towards them: by
/// `momentum` or, if that is nil, so that they are the average of all batches. In evaluation the running ones are
/// used. `weight` starts as ones, `bias` as zeros.
public class BatchNorm: Layer {
  /// The factors, `[channels]`; nil if the layer is not affine.
  public var weight: Parameter?
  /// The offsets, `[channels]`; nil if the layer is not affine.
  public var bias: Parameter?
  /// The running mean, `[channels]`; nil if the layer keeps no running statistics.
  public let runningMean: Buffer?
  /// The running variance, `[channels]`, unbiased; nil if the layer keeps no running statistics.
  public let runningVariance: Buffer?
  /// The number of batches seen in training, int64; nil if the layer keeps no running statistics.
  public let batchesTracked: Buffer?
  /// The number added to the variance.
  public let epsilon: Double
  /// The fraction by which running statistics move towards those of a batch; nil for the average of all batches.
  public internal(set) var momentum: Double?
  private let channels: Int

  /// Creates a layer for inputs with `channels` channels; traps if there are fewer than 1.
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

  public override var namedMembers: [(name: String, value: Any)] {
    Self.members(weight, bias, runningMean, runningVariance, batchesTracked)
  }

  /// The members of a normalization with running statistics, under PyTorch's names.
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

  /// Moves the running statistics towards those of a batch of `count` elements per channel.
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

  /// The ranks that inputs may have, and their description.
  var accepted: (ranks: ClosedRange<Int>, text: String) { (2...8, "[batch, \(channels), …]") }

  private func check(_ input: Tensor) {
    guard accepted.ranks.contains(input.rank) else { refuse(input, expected: accepted.text) }
    guard input.shape[1] == channels else {
      refuse(
        input, expected: "\(channels) channels", hint: "they are dimension 1 of the input")
    }
  }
}

/// Batch normalization of `[batch, channels]` or `[batch, channels, length]`; as `torch.nn.BatchNorm1d`.
///
/// See ``BatchNorm``.
public final class BatchNorm1d: BatchNorm {
  override var accepted: (ranks: ClosedRange<Int>, text: String) {
    (2...3, "[batch, channels] or [batch, channels, length]")
  }
}

/// Batch normalization of `[batch, channels, height, width]`; as `torch.nn.BatchNorm2d`.
///
/// See ``BatchNorm``.
public final class BatchNorm2d: BatchNorm {
  override var accepted: (ranks: ClosedRange<Int>, text: String) {
    (4...4, "[batch, channels, height, width]")
  }
}
