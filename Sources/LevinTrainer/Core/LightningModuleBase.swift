public import LevinNN
public import LevinOptimizers
public import LevinTensor

/// The part of ``LightningModule`` that does not know the type of a batch: hooks, `log`, and what the Trainer lends.
///
/// Hooks are called in Lightning's order; each is empty unless its comment says otherwise, and may throw to
/// end the run.
open class LightningModuleBase: Module {
  /// The trainer that runs this module; nil before its first run.
  public internal(set) weak var trainer: Trainer?
  /// What the trainer's loops lend; kept after a run, so that its counters can be asked for.
  var context: LoopContext?

  /// The epoch, from 0; after `fit` the number of finished epochs.
  public final var currentEpoch: Int { context?.state.epoch ?? 0 }
  /// Optimizer steps made so far.
  public final var globalStep: Int { context?.state.globalStep ?? 0 }
  /// The trainer's logger; one that swallows everything where the trainer has none, or during the sanity check.
  public final var logger: any Logger { context?.logger ?? MutedLogger() }

  // Before the loops.

  /// More callbacks for the trainer's list.
  open func configureCallbacks() -> [Callback] { [] }
  /// Downloads and the like, before ``setup(stage:)``.
  open func prepareData() async throws {}
  open func setup(stage: Stage) throws {}
  /// The place to build what needs ``setup(stage:)``; weights of a checkpoint are loaded after it.
  open func configureModel() throws {}
  /// The optimizer, or optimizers and schedulers, of the training.
  open func configureOptimizers() throws -> any OptimizerConfiguration {
    throw TrainerError.notOverridden(
      method: "configureOptimizers()", type: "\(type(of: self))", reason: "fit needs an optimizer")
  }

  // Training.

  open func onFitStart() throws {}
  open func onTrainStart() throws {}
  open func onTrainEpochStart() throws {}
  /// Makes the gradients.
  ///
  /// The default is `loss.backward()`.
  open func backward(_ loss: Tensor) throws { loss.backward() }
  open func onBeforeZeroGrad(_ optimizer: Optimizer) throws {}
  /// Forgets the gradients before those of the next batch.
  ///
  /// The default is `optimizer.zeroGradients()`.
  open func optimizerZeroGrad(_ optimizer: Optimizer, epoch: Int, batchIndex: Int) throws {
    optimizer.zeroGradients()
  }
  open func onBeforeBackward(_ loss: Tensor) throws {}
  open func onAfterBackward() throws {}
  open func onBeforeOptimizerStep(_ optimizer: Optimizer) throws {}
  /// Limits the gradients.
  ///
  /// The default is ``clipGradients(of:limit:algorithm:)``.
  open func configureGradientClipping(
    _ optimizer: Optimizer, limit: Double?, algorithm: GradientClipAlgorithm
  ) throws {
    clipGradients(of: optimizer, limit: limit, algorithm: algorithm)
  }
  /// Changes the parameters.
  ///
  /// `closure` runs the training step, zeroes the gradients and makes the new ones; it gives nil when the
  /// step skipped the batch. The default calls it and then `optimizer.step()`.
  open func optimizerStep(
    _ optimizer: Optimizer, epoch: Int, batchIndex: Int, closure: () throws -> Tensor?
  ) throws {
    if try closure() != nil { optimizer.step() }
  }
  open func onTrainEpochEnd() throws {}
  open func onTrainEnd() throws {}
  open func onFitEnd() throws {}

  // Validation.

  /// Forgets the gradients before a validation in the middle of a training.
  ///
  /// Empty unless overridden: the next batch zeroes them anyway.
  open func onValidationModelZeroGrad() throws {}
  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onValidationModelEval() throws { train(false) }
  /// Called after the trainer has put back the mode of every module.
  open func onValidationModelTrain() throws {}
  open func onValidationStart() throws {}
  open func onValidationEpochStart() throws {}
  open func onValidationEpochEnd() throws {}
  open func onValidationEnd() throws {}

  // Test.

  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onTestModelEval() throws { train(false) }
  /// Called after the trainer has put back the mode of every module.
  open func onTestModelTrain() throws {}
  open func onTestStart() throws {}
  open func onTestEpochStart() throws {}
  open func onTestEpochEnd() throws {}
  open func onTestEnd() throws {}

  // Prediction.

  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onPredictModelEval() throws { train(false) }
  open func onPredictStart() throws {}
  open func onPredictEpochStart() throws {}
  open func onPredictEpochEnd() throws {}
  open func onPredictEnd() throws {}

  // Checkpoints.

  /// Called before a checkpoint is written, to add to it.
  open func onSaveCheckpoint(_ checkpoint: inout Checkpoint) throws {}
  /// Called after a checkpoint was read, before its weights are loaded.
  open func onLoadCheckpoint(_ checkpoint: Checkpoint) throws {}

  // After the loops.

  open func teardown(stage: Stage) throws {}
}
