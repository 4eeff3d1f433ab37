public import LevinConfiguration
internal import LevinSystem
internal import LevinTensor

/// Ends a training with ``TrainingSpikeError`` when the loss jumps, and notes the batches that may have caused it.
///
/// The loss is compared with the mean of the last batches. The batch and the one before it are added to the list in
/// `skip_batches.json`.
public final class SpikeDetection: TypedCallback<SpikeDetection.Options> {
  /// The options of ``SpikeDetection``.
  public struct Options: HyperparameterSet {
    /// Whether a lower or a higher loss is better.
    public var mode = ModelCheckpoint.Mode.min
    /// The number of batches in the mean.
    public var window = 10
    /// The batches at the beginning of an epoch in which nothing is a spike.
    public var warmup = 1
    /// The least difference from the mean that is a spike; nil: any, if it is large enough for ``rtol``.
    public var atol: Double?
    /// The least difference, as a part of the mean; nil: any, if it is large enough for ``atol``.
    public var rtol: Double? = 2
    /// The file with the list, or its folder; nil: the trainer's root folder.
    public var excludeBatchesPath: String?
    /// Whether NaN and infinity are spikes.
    public var finiteOnly = true

    /// Creates options with their defaults.
    public init() {}

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("window", window, atLeast: 1)
      try require("warmup", warmup, atLeast: 1)
    }

    /// A sentence about each option.
    public static let help = [
      "mode": "Whether a lower or a higher loss is better.",
      "window": "The batches in the mean.",
      "warmup": "The batches at the beginning of an epoch in which nothing is a spike.",
      "atol": "The least difference from the mean that is a spike.",
      "rtol": "The least difference, as a part of the mean.",
      "exclude_batches_path": "The file with the list, or its folder; null: default_root_dir.",
      "finite_only": "Whether NaN and infinity are spikes.",
    ]
  }

  /// The batches of the list, each with its epoch.
  public private(set) var badBatches: [Batch] = []
  /// A batch of the list.
  public struct Batch: Codable, Hashable, Sendable {
    /// The epoch, from 0.
    public let epoch: Int
    /// The number of the batch in it, from 0.
    public let batch: Int
  }
  private var last = 0.0
  private var window: [Double] = []

  /// Creates a callback; `change` sets any option.
  public convenience init(_ change: (inout Options) -> Void = { _ in }) {
    self.init(Options(change))
  }

  public override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    guard let loss = batch.outputs(as: Tensor.self)?.item() else { return }
    if batch.index >= options.warmup, isSpike(loss) {
      try end(trainer, loss, batch.index)
    }
    guard loss.isFinite else { return }
    window.append(loss)
    if window.count > options.window { window.removeFirst() }
    last = loss
  }

  private func isSpike(_ loss: Double) -> Bool {
    guard loss.isFinite else { return options.finiteOnly }
    guard !window.isEmpty, options.mode.isBetter(last, than: loss) else { return false }
    let mean = window.reduce(0, +) / Double(window.count)
    let difference = abs(loss - mean)
    return (options.atol.map { difference >= abs($0) } ?? true)
      && (options.rtol.map { difference >= abs($0 * mean) } ?? true)
  }

  private func end(_ trainer: Trainer, _ loss: Double, _ index: Int) throws {
    let epoch = trainer.currentEpoch
    badBatches += [max(index - 1, 0), index].map { Batch(epoch: epoch, batch: $0) }
    var path = options.excludeBatchesPath ?? trainer.configuration.defaultRootDir ?? "."
    if !path.hasSuffix(".json") { path = FileSystem.joined(path, "skip_batches.json") }
    try FileBytes.makeFolder(FileSystem.folder(of: path))
    try AtomicFile.write(Array(try JSONText.encode(badBatches).utf8), to: path)
    throw TrainingSpikeError(epoch: epoch, batch: index, loss: loss, path: path)
  }

  private struct State: Codable {
    var last: Double
    var window: [Double]
    var badBatches: [Batch]
  }

  public override func state() throws -> String? {
    try JSONText.encode(State(last: last, window: window, badBatches: badBatches))
  }

  public override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    (last, window, badBatches) = (state.last, state.window, state.badBatches)
  }
}

/// A loss that jumped (Lightning's `TrainingSpikeException`).
public struct TrainingSpikeError: Error, Hashable, CustomStringConvertible {
  /// The epoch, from 0.
  public let epoch: Int
  /// The number of the batch in it, from 0.
  public let batch: Int
  /// The loss.
  public let loss: Double
  /// The file with the batches that may have caused it.
  public let path: String

  /// What is wrong, and what to do.
  public var description: String {
    "epoch \(epoch), batch \(batch): the loss jumped to \(loss). This batch and the one before it are noted in \(path): look at "
      + "their samples, lower the learning rate, or limit the gradients (trainer.gradient_clip_val)."
  }
}
