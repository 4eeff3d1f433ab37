public import LevinNN
public import LevinTensor

/// The part of ``LightningModule`` that does not know the type of a batch: hooks, `log`, and what the Trainer lends.
open class LightningModuleBase: Module {
  /// The trainer that runs this module; nil outside of `fit`, `validate`, `test` and `predict`.
  public internal(set) weak var trainer: Trainer?

  // What a step may ask.
  /// The epoch, from 0; after `fit` the number of finished epochs.
  public var currentEpoch: Int { fatalError("skeleton") }
  /// Optimizer steps made so far.
  public var globalStep: Int { fatalError("skeleton") }
  /// The trainer's logger; one that swallows everything where the trainer has none, or during the sanity check.
  public var logger: any Logger { fatalError("skeleton") }

  /// The optimizer, or optimizers and schedulers, of the training.
  open func configureOptimizers() throws -> any OptimizerConfiguration { fatalError("skeleton") }

  /// Logs a number with Lightning's defaults for the hook it is called from.
  public final func log(
    _ name: String, _ value: Tensor, progressBar: Bool = false, logger: Bool = true, onStep: Bool? = nil,
    onEpoch: Bool? = nil, reduce: MetricReduction = .mean, batchSize: Int? = nil
  ) { fatalError("skeleton") }
  /// Logs a number with Lightning's defaults for the hook it is called from.
  public final func log(
    _ name: String, _ value: Double, progressBar: Bool = false, logger: Bool = true, onStep: Bool? = nil,
    onEpoch: Bool? = nil, reduce: MetricReduction = .mean, batchSize: Int? = nil
  ) { fatalError("skeleton") }

  // Hooks without a batch, in Lightning's order (all open, all empty): the owner of the Trainer writes the full list.
  open func setup(stage: Stage) throws {}
  open func onFitStart() throws {}
  open func onTrainStart() throws {}
  open func onTrainEpochStart() throws {}
  open func onTrainEpochEnd() throws {}
  open func onValidationEpochStart() throws {}
  open func onValidationEpochEnd() throws {}
  open func onTestEpochStart() throws {}
  open func onTestEpochEnd() throws {}
  open func onTrainEnd() throws {}
  open func onFitEnd() throws {}
  open func teardown(stage: Stage) throws {}
}

/// How logged values of an epoch become one.
public enum MetricReduction: String, Sendable { case mean, sum, min, max }
/// What the trainer is running.
public enum Stage: String, Sendable { case fit, validate, test, predict }
