public import LevinNN
internal import LevinTensor

/// Keeps averages of the weights during a training, evaluates with them, and puts them into the module at the end.
///
/// By default all states after an optimizer step count equally (Polyak and Juditsky 1992); a subclass decides which do.
/// Validations within a training use the averages. Checkpoints hold them as the weights, and the weights that the training
/// goes on with beside them; so tests and predictions from a checkpoint use the averages, too.
open class WeightAveraging: Callback {
  /// How much each state counts.
  public final let averaging: AveragedModel.Averaging
  /// Whether buffers are averaged; otherwise they are those of the latest state.
  public final let useBuffers: Bool
  /// The averages; nil before the first training.
  public private(set) final var averagedModel: AveragedModel?
  private var updatedStep = 0
  /// The training's own weights while the module has the averages.
  private var own: [String: Tensor]?

  /// Creates a callback.
  ///
  /// Traps if a decay is outside 0…1.
  public init(averaging: AveragedModel.Averaging = .equal, useBuffers: Bool = true) {
    (self.averaging, self.useBuffers) = (averaging, useBuffers)
  }

  /// Whether the state counts that is there now, after an optimizer step or at the end of an epoch.
  ///
  /// One of the arguments is not nil: the number of the optimizer step or of the epoch, from 0. By default every step counts.
  open func shouldUpdate(step: Int?, epoch: Int?) -> Bool { step != nil }

  /// The number of optimizer steps at the last update (Lightning's `_latest_update_step`).
  final var latestUpdateStep: Int { updatedStep }

  open override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    // A checkpoint has brought its own.
    if averagedModel == nil { begin(module) }
  }

  private func begin(_ module: LightningModuleBase) {
    averagedModel = AveragedModel(module, averaging, averagesBuffers: useBuffers)
  }

  open override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) throws {
    let steps = trainer.globalStep
    guard steps > updatedStep, shouldUpdate(step: steps - 1, epoch: nil) else { return }
    averagedModel?.update(module)
    updatedStep = steps
  }

  open override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard shouldUpdate(step: nil, epoch: trainer.currentEpoch) else { return }
    averagedModel?.update(module)
  }

  open override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    try averagedModel?.apply(to: module)
  }

  open override func onValidationEpochStart(
    _ trainer: Trainer, _ module: LightningModuleBase
  ) throws {
    guard trainer.stage == .fit, let averagedModel else { return }
    own = Self.state(of: module)
    try averagedModel.apply(to: module)
  }

  open override func onValidationEpochEnd(
    _ trainer: Trainer, _ module: LightningModuleBase
  ) throws { try putBack(module) }

  open override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) { try? putBack(module) }

  private func putBack(_ module: LightningModuleBase) throws {
    guard let own else { return }
    self.own = nil
    try module.loadState(own)
  }

  private static func state(of module: LightningModuleBase) -> [String: Tensor] {
    Dictionary(module.stateDictionary.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  // MARK: Checkpoints

  private struct State: Codable { var updatedStep: Int }

  open override func state() throws -> String? {
    try JSONText.encode(State(updatedStep: updatedStep))
  }

  open override func restore(_ state: String) throws {
    updatedStep = try JSONText.decode(State.self, state).updatedStep
  }

  private static let current = "current_model_state."
  private static let averages = "averaging_state."

  open override func onSaveCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: inout Checkpoint
  ) throws {
    guard trainer.stage == .fit, let averagedModel else { return }
    for (name, tensor) in averagedModel.stateDictionary {
      guard name.hasPrefix("module.") else {
        checkpoint.tensors[Self.averages + name] = tensor
        continue
      }
      let name = String(name.dropFirst("module.".count))
      if let index = checkpoint.weights.firstIndex(where: { $0.name == name }) {
        checkpoint.weights[index].tensor = tensor
      }
    }
    // A file of weights is not for going on.
    guard checkpoint.resumePoint != nil else { return }
    for (name, tensor) in own ?? Self.state(of: module) {
      checkpoint.tensors[Self.current + name] = tensor
    }
  }

  open override func onLoadCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: Checkpoint
  ) throws {
    guard trainer.stage == .fit else { return }
    let saved = checkpoint.tensors
    begin(module)
    // A checkpoint without averages begins them with its weights.
    guard saved.keys.contains(where: { $0.hasPrefix(Self.current) }) else { return }
    func part(_ prefix: String) -> [String: Tensor] {
      Dictionary(
        uniqueKeysWithValues: saved.compactMap { name, tensor in
          name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), tensor) : nil
        })
    }
    let averages = checkpoint.weights.map { ("module.\($0.name)", $0.tensor) }
    try averagedModel?.loadState(
      part(Self.averages).merging(averages) { own, _ in own })
    try module.loadState(part(Self.current))
  }
}
