internal import LevinSystem
public import LevinTensor

/// The square of the range of values over the mean squared error, in decibels (torchmetrics' `PeakSignalNoiseRatio`).
public final class PeakSignalNoiseRatio: Metric {
  /// The greatest possible value minus the least: 1 for images with values in 0…1.
  public let dataRange: Double

  /// Traps if the range is not above 0.
  public init(dataRange: Double) {
    guard dataRange > 0 else {
      fail("PeakSignalNoiseRatio", "a range of \(dataRange)", expected: "above 0")
    }
    self.dataRange = dataRange
    super.init([.sum("squared_error", of: [], .float64), .sum("count", of: [], .int64)])
  }

  public override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    RegressionChecks.shapes(predictions, targets, for: "PeakSignalNoiseRatio")
    let error = (predictions.to(.float64) - targets.to(.float64)).squared().sum()
    return [error, Tensor(Int64(targets.elementCount))]
  }

  public override func value(of states: [Tensor]) -> Tensor {
    ((states[1] / states[0] * (dataRange * dataRange)).log10() * 10).to(.float32)
  }
}
