internal import LevinSystem
public import LevinTensor

/// In training each element is set to 0 with probability `p`, and otherwise divided by 1 − p; as `torch.nn.Dropout`.
///
/// From Srivastava and others (2014).
public final class Dropout: Layer {
  /// The probability, in 0…1.
  public let p: Double

  /// Creates the layer; traps for a probability outside 0…1.
  public init(_ p: Double = 0.5) {
    self.p = Dropout.checked(p, for: "Dropout")
  }

  public override func forward(_ input: Tensor) -> Tensor {
    isTraining ? input.dropout(p) : input
  }

  fileprivate static func checked(_ p: Double, for layer: String) -> Double {
    guard 0...1 ~= p else { fail(layer, "probability \(p)", expected: "0…1") }
    return p
  }
}

/// In training each channel of `[batch, channels, …]` is set to 0 as a whole with probability `p`, and otherwise
/// divided by 1 − p; as `torch.nn.Dropout2d`.
///
/// From Tompson and others (2015).
public final class Dropout2d: Layer {
  /// The probability, in 0…1.
  public let p: Double

  /// Creates the layer; traps for a probability outside 0…1.
  public init(_ p: Double = 0.5) {
    self.p = Dropout.checked(p, for: "Dropout2d")
  }

  public override func forward(_ input: Tensor) -> Tensor {
    isTraining ? input.dropout2d(p) : input
  }
}
