internal import LevinSystem
public import LevinTensor

/// In training each element is 0 with probability `p`, else divided by 1 − p; as `torch.nn.Dropout`.
///
/// By Srivastava and others (2014).
public final class Dropout: Layer {
  /// The probability, in 0…1.
  public let p: Double

  /// Traps for a probability outside of 0…1.
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

/// In training each channel of `[batch, channels, …]` is 0 as a whole with probability `p`, else divided by 1 − p; as
/// `torch.nn.Dropout2d`.
///
/// By Tompson and others (2015).
public final class Dropout2d: Layer {
  /// The probability, in 0…1.
  public let p: Double

  /// Traps for a probability outside of 0…1.
  public init(_ p: Double = 0.5) {
    self.p = Dropout.checked(p, for: "Dropout2d")
  }

  public override func forward(_ input: Tensor) -> Tensor {
    isTraining ? input.dropout2d(p) : input
  }
}
