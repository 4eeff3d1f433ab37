public import LevinConfiguration
/// A module or data module whose batch size ``BatchSizeFinder`` may set; its loaders read it.
public protocol BatchSizeTunable: AnyObject {
  /// The number of samples in a batch.
  var batchSize: Int { get set }
}

/// Memory that is not there: thrown by a step, it tells ``BatchSizeFinder`` that a batch is too large.
public struct OutOfMemoryError: Error, Hashable, CustomStringConvertible {
  /// What happened.
  public let description: String
  /// - Parameter description: What happened.
  public init(_ description: String = "the memory is not enough") { self.description = description }
}

/// Looks for the largest batch size before a training: it trains some steps with growing batches, and puts everything else back.
///
///     let finder = BatchSizeFinder()
///     try await Trainer(callbacks: [finder]).fit(module, dataModule: data)   // data is BatchSizeTunable
///     print(finder.optimalBatchSize)
///
/// A size is too large if a step throws ``OutOfMemoryError``, or if it would need more than a share of the memory that was free before
/// the search, judged by what smaller batches needed: a process that takes too much is killed and throws nothing. The module or
/// the data module must be ``BatchSizeTunable``. A training that resumes does not look again.
public final class BatchSizeFinder: TypedCallback<BatchSizeFinder.Options> {
  /// How sizes follow one another.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// Twice the size each time.
    case power
    /// Twice the size each time, then between the largest that worked and the smallest that did not.
    case binarySearch = "binsearch"
  }

  /// The options of ``BatchSizeFinder``.
  public struct Options: HyperparameterSet {
    /// How sizes follow one another.
    public var mode = Mode.power
    /// The optimizer steps with each size.
    public var stepsPerTrial = 3
    /// The first size (Lightning's `init_val`).
    public var initialSize = 2
    /// The most sizes that are tried.
    public var maxTrials = 25
    /// The part by which a size found by ``Mode/binarySearch`` is lowered, 0 to below 1.
    public var margin = 0.05
    /// No size from here on is tried (Lightning's `max_val`).
    public var maxSize = 8192
    /// The part of the free memory that a batch may need, 0 to 1.
    public var memoryShare = 0.8

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case mode, stepsPerTrial
      case initialSize = "initVal"
      case maxTrials, margin
      case maxSize = "maxVal"
      case memoryShare
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("steps_per_trial", stepsPerTrial, atLeast: 1)
      try require("init_val", initialSize, atLeast: 1)
      try require("max_trials", maxTrials, atLeast: 1)
      try require("max_val", maxSize, atLeast: 1)
      try require("margin", margin, in: 0...0.999)
      try require("memory_share", memoryShare, in: 0...1)
    }

    /// A sentence about each option.
    public static let help = [
      "mode": "How sizes follow one another.",
      "steps_per_trial": "The optimizer steps with each size.",
      "init_val": "The first size.", "max_trials": "The most sizes that are tried.",
      "margin": "The part by which a size found by binsearch is lowered.",
      "max_val": "No size from here on is tried.",
      "memory_share": "The part of the free memory that a batch may need.",
    ]
  }

  /// The size that was found; nil before.
  public private(set) var optimalBatchSize: Int?
  /// The sizes that were tried, and whether they worked.
  public private(set) var trials: [(size: Int, worked: Bool)] = []
  /// The memory of the machine, for the tests.
  var memory: () -> MachineMemory? = { MachineMemory.current }
  private var before: MachineMemory?

  /// Creates a callback; `change` sets any option.
  public convenience init(_ change: (inout Options) -> Void = { _ in }) {
    self.init(Options(change))
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard !trainer.configuration.fastDevRun.isOn, !trainer.isResuming else { return }
    let owners: [AnyObject?] = [module, trainer.dataModule]
    guard let target = owners.lazy.compactMap({ $0 as? any BatchSizeTunable }).first else {
      throw TrainerError.configuration(
        key: "callbacks",
        found: "BatchSizeFinder, but neither the module nor the data module is BatchSizeTunable",
        expected:
          "a batchSize that the loaders read: extension \(type(of: module)): BatchSizeTunable {}")
    }
    trials = []
    before = memory()
    let size = try search { [self] in try works($0, target, trainer) }
    let found =
      options.mode == .binarySearch ? max(1, Int(Double(size) * (1 - options.margin))) : size
    target.batchSize = found
    optimalBatchSize = found
    trainer.note("Found the batch size \(found).")
    try trainer.configureAgain()
  }

  /// What a trial showed; the number of samples if the loader knows it.
  enum Outcome {
    case worked(samples: Int?)
    case failed
  }

  /// The largest size that works.
  func search(_ trial: (Int) throws -> Outcome) throws -> Int {
    var (size, low, high) = (options.initialSize, 0, Int?.none)
    for _ in 0..<options.maxTrials {
      guard size < options.maxSize else { break }
      let outcome = try trial(size)
      if case .worked(let samples) = outcome {
        low = size
        guard low < samples ?? .max, options.mode == .binarySearch || high == nil else { break }
        // Twice the size, unless a smaller one is known to fail.
        size = high.map { (low + $0) / 2 } ?? min(2 * size, samples ?? .max)
      } else {
        high = size
        if options.mode == .power, low > 0 { break }
        size = options.mode == .power ? size / 2 : (low + size) / 2
      }
      if size == low || size == 0 { break }
    }
    guard low > 0 || high == nil else {
      throw OutOfMemoryError("not even a batch of \(high ?? 1) samples fits into the memory")
    }
    return low > 0 ? low : size
  }

  private func works(
    _ size: Int, _ target: any BatchSizeTunable, _ trainer: Trainer
  ) throws -> Outcome {
    guard fits(size) else {
      trials.append((size, false))
      return .failed
    }
    target.batchSize = size
    do {
      let samples = try trainer.trial(steps: options.stepsPerTrial)
      trials.append((size, true))
      note(size)
      return .worked(samples: samples)
    } catch is OutOfMemoryError {
      trials.append((size, false))
      return .failed
    }
  }

  private var needed: (size: Int, bytes: Int)?

  private func note(_ size: Int) {
    guard let before = before?.ofThisProcess, let now = memory()?.ofThisProcess else { return }
    needed = (size, max(0, now - before))
  }

  /// Whether a size fits into the memory, as far as smaller ones tell.
  private func fits(_ size: Int) -> Bool {
    guard let needed, let before, needed.size > 0 else { return true }
    let bytes = Double(needed.bytes) * Double(size) / Double(needed.size)
    return bytes <= Double(before.available) * options.memoryShare
  }
}
