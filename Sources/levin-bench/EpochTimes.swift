import Levin

/// Measures training epochs from their first hook to their last.
final class EpochTimes: Callback {
  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant?
  private var seconds: [Double] = []

  override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start = clock.now
  }

  override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if let start { seconds.append((clock.now - start) / .seconds(1)) }
  }

  /// Returns the seconds of the epochs since the last call.
  func take() -> [Double] {
    defer { seconds = [] }
    return seconds
  }
}
