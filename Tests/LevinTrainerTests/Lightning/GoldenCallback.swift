import Foundation
import Levin

/// A callback that notes each hook, the order of batches, and the learning rates of each step.
final class GoldenCallback: Callback {
  let script: GoldenScript
  let name: String
  var order: [String] = []
  var rates: [[Double]] = []
  /// The numbers of steps at which checkpoints were saved.
  var saves: [Int] = []
  var hasSeveralLoaders = false
  init(_ script: GoldenScript, name: String = "C") { (self.script, self.name) = (script, name) }

  override var stateKey: String { name }
  private func note(
    _ hook: String, _ module: LightningModuleBase, _ batch: BatchContext? = nil, detail: String = ""
  ) {
    var text = "\(name).\(hook)" + detail
    if let batch {
      text += " \(batch.index)"
      if hasSeveralLoaders, !hook.contains("train") { text += " \(batch.loaderIndex)" }
    }
    script.trace.append(text)
    script.log(hook, from: "callback", module, index: batch?.index)
  }
  override func setup(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) {
    note("setup", module, detail: " \(stage.rawValue)")
  }
  override func teardown(_ trainer: Trainer, _ module: LightningModuleBase, stage: Stage) {
    note("teardown", module, detail: " \(stage.rawValue)")
  }
  override func onException(_ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error) {
    script.trace.append("\(name).on_exception RuntimeError")
  }
  override func onSaveCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: inout Checkpoint
  ) {
    saves.append(trainer.globalStep)
    script.trace.append("\(name).on_save_checkpoint")
  }
  override func onLoadCheckpoint(
    _ trainer: Trainer, _ module: LightningModuleBase, _ checkpoint: Checkpoint
  ) { script.trace.append("\(name).on_load_checkpoint") }
  override func onBeforeZeroGrad(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) { note("on_before_zero_grad", module) }
  override func onBeforeBackward(
    _ trainer: Trainer, _ module: LightningModuleBase, _ loss: Tensor
  ) { note("on_before_backward", module) }
  override func onBeforeOptimizerStep(
    _ trainer: Trainer, _ module: LightningModuleBase, _ optimizer: Optimizer
  ) {
    let place = trainer.optimizers.firstIndex { $0 === optimizer } ?? -1
    rates.append([Double(place)] + optimizer.groups.map(\.learningRate))
    note("on_before_optimizer_step", module)
  }
  override func onTrainEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    order.append("epoch\(trainer.currentEpoch)")
    note("on_train_epoch_start", module)
  }
  private func batch(_ letter: String, _ batch: BatchContext) {
    order.append("\(letter)\(batch.index)" + (batch.loaderIndex > 0 ? "/\(batch.loaderIndex)" : ""))
  }
  override func onTrainBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    self.batch("t", batch)
    note("on_train_batch_start", module, batch)
  }
  override func onTrainBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { note("on_train_batch_end", module, batch) }
  override func onValidationBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    self.batch(trainer.isSanityChecking ? "s" : "v", batch)
    note("on_validation_batch_start", module, batch)
  }
  override func onValidationBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { note("on_validation_batch_end", module, batch) }
  override func onTestBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    self.batch("x", batch)
    note("on_test_batch_start", module, batch)
  }
  override func onTestBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { note("on_test_batch_end", module, batch) }
  override func onPredictBatchStart(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) {
    self.batch("p", batch)
    note("on_predict_batch_start", module, batch)
  }
  override func onPredictBatchEnd(
    _ trainer: Trainer, _ module: LightningModuleBase, _ batch: BatchContext
  ) { note("on_predict_batch_end", module, batch) }
  override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_fit_start", module)
  }
  var groups: [(count: Int, rate: Double)] = []
  override func onFitEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    groups = trainer.optimizers.flatMap(\.groups).map { ($0.parameters.count, $0.learningRate) }
    note("on_fit_end", module)
  }
  override func onTrainStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_train_start", module)
  }
  override func onTrainEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_train_end", module)
  }
  override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_train_epoch_end", module)
  }
  override func onAfterBackward(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_after_backward", module)
  }
  override func onValidationStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_validation_start", module)
  }
  override func onValidationEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_validation_end", module)
  }
  override func onValidationEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_validation_epoch_start", module)
  }
  override func onValidationEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_validation_epoch_end", module)
  }
  override func onTestStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_test_start", module)
  }
  override func onTestEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_test_end", module)
  }
  override func onTestEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_test_epoch_start", module)
  }
  override func onTestEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_test_epoch_end", module)
  }
  override func onPredictStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_predict_start", module)
  }
  override func onPredictEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_predict_end", module)
  }
  override func onPredictEpochStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_predict_epoch_start", module)
  }
  override func onPredictEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_predict_epoch_end", module)
  }
  override func onSanityCheckStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_sanity_check_start", module)
  }
  override func onSanityCheckEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    note("on_sanity_check_end", module)
  }
}
