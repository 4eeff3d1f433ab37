public import LevinTensor

/// Local response normalization (Krizhevsky and others 2012) of `[batch, channels, …]`.
///
/// Each element is divided by `(k + alpha · mean square over size neighboring channels) ^ beta`.
public final class LocalResponseNorm: Layer {
  /// The number of neighboring channels in the mean square.
  public let size: Int
  /// The weight of the mean square.
  public let alpha: Double
  /// The exponent.
  public let beta: Double
  /// The number added to the weighted mean square.
  public let k: Double

  /// Creates the layer; the defaults are PyTorch's.
  public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  public override func forward(_ input: Tensor) -> Tensor {
    input.localResponseNorm(size, alpha: alpha, beta: beta, k: k)
  }
}
