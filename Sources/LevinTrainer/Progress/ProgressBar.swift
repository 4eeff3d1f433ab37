import Foundation

/// Shows the progress of a run: a line for each epoch, and in a terminal a bar below them.
///
/// It does not slow training steps down: the loops store their counters in atomics, and the bar's thread reads them.
public final class ProgressBar: Callback {
  private var painter: ProgressPainter?
  private var epochStart = Date()

  /// An epoch's line also shows what the module's `onTrainEpochEnd` logs.
  public override var priority: Priority { .monitoring }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    #if DEBUG
      Terminal.print(
        Terminal.wrapped(
          "This is a debug build, which trains 50 to 100 times slower than an optimized one: "
            + "build with -c release."))
    #endif
  }

  public override func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(trainer)
  }

  public override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    epochStart = Date()
    start(trainer)
  }

  public override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    epochStart = Date()
  }

  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    let seconds = (Date().timeIntervalSince(epochStart) * 10).rounded() / 10
    let metrics = trainer.callbackMetrics.sorted { $0.key < $1.key }
      .map { "\($0.key) \(ProgressLine.number($0.value))" }
    Terminal.print(
      Terminal.wrapped(
        ["Epoch \(trainer.currentEpoch)", "\(seconds) s"] + metrics, separator: "  ", indent: 2))
  }

  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    stop(leaves: false)
  }

  public override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(trainer)
  }

  public override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    if trainer.stage != .fit { stop(leaves: false) }
  }

  public override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(trainer)
  }

  public override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    stop(leaves: false)
  }

  public override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    start(trainer)
  }

  public override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    stop(leaves: false)
  }

  public override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) { stop(leaves: true) }

  private func start(_ trainer: Trainer) {
    guard Terminal.isInteractive, painter == nil else { return }
    let limit = trainer.configuration.maxEpochs.flatMap { $0 > 0 ? $0 - 1 : nil }
    let painter = ProgressPainter(
      trainer.progress, trainer.liveMetrics, lastEpoch: limit, version: trainer.version)
    painter.start()
    self.painter = painter
  }

  private func stop(leaves: Bool) {
    painter?.stop(leaves: leaves)
    painter = nil
  }
}
