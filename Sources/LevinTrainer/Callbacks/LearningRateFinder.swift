public import LevinConfiguration
internal import LevinFormats
internal import LevinOptimizers
internal import LevinSystem
public import LevinTensorBoard
internal import LevinTensor

/// A module whose learning rate ``LearningRateFinder`` may set; `configureOptimizers` reads it.
public protocol LearningRateTunable: AnyObject {
  /// The learning rate of the optimizer.
  var learningRate: Double { get set }
}

/// Looks for a good learning rate before a training: it trains some steps with a growing rate, suggests the one at which the
/// loss falls fastest (Smith 2017), and puts everything else back.
///
///     let finder = LearningRateFinder(maxRate: 0.1)
///     try await Trainer(callbacks: [finder]).fit(module, dataModule: data)
///     print(finder.suggestion)
///
/// The module must be ``LearningRateTunable`` for the suggestion to be used, unless it has no scheduler. The plot of the losses goes
/// to TensorBoard as `lr_find`, and to `lr_find.png` in the run's folder. A training that resumes does not look again.
public final class LearningRateFinder: TypedCallback<LearningRateFinder.Options> {
  /// How the rate grows.
  public enum Mode: String, Sendable, Codable, CaseIterable { case exponential, linear }

  /// The options of ``LearningRateFinder``.
  public struct Options: HyperparameterSet {
    /// The first rate (Lightning's `min_lr`).
    public var minRate = 1e-8
    /// The last rate (Lightning's `max_lr`).
    public var maxRate = 1.0
    /// The number of optimizer steps.
    public var numTrainingSteps = 100
    /// How the rate grows.
    public var mode = Mode.exponential
    /// The search ends when the smoothed loss is this many times the best one; nil: never.
    public var earlyStopThreshold: Double? = 4
    /// Whether the training uses the suggestion.
    public var updateAttr = true

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case minRate = "minLr"
      case maxRate = "maxLr"
      case numTrainingSteps, mode, earlyStopThreshold, updateAttr
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard minRate > 0, maxRate > minRate, maxRate.isFinite else {
        throw ConfigError(
          "max_lr: found \(maxRate) with min_lr \(minRate); expected rates above 0, the last above the first",
          key: "max_lr")
      }
      try require("num_training_steps", numTrainingSteps, atLeast: 1)
      try require("early_stop_threshold", earlyStopThreshold ?? 1, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = [
      "min_lr": "The first rate.", "max_lr": "The last rate.",
      "num_training_steps": "The number of optimizer steps.",
      "mode": "How the rate grows.",
      "early_stop_threshold":
        "Stop when the smoothed loss is this many times the best one; null: never.",
      "update_attr": "Whether the training uses the suggestion.",
    ]
  }

  /// The learning rate of each step.
  public private(set) var rates: [Double] = []
  /// The smoothed loss of each step; NaN where a batch was skipped.
  public private(set) var losses: [Double] = []
  /// The rate at which the loss falls fastest; nil if there are too few steps.
  public private(set) var suggestion: Double?
  private var (average, best) = (0.0, 0.0)

  /// Creates a callback with these options; `change` sets any other.
  public convenience init(
    minRate: Double = 1e-8, maxRate: Double = 1, numTrainingSteps: Int = 100,
    _ change: (inout Options) -> Void = { _ in }
  ) {
    var options = Options()
    (options.minRate, options.maxRate) = (minRate, maxRate)
    options.numTrainingSteps = numTrainingSteps
    change(&options)
    self.init(options)
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard !trainer.configuration.fastDevRun.isOn, !trainer.isResuming else { return }
    if options.updateAttr, !(module is any LearningRateTunable), !trainer.schedulers.isEmpty {
      throw TrainerError.configuration(
        key: "callbacks",
        found:
          "LearningRateFinder with \(type(of: module)), whose scheduler begins with its own rate",
        expected: "a LearningRateTunable module, whose learningRate configureOptimizers reads")
    }
    (rates, losses, average, best) = ([], [], 0, 0)
    let observer = LambdaCallback(
      onTrainBatchStart: { [unowned self] trainer, _, batch in begin(trainer, batch) },
      onTrainBatchEnd: { [unowned self] trainer, _, batch in end(trainer, batch) })
    try trainer.trial(steps: options.numTrainingSteps, observer)
    suggestion = Self.steepest(rates, losses)
    try plot(trainer, module)
    guard let suggestion else {
      return trainer.note(
        "No learning rate found: \(losses.count) steps are too few. Raise num_training_steps, or use more data."
      )
    }
    trainer.note("Found the learning rate \(suggestion).")
    if options.updateAttr { try use(suggestion, trainer, module) }
  }

