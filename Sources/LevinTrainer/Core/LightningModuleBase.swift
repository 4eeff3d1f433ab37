internal import LevinNN
public import LevinOptimizers
public import LevinTensor

/// The part of ``LightningModule`` that does not depend on the type of a batch: hooks, `log`, and the trainer's state.
///
/// Hooks are called in Lightning's order; each is empty unless its comment says otherwise, and may throw to
/// end the run.
open class LightningModuleBase: RemovedHooks {
  /// The trainer that runs this module; nil before its first run.
  public internal(set) weak var trainer: Trainer?
  /// The state of the trainer's loops; kept after a run, for its counters.
  var context: LoopContext?

  /// The epoch, from 0; after `fit` the number of finished epochs.
  public final var currentEpoch: Int { context?.state.epoch ?? 0 }
  /// The number of optimizer steps so far.
  public final var globalStep: Int { context?.state.globalStep ?? 0 }
  /// The number of training batches so far; more than ``globalStep`` if gradients are accumulated.
  public final var batchStep: Int { context?.state.totalBatches ?? 0 }
  /// The number of the loader that the current batch is from, if an evaluation or a prediction has several.
  public final var loaderIndex: Int { context?.loader ?? 0 }
  /// The trainer's loggers, all at once; it discards everything if the trainer has none, and during the sanity check.
  public final var logger: LoggerCollection { context?.logger ?? LoggerCollection() }

  /// Whether the trainer computes gradients and steps the one optimizer; if false, ``trainingStep`` does both.
  public final var automaticOptimization = true
  /// An input on which the summary of the model and its graph are traced, and with which it is exported; nil for none.
  open var exampleInput: Tensor? { nil }
  /// Computes the model's output for ``exampleInput``, and in an exported model.
  ///
  /// By default the module's only child that is a ``Layer`` does.
  open func forward(_ input: Tensor) throws -> Tensor {
    let layers = namedChildren.compactMap { $0.module as? Layer }
    guard layers.count == 1 else {
      throw TrainerError.notOverridden(
        method: "forward(_:)", type: "\(type(of: self))",
        reason: "there are \(layers.count) layers that could compute it")
    }
    return layers[0](input)
  }

  /// What the steps of the current evaluation returned, batch by batch: from the first hook after a step until the next
  /// evaluation begins.
  ///
  /// Values of other types are left out.
  public final func outputs<Outputs>(
    as type: Outputs.Type = Outputs.self, loaderIndex: Int = 0
  ) -> [Outputs] {
    guard let outputs = context?.outputs, outputs.indices.contains(loaderIndex) else { return [] }
    return outputs[loaderIndex].compactMap { $0 as? Outputs }
  }

  // MARK: Before the loops

  /// Returns callbacks to add to the trainer's.
  open func configureCallbacks() -> [Callback] { [] }
  /// Called once before ``setup(stage:)``, to download data, for example.
  open func prepareData() async throws {}
  open func setup(stage: Stage) throws {}
  /// Builds the parts of the model that need ``setup(stage:)``; a checkpoint's weights are loaded afterwards.
  open func configureModel() throws {}
  /// Returns the optimizer of the training, with a scheduler if there is one; see ``OptimizerConfiguration``.
  ///
  /// With an empty ``Optimization`` the steps run and nothing is trained.
  open func configureOptimizers() throws -> any OptimizerConfiguration {
    throw TrainerError.notOverridden(
      method: "configureOptimizers()", type: "\(type(of: self))", reason: "fit needs an optimizer")
  }

  // MARK: Training

  open func onFitStart() throws {}
  open func onTrainStart() throws {}
  open func onTrainEpochStart() throws {}
  /// Computes the gradients.
  ///
  /// The default is `loss.backward()`.
  open func backward(_ loss: Tensor) throws { loss.backward() }
  open func onBeforeZeroGrad(_ optimizer: Optimizer) throws {}
  /// Clears the gradients before the next batch.
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
  /// Runs the training step and the optimizer.
  ///
  /// `closure` runs the training step, clears the gradients and computes the new ones; it returns nil if the
  /// step skipped the batch. The default calls it and then `optimizer.step()`.
  open func optimizerStep(
    _ optimizer: Optimizer, epoch: Int, batchIndex: Int, closure: () throws -> Tensor?
  ) throws {
    do {
      try optimizer.step {
        guard let loss = try closure() else { throw SkippedBatch() }
        return loss
      }
    } catch is SkippedBatch {
      // Earlier batches of the window may have left gradients.
      if optimizer.parameters.contains(where: { $0.gradient != nil }) { optimizer.step() }
    }
  }
  /// Sets the next learning rates; `metric` is the value that the scheduler follows, if it follows one.
  open func schedulerStep(_ scheduler: LearningRateScheduler, metric: Double?) throws {
    if let plateau = scheduler as? ReduceLROnPlateau, let metric {
      plateau.step(metric)
    } else {
      scheduler.step()
    }
  }
  open func onTrainEpochEnd() throws {}
  open func onTrainEnd() throws {}
  open func onFitEnd() throws {}

  // MARK: Validation

  /// Clears the gradients before a validation within a training.
  ///
  /// The default does nothing: the next batch clears them anyway.
  open func onValidationModelZeroGrad() throws {}
  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onValidationModelEval() throws { train(false) }
  /// Called after the trainer has restored the mode of every module.
  open func onValidationModelTrain() throws {}
  open func onValidationStart() throws {}
  open func onValidationEpochStart() throws {}
  open func onValidationEpochEnd() throws {}
  open func onValidationEnd() throws {}

  // MARK: Test

  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onTestModelEval() throws { train(false) }
  /// Called after the trainer has restored the mode of every module.
  open func onTestModelTrain() throws {}
  open func onTestStart() throws {}
  open func onTestEpochStart() throws {}
  open func onTestEpochEnd() throws {}
  open func onTestEnd() throws {}

  // MARK: Prediction

  /// Puts the model into evaluation mode.
  ///
  /// The default is `train(false)`.
  open func onPredictModelEval() throws { train(false) }
  open func onPredictStart() throws {}
  open func onPredictEpochStart() throws {}
  open func onPredictEpochEnd() throws {}
  open func onPredictEnd() throws {}

  // MARK: Checkpoints

  /// Called before a checkpoint is written, to add to it.
  open func onSaveCheckpoint(_ checkpoint: inout Checkpoint) throws {}
  /// Called after a checkpoint was read, before its weights are loaded.
  open func onLoadCheckpoint(_ checkpoint: Checkpoint) throws {}

  // MARK: After the loops

  open func teardown(stage: Stage) throws {}
}

/// A training step that gave no loss ends the optimizer's step.
private struct SkippedBatch: Error {}
