public import LevinOptimizers
public import LevinTensor

/// An optimizer in a training: its steps call the hooks and are counted (Lightning's `LightningOptimizer`).
///
/// A module in manual optimization steps with these, from ``LightningModuleBase/optimizer(_:)-(Int)``.
public final class LightningOptimizer {
  /// The optimizer itself.
  public let optimizer: Optimizer
  /// The name that ``Optimization`` gave it.
  public let name: String?
  /// The batches in a row that belong to it, where optimizers take turns.
  public let frequency: Int
  private unowned let trainer: Trainer
  /// The parameters that were switched off by ``toggle()``.
  private var switchedOff: [Parameter] = []

  init(_ optimizer: Optimizer, name: String?, frequency: Int, _ trainer: Trainer) {
    (self.optimizer, self.name, self.frequency) = (optimizer, name, frequency)
    self.trainer = trainer
  }

  /// The learning rate of the first group; setting it sets that of all groups.
  public var learningRate: Double {
    get { optimizer.learningRate }
    set { optimizer.learningRate = newValue }
  }

  /// Clears the gradients.
  public func zeroGradients() { optimizer.zeroGradients() }

  /// Makes a step with the gradients there are.
  public func step() throws {
    try trainer.beforeStep(of: optimizer)
    trainer.profiled(.optimizerStep, of: trainer.module) { optimizer.step() }
    trainer.countStep()
  }

  /// Calls `closure`, which computes the gradients and returns the loss, and makes a step; ``LBFGS`` calls it several
  /// times.
  @discardableResult
  public func step(_ closure: () throws -> Tensor) throws -> Tensor {
    let loss = try optimizer.step {
      let loss = try closure()
      try trainer.beforeStep(of: optimizer)
      return loss
    }
    trainer.countStep()
    return loss
  }

  /// Makes `body` record gradients for this optimizer's parameters only: those of the module's other optimizers do
  /// not require gradients meanwhile.
  public func toggled<Result>(_ body: () throws -> Result) rethrows -> Result {
    toggle()
    defer { untoggle() }
    return try body()
  }

  /// Switches off the gradients of the parameters that only other optimizers have, until ``untoggle()``.
  public func toggle() {
    let own = Set(optimizer.parameters.map(ObjectIdentifier.init))
    switchedOff = trainer.optimizers.flatMap(\.parameters).filter {
      $0.requiresGradient && !own.contains(ObjectIdentifier($0))
    }
    for parameter in switchedOff { parameter.requiresGradient = false }
  }

  /// Switches on what ``toggle()`` switched off.
  public func untoggle() {
    for parameter in switchedOff { parameter.requiresGradient = true }
    switchedOff = []
  }
}

extension Trainer {
  /// What comes between the gradients and the step of an optimizer.
  func beforeStep(of optimizer: Optimizer) throws {
    try strategy.averageGradients(of: optimizer)
    try run(.onBeforeOptimizerStep, optimizer)
  }

  func countStep() { context.state.globalStep += 1 }
}
