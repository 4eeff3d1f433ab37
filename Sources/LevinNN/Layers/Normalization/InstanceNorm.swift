public import LevinTensor

/// Instance normalisation (Ulyanov and others 2016): of each channel of each sample, over all its places.
///
/// With `trackRunningStats`, off unless asked for, the running mean and variance move by `momentum` towards the means over samples
/// in training, and take the place of the sample's own in evaluation; where `momentum` is nil they stay.
public class InstanceNorm: Layer {
  /// `[features]`, ones at first; nil unless the layer is affine.
  public var weight: Parameter?
  /// `[features]`, zeros at first; nil unless the layer is affine.
  public var bias: Parameter?
  /// `[features]`, zeros at first; nil where the layer keeps no running statistics.
  public let runningMean: Buffer?
  /// `[features]`, unbiased, ones at first; nil where the layer keeps no running statistics.
  public let runningVariance: Buffer?
  /// Always 0, as in PyTorch, whose state has it; nil where the layer keeps no running statistics.
  public let batchesTracked: Buffer?
  /// How many channels inputs have.
  public let features: Int
  /// What is added to the variance.
  public let epsilon: Double
  /// How far running statistics move towards a batch's; nil for not at all.
  public let momentum: Double?
  /// How many dimensions of places inputs have.
  class var placeRank: Int { 1 }

  /// A layer for inputs of `features` channels.
  public init(
    _ features: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false
  ) {
    (self.features, self.epsilon, self.momentum) = (features, epsilon, momentum)
    weight = affine ? Parameter(.ones([features])) : nil
    bias = affine ? Parameter(.zeros([features])) : nil
    runningMean = trackRunningStats ? Buffer(.zeros([features])) : nil
    runningVariance = trackRunningStats ? Buffer(.ones([features])) : nil
    batchesTracked = trackRunningStats ? Buffer(.zeros([], dtype: .int64)) : nil
  }

  public override var ownMembers: [(name: String, value: Any)] {
    BatchNorm.members(weight, bias, runningMean, runningVariance, batchesTracked)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let rank = Self.placeRank + 1
    guard (rank...rank + 1).contains(input.rank), input.shape[input.rank - rank] == features else {
      let places = ["length", "height, width", "depth, height, width"][Self.placeRank - 1]
      refuse(
        input, expected: "[batch, \(features), \(places)] or [\(features), \(places)]",
        hint: input.rank == rank + 1
          ? "make the layer \(type(of: self))(\(input.shape[1])), or change what comes before" : nil
      )
    }
    let batch = input.rank == rank ? input.unsqueezed(0) : input
    let output = batch.instanceNorm(
      mean: isTraining ? nil : runningMean?.value,
      variance: isTraining ? nil : runningVariance?.value,
      weight: weight?.value, bias: bias?.value, epsilon: epsilon)
    if isTraining { track(batch) }
    return input.rank == rank ? output.squeezed(0) : output
  }
}

extension InstanceNorm {
  /// Moves the running statistics towards the means, over samples, of a batch's.
  private func track(_ batch: Tensor) {
    guard let runningMean, let runningVariance, let momentum, batch.elementCount > 0 else { return }
    let places = Array(2..<batch.rank)
    withoutGradients {
      let x = batch.detached()
      let mean = x.mean(dimensions: [0] + places)
      let variance = x.variance(dimensions: places).mean(dimension: 0)
      for (running, new) in [(runningMean, mean), (runningVariance, variance)] {
        running.value = running.value * (1 - momentum) + new.to(running.dtype) * momentum
      }
    }
  }
}

/// ``InstanceNorm`` of `[batch, features, length]` or `[features, length]`.
public final class InstanceNorm1d: InstanceNorm {}

/// ``InstanceNorm`` of `[batch, features, height, width]` or `[features, height, width]`.
public final class InstanceNorm2d: InstanceNorm {
  override class var placeRank: Int { 2 }
}

/// ``InstanceNorm`` of `[batch, features, depth, height, width]` or `[features, depth, height, width]`.
public final class InstanceNorm3d: InstanceNorm {
  override class var placeRank: Int { 3 }
}
