import Foundation
public import LevinConfiguration

/// Shows the progress of a run: a line for each epoch, and in a terminal a bar below them.
///
/// It does not slow training steps down: the loops store their counters in atomics, and the bar's thread reads them. Where
/// there is no terminal (pipes, CI, notebooks), a line now and then shows that a long epoch is under way.
///
/// A subclass changes what is shown:
///
///     final class Percent: ProgressBar {
///       override var line: @Sendable (ProgressStatus, Int) -> String {
///         { status, _ in "\(status.title): \(100 * status.done / max(status.total, 1)) %" }
///       }
///     }
open class ProgressBar: TypedCallback<ProgressBar.Options> {
  /// The options of ``ProgressBar``.
  public struct Options: HyperparameterSet {
    /// How often a second the bar is painted; 0: no bar.
    ///
    /// That of Lightning counts batches.
    public var refreshRate = 10.0
    /// The seconds after which a line is printed where there is no terminal; 0: only those of epochs.
    public var plainInterval = 60.0
    /// Whether the bar of the last pass stays on the screen.
    public var leave = false

    /// Creates options with their defaults.
    public init() {}

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("refresh_rate", refreshRate, in: 0...1000)
      try require("plain_interval", plainInterval, in: 0...86_400)
    }

    /// A sentence about each option.
    public static let help = [
      "refresh_rate": "How often a second the bar is painted; 0: no bar.",
      "plain_interval":
        "The seconds after which a line is printed where there is no terminal; 0: only those of epochs.",
      "leave": "Whether the bar of the last pass stays on the screen.",
    ]
  }

  private var painter: ProgressPainter?
  private var epochStart = Date()

  /// Creates a callback with options.
  public override init(_ options: Options) { super.init(options) }

  /// Creates a callback; `change` sets any option.
  public convenience init(_ change: (inout Options) -> Void = { _ in }) {
    self.init(Options(change))
  }

  /// The line that shows the progress, in less than a number of columns; called from the bar's thread.
  ///
  /// In a terminal it replaces the line before.
  open var line: @Sendable (_ status: ProgressStatus, _ width: Int) -> String {
    { status, width in width == .max ? status.plainLine : status.line(width: width) }
  }

  /// The line that is printed after each epoch; nil for none.
  open func epochLine(_ trainer: Trainer, seconds: Double) -> String? {
    let metrics = trainer.callbackMetrics.sorted { $0.key < $1.key }
      .map { "\($0.key) \(ProgressLine.number($0.value))" }
    let rounded = (seconds * 10).rounded() / 10
    return Terminal.wrapped(
      ["Epoch \(trainer.currentEpoch)", "\(rounded) s"] + metrics, separator: "  ", indent: 2)
  }

  /// An epoch's line also shows what the module's `onTrainEpochEnd` logs.
  open override var priority: Priority { .monitoring }

  open override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    #if DEBUG
      Terminal.print(
        Terminal.wrapped(
          "This is a debug build, which trains 50 to 100 times slower than an optimized one: "
            + "build with -c release."))
    #endif
  }

  open override func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    start(trainer)
  }
  open override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    epochStart = Date()
    start(trainer)
  }
  open override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    epochStart = Date()
  }
  open override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    if let line = epochLine(trainer, seconds: Date().timeIntervalSince(epochStart)) {
      Terminal.print(line)
    }
  }
  open override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    stop(leaves: options.leave)
  }
  open override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    start(trainer)
  }
  open override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    if trainer.stage != .fit { stop(leaves: options.leave) }
  }
  open override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    start(trainer)
  }
  open override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    stop(leaves: options.leave)
  }
  open override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    start(trainer)
  }
  open override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    stop(leaves: options.leave)
  }
  open override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) { stop(leaves: true) }

  private func start(_ trainer: Trainer) {
    let paints = Terminal.isInteractive
    let interval =
      paints ? (options.refreshRate > 0 ? 1 / options.refreshRate : 0) : options.plainInterval
    guard painter == nil, interval > 0 else { return }
    let limit = trainer.configuration.maxEpochs.flatMap { $0 > 0 ? $0 - 1 : nil }
    let (progress, metrics, version) = (trainer.progress, trainer.liveMetrics, trainer.version)
    let painter = ProgressPainter(
      interval: interval, paints: paints,
      status: { ProgressStatus(progress, metrics, lastEpoch: limit, version: version) }, line: line)
    painter.start()
    self.painter = painter
  }

  private func stop(leaves: Bool) {
    painter?.stop(leaves: leaves)
    painter = nil
  }
}
