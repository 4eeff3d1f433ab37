public import LevinTensor

/// Instance normalization (Ulyanov and others 2016): each channel of each sample is normalized over all its
/// positions.
///
/// With `trackRunningStats`, off by default, the running mean and variance move by `momentum` towards their means
/// over the samples of each training batch, and replace the sample's own in evaluation; if `momentum` is nil they
/// stay unchanged.
public class InstanceNorm: Layer {
  /// The factors, `[features]`, initially ones; nil unless the layer is affine.
  public var weight: Parameter?
  /// The offsets, `[features]`, initially zeros; nil unless the layer is affine.
  public var bias: Parameter?
  /// The running mean, `[features]`, initially zeros; nil if the layer keeps no running statistics.
  public let runningMean: Buffer?
  /// The running variance, `[features]`, unbiased, initially ones; nil if the layer keeps no running statistics.
  public let runningVariance: Buffer?
  /// Always 0, as in PyTorch, whose state includes it; nil if the layer keeps no running statistics.
  public let batchesTracked: Buffer?
  /// The number of channels of inputs.
  public let features: Int
  /// The number added to the variance.
  public let epsilon: Double
  /// The fraction by which running statistics move towards those of a batch; nil for none.
  public let momentum: Double?
  /// The number of spatial dimensions of inputs.
  class var placeRank: Int { 1 }

  /// Creates a layer for inputs with `features` channels.
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

  public override var namedMembers: [(name: String, value: Any)] {
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
  /// Moves the running statistics towards the means, over the samples of a batch, of their statistics.
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