  private func use(_ rate: Double, _ trainer: Trainer, _ module: LightningModuleBase) throws {
    if let module = module as? any LearningRateTunable {
      module.learningRate = rate
      try trainer.configureAgain()
    } else {
      trainer.optimizers.first?.learningRate = rate
    }
  }

  // MARK: The trial

  /// The rate of a step, from 0.
  func rate(_ step: Int) -> Double {
    guard step > 0 else { return options.minRate }
    let part = Double(step + 1) / Double(options.numTrainingSteps)
    return options.mode == .linear
      ? options.minRate + part * (options.maxRate - options.minRate)
      : options.minRate * (options.maxRate / options.minRate).raised(to: part)
  }

  private func isWindowEnd(_ trainer: Trainer, _ batch: BatchContext) -> Bool {
    (batch.index + 1) % trainer.accumulateGradBatches == 0
  }

  private func begin(_ trainer: Trainer, _ batch: BatchContext) {
    guard isWindowEnd(trainer, batch) else { return }
    let rate = rate(rates.count)
    rates.append(rate)
    trainer.optimizers.first?.learningRate = rate
  }

  private func end(_ trainer: Trainer, _ batch: BatchContext) {
    guard isWindowEnd(trainer, batch) else { return }
    guard let loss = batch.outputs(as: Tensor.self)?.item() else {
      losses.append(.nan)
      return
    }
    let beta = 0.98
    average = beta * average + (1 - beta) * loss
    let step = rates.count
    let smoothed = average / (1 - beta.raised(to: Double(step + 1)))
    if let threshold = options.earlyStopThreshold, step > 1, smoothed > threshold * best {
      trainer.stop("the loss diverges")
    }
    if smoothed < best || step == 1 { best = smoothed }
    losses.append(smoothed)
  }

  /// The rate at the steepest descent of the losses, without the first 10 and the last; nil with fewer than two left.
  static func steepest(_ rates: [Double], _ losses: [Double]) -> Double? {
    let kept = zip(rates, losses).dropFirst(10).dropLast().filter { $0.1.isFinite }
    guard kept.count > 1 else { return nil }
    func slope(_ a: Int, _ b: Int) -> Double {
      (kept[b].1 - kept[a].1) / (kept[b].0 - kept[a].0)
    }
    let slopes = kept.indices.map { index in
      guard index > 0 else { return slope(0, 1) }
      guard index < kept.count - 1 else { return slope(index - 1, index) }
      // The slope of the parabola through three points.
      let (before, after) = (kept[index].0 - kept[index - 1].0, kept[index + 1].0 - kept[index].0)
      return (slope(index, index + 1) * before + slope(index - 1, index) * after)
        / (before + after)
    }
    return slopes.indices.min { slopes[$0] < slopes[$1] }.map { kept[$0].0 }
  }

  // MARK: The plot

  /// The losses over the rates, with a point at the suggestion.
  public var figure: Figure {
    let isExponential = options.mode == .exponential
    func x(_ rate: Double) -> Double { isExponential ? rate.logarithm2 / 10.0.logarithm2 : rate }
    var series = [Figure.Series("loss", x: rates.map(x), y: losses)]
    if let suggestion, let index = rates.firstIndex(of: suggestion) {
      // A short line, since lines have no marks.
      let height = (losses.filter(\.isFinite).max() ?? 0) - (losses.filter(\.isFinite).min() ?? 0)
      series.append(
        .init(
          "suggestion \(ProgressLine.number(suggestion))", x: [x(suggestion), x(suggestion)],
          y: [losses[index] - height / 20, losses[index] + height / 20]))
    }
    return Figure(
      .lines(series), title: "Learning rate finder",
      xLabel: isExponential ? "log10 of the learning rate" : "learning rate", yLabel: "loss")
  }

  private func plot(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard losses.contains(where: \.isFinite) else { return }
    let figure = figure
    module.logger.write { $0.addFigure("lr_find", figure, step: trainer.globalStep) }
    guard let folder = module.logger.logDirectory else { return }
    let image = figure.image
    let png = PNG.encode(
      width: image.width, height: image.height, channels: image.channels, pixels: image.pixels)
    try AtomicFile.write(png, to: FileSystem.joined(folder, "lr_find.png"))
  }
}
