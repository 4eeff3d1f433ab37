public import LevinNN
public import LevinOptimizers
public import LevinTensor

/// Trains parts of a model later than others (Lightning's `BaseFinetuning`); subclasses say which and when.
///
///     final class HeadFirst: BaseFinetuning {
///       override func freezeBeforeTraining(_ module: LightningModuleBase) throws {
///         if let body = module.child(at: "model.0") { freeze(body) }
///       }
///       override func finetune(_ module: LightningModuleBase, epoch: Int, _ optimizer: Optimizer) throws {
///         guard epoch == 5, let body = module.child(at: "model.0") else { return }
///         unfreezeAndAddGroup(body, to: optimizer)
///       }
///     }
///
/// `configureOptimizers` must leave out what is frozen: `Adam(parameters.filter(\.requiresGradient))`. A checkpoint remembers the
/// groups of parameters that were added.
open class BaseFinetuning: Callback {
  /// The names of the parameters in the groups that were added, by the number of the optimizer.
  private var added: [Int: [[String]]] = [:]
  private var saved: State?

  public override init() {}

  /// Freezes what is not trained from the beginning; called before `configureOptimizers`.
  open func freezeBeforeTraining(_ module: LightningModuleBase) throws {}

  /// Unfreezes what is trained from `epoch` on; called at the start of each epoch, for each optimizer.
  open func finetune(_ module: LightningModuleBase, epoch: Int, _ optimizer: Optimizer) throws {}

  // MARK: Helpers

  /// The parameters of a module and its children that require gradients, or that do not.
  ///
  /// - Parameter trainBatchNorm: Whether those of batch normalization are among them.
  public final func parameters(
    of module: Module, trainBatchNorm: Bool = true, requiresGradient: Bool = true
  ) -> [Parameter] {
    let left = trainBatchNorm ? [] : Self.norms(in: module).flatMap(\.parameters)
    let leftOut = Set(left.map(ObjectIdentifier.init))
    return module.parameters.filter {
      $0.requiresGradient == requiresGradient && !leftOut.contains(ObjectIdentifier($0))
    }
  }

  /// Makes a module and its children untrained.
  ///
  /// - Parameter trainBatchNorm: Whether batch normalization is trained nevertheless. The running statistics of all normalizations
  ///   change in training mode; `eval()` in the module's `onTrainEpochStart` stops that.
  public final func freeze(_ module: Module, trainBatchNorm: Bool = true) {
    module.requiresGradient = false
    if trainBatchNorm { for norm in Self.norms(in: module) { norm.requiresGradient = true } }
  }

  /// Makes a module and its children trained; the optimizer must have their parameters, or get them.
  public final func makeTrainable(_ module: Module) { module.requiresGradient = true }

  /// Makes a module and its children trained, and gives their parameters to an optimizer as a new group, but those that it already
  /// has.
  ///
  /// - Parameters:
  ///   - learningRate: That of the group; nil: that of the first group divided by `initialDenominator`.
  ///   - trainBatchNorm: Whether the parameters of batch normalization are in the group.
  public final func unfreezeAndAddGroup(
    _ module: Module, to optimizer: Optimizer, learningRate: Double? = nil,
    initialDenominator: Double = 10, trainBatchNorm: Bool = true
  ) {
    makeTrainable(module)
    let known = Set(optimizer.parameters.map(ObjectIdentifier.init))
    let new = parameters(of: module, trainBatchNorm: trainBatchNorm)
      .filter { !known.contains(ObjectIdentifier($0)) }
    guard !new.isEmpty else { return }
    optimizer.addGroup(
      new, learningRate: learningRate ?? optimizer.learningRate / initialDenominator)
  }

  private static func norms(in module: Module) -> [BatchNorm] {
    module.namedModules.compactMap { $0.module as? BatchNorm }
  }

  // MARK: Hooks

  open override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws {
    guard stage == .fit else { return }
    (added, saved) = ([:], nil)
    try freezeBeforeTraining(module)
  }

  open override func onLoadCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: Checkpoint
  ) throws {
    guard trainer.stage == .fit, let text = checkpoint.callbackStates[stateKey] else { return }
    saved = try JSONText.decode(State.self, text)
  }

  /// Gives the optimizers the groups that the checkpoint's had, before their state is restored.
  open override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard let saved else { return }
    for name in saved.trainable { module.parameter(at: name)?.requiresGradient = true }
    for (index, optimizer) in trainer.optimizers.enumerated() {
      for names in saved.added[index] ?? [] {
        let parameters = names.compactMap { module.parameter(at: $0) }
        for parameter in parameters { parameter.requiresGradient = true }
        optimizer.addGroup(parameters, learningRate: optimizer.learningRate)
      }
    }
    added = saved.added
  }

  open override func onTrainEpochStart(
    _ trainer: Trainer, _ module: LightningModuleBase
  ) throws {
    for (index, optimizer) in trainer.optimizers.enumerated() {
      let count = optimizer.groups.count
      try finetune(module, epoch: trainer.currentEpoch, optimizer)
      guard optimizer.groups.count > count else { continue }
      let names = Dictionary(
        module.namedParameters.map { (ObjectIdentifier($0.parameter), $0.name) },
        uniquingKeysWith: { first, _ in first })
      added[index, default: []] += optimizer.groups[count...].map { group in
        group.parameters.compactMap { names[ObjectIdentifier($0)] }
      }
    }
    trainable = module.namedParameters.filter(\.parameter.requiresGradient).map(\.name)
  }
  private var trainable: [String] = []

  // MARK: State

  private struct State: Codable {
    var added: [Int: [[String]]]
    var trainable: [String]
    var more: String?
  }

  open override func state() throws -> String? {
    try JSONText.encode(State(added: added, trainable: trainable, more: moreState))
  }

  open override func restore(_ state: String) throws {
    let state = try JSONText.decode(State.self, state)
    trainable = state.trainable
    if let more = state.more { restoreMore(more) }
  }

  /// What a subclass saves besides.
  open var moreState: String? { nil }
  /// Restores ``moreState``.
  open func restoreMore(_ state: String) {}
}
