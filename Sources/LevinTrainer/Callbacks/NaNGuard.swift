internal import Foundation
internal import LevinNN
public import LevinOptimizers
public import LevinTensor

/// Looks for NaN and infinity in the loss and the gradients before each optimizer step, and says where they began.
///
/// The first time, the batch is computed once more to find the operation and the layer that produced the first NaN; in
/// other steps the cost is that of a norm of all gradients. Weights stay finite unless the training is to go on.
public final class NaNGuard: Callback {
  /// What to do about a loss or a gradient that is not finite.
  public enum Action: String, Sendable, Codable, CaseIterable {
    /// Leave the step out, and end the training after the batch.
    case stop
    /// Leave the step out, and go on with the next batch.
    case skip
    /// Say it once, and go on as if nothing were wrong.
    case goOn
  }

  /// What to do.
  public let action: Action
  /// The number of steps in a row that may be left out before the training ends.
  public let patience: Int
  /// The number of steps with something that is not finite, also those of a run that this one resumes.
  public private(set) var count: Int {
    get { found.count }
    set { found.count = newValue }
  }

  /// What a checkpoint saves.
  private struct Found: Codable {
    var count = 0
    var inARow = 0
  }
  private var found = Found()
  private var batch: BatchContext?
  private var badLoss: Double?

  /// - Parameters:
  ///   - action: What to do about a loss or a gradient that is not finite.
  ///   - patience: The number of steps in a row that may be left out, with `.skip`, before the training ends.
  public init(_ action: Action = .stop, patience: Int = 10) {
    (self.action, self.patience) = (action, max(1, patience))
  }

  /// Remembers the batch.
  public override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    (self.batch, badLoss) = (batch, nil)
  }

  /// Looks at the loss.
  public override func onBeforeBackward(
    _ trainer: Trainer, _ module: LightningModuleBase, _ loss: Tensor
  ) {
    let value = loss.item()
    if !value.isFinite { badLoss = value }
  }

  /// Looks at the gradients.
  public override func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) throws {
    guard badLoss != nil || !gradientNorm(optimizer.parameters).isFinite else {
      found.inARow = 0
      return
    }
    found.count += 1
    found.inARow += 1
    let what =
      badLoss.map { "the loss is \($0.unsignedNaN)" }
      ?? Self.badGradient(of: module, optimizer)
    let place = "epoch \(trainer.currentEpoch), batch \(batch?.index ?? 0)"
    if found.count == 1 {
      trainer.note("NaNGuard: \(what) at \(place). \(try origin(trainer, module)) \(consequence)")
    }
    guard action != .goOn else { return }
    for parameter in optimizer.parameters { parameter.zeroGradient() }
    if action == .stop {
      trainer.stop("\(what) at \(place)")
    } else if found.inARow >= patience {
      trainer.stop("\(what) at \(place), and \(found.inARow) steps in a row were left out")
    }
  }

  /// Forgets the batch.
  public override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    batch = nil
    if count > 1 {
      let left = action == .goOn ? "" : " and were left out"
      trainer.note("NaNGuard: \(count) steps had a loss or gradients that are not finite\(left).")
    }
  }

  private var consequence: String {
    switch action {
    case .stop: "The step is left out, and the training ends."
    case .skip: "The step is left out; later ones are counted."
    case .goOn: "The training goes on."
    }
  }

  private static func badGradient(of module: LightningModuleBase, _ optimizer: Optimizer) -> String
  {
    let names = module.namedParameters.filter { entry in
      optimizer.parameters.contains { $0 === entry.parameter }
        && entry.parameter.gradient.map { !$0.norm(2).item().isFinite } ?? false
    }.map(\.name)
    guard let first = names.first else { return "the norm of the gradients is not finite" }
    return names.count == 1
      ? "the gradient of \(first) is not finite"
      : "the gradients of \(first) and \(names.count - 1) more are not finite"
  }

  /// A sentence about where NaN began.
  private func origin(_ trainer: Trainer, _ module: LightningModuleBase) throws -> String {
    let bad = module.namedParameters.filter { !$0.parameter.value.norm(2).item().isFinite }
    if let first = bad.first {
      return "The parameter \(first.name) was not finite before the step."
    }
    guard let batch else { return "" }
    if let anomaly = try trainer.activeFit?.anomaly(in: batch) { return "\(anomaly)." }
    return "Computed once more, the batch gives no NaN."
  }

  // MARK: State

  /// The counts.
  public override func state() throws -> String? {
    String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
  }

  /// Restores the counts.
  public override func restore(_ state: String) throws {
    found = try JSONDecoder().decode(Found.self, from: Data(state.utf8))
  }
}
