import Foundation
import Levin

/// What a golden configuration says of the module, and what is noted while it runs.
final class GoldenScript {
  struct Raised: Error {}
  let configuration: JSON
  var trace: [String] = []
  private var calls: [String: Int] = [:]
  var metrics: [String: Metric] = [:]
  init(_ configuration: JSON) { self.configuration = configuration }

  var module: JSON { configuration["module"] }
  var logs: [JSON] {
    if module["log"].exists { return module["log"].list }
    return [
      JSON([
        "hook": "training_step", "key": "train_loss", "value": "loss", "on_step": true,
        "on_epoch": true,
      ]),
      JSON(["hook": "validation_step", "key": "val_loss", "value": "loss"]),
      JSON(["hook": "test_step", "key": "test_loss", "value": "loss"]),
    ]
  }

  /// Counts a call of a hook, and throws where the configuration wants that.
  func count(_ hook: String) throws -> Int {
    let number = calls[hook, default: -1] + 1
    calls[hook] = number
    let raises = module["raises"]
    if raises["hook"].text == hook, raises["call"].int == number { throw Raised() }
    return number
  }

  /// What a step computed.
  struct Step {
    var loss: Tensor?
    var output: Tensor?
    var samples = 0
  }

  /// Logs what the configuration says for a hook.
  func log(
    _ hook: String, from who: String = "module", _ target: LightningModuleBase, index: Int? = nil,
    _ step: Step = Step()
  ) {
    for entry in logs
    where entry["hook"].text == hook && (entry["from"].text ?? "module") == who
      && entry["loader"].int.map({ $0 == target.loaderIndex }) ?? true
    {
      let pairs =
        entry["values"].exists
        ? entry["values"].members : [(entry["key"].text ?? "", entry["value"])]
      for (key, value) in pairs { log(key, value, entry, target, index: index, step) }
    }
  }

  private func log(
    _ key: String, _ value: JSON, _ entry: JSON, _ target: LightningModuleBase, index: Int?,
    _ step: Step
  ) {
    let (onStep, onEpoch) = (entry["on_step"].bool, entry["on_epoch"].bool)
    let bar = entry["prog_bar"].bool ?? false
    let logger = entry["logger"].bool ?? true
    let addsIndex = entry["add_dataloader_idx"].bool ?? true
    if value["metric"].exists {
      let name = "\(value["metric"].text ?? "") \(value["for"].text ?? "")"
      guard let metric = metrics[name], let output = step.output, let loss = step.loss else {
        return
      }
      if let aggregate = metric as? AggregationMetric {
        _ = aggregate(loss.detached(), Tensor(Float(1)))
      } else {
        _ = metric(output.detached(), output.detached().onesLike())
      }
      target.log(
        key, metric, progressBar: bar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        addLoaderIndex: addsIndex)
      return
    }
    let reduction: MetricReduction =
      ["min": .min, "max": .max, "sum": .sum][entry["reduce_fx"].text ?? ""] ?? .mean
    func send(_ number: Double) {
      target.log(
        key, number, progressBar: bar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduce: reduction, batchSize: entry["batch_size"].int, addLoaderIndex: addsIndex)
    }
    func send(_ tensor: Tensor?) {
      guard let tensor else { return }
      target.log(
        key, tensor, progressBar: bar, logger: logger, onStep: onStep, onEpoch: onEpoch,
        reduce: reduction, batchSize: entry["batch_size"].int, addLoaderIndex: addsIndex)
    }
    switch value.text {
    case "loss": send(step.loss)
    case "mean": send(step.output?.mean())
    case "batch": send(Double(index ?? 0))
    case "epoch": send(Double(target.currentEpoch))
    case "step": send(Double(target.globalStep))
    case "count": send(Double(step.samples))
    case nil where value["epochs"].exists:
      let items = value["epochs"].list
      send(items[min(target.currentEpoch, items.count - 1)].number ?? 0)
    case nil where value["steps"].exists:
      let items = value["steps"].list
      send(items[min(target.globalStep, items.count - 1)].number ?? 0)
    case "vector": send(Tensor([1, 1] as [Float]))
    default: send(value.number ?? (value.bool == true ? 1 : 0))
    }
  }
}

/// The boring module of the golden runs and traces.
class GoldenModule<Batch>: LightningModule<Batch>, LearningRateTunable {
  let backbone: Layer?
  let layer: Linear
  var learningRate: Double
  let script: GoldenScript
  let tensors: (Batch) -> [Tensor]
  var data: GoldenDataModule<Batch>?

  init(_ script: GoldenScript, tensors: @escaping (Batch) -> [Tensor]) {
    (self.script, self.tensors) = (script, tensors)
    let hidden = script.module["backbone"].int
    backbone = hidden.map {
      let linear = Linear(32, $0)
      return script.module["batch_norm"].bool == true
        ? Sequential(linear, BatchNorm1d($0)) : linear
    }
    layer = Linear(hidden ?? 32, 2)
    learningRate = script.module["optimizer"]["lr"].number ?? 0.1
    super.init()
    automaticOptimization = !script.module["manual"].exists
    for entry in script.logs {
      let value = entry["value"]
      guard let kind = value["metric"].text else { continue }
      let metric: Metric =
        switch kind {
        case "MeanSquaredError": MeanSquaredError()
        case "MaxMetric": MaxMetric()
        case "MinMetric": MinMetric()
        case "SumMetric": SumMetric()
        default: MeanMetric()
        }
      script.metrics["\(kind) \(value["for"].text ?? "")"] = metric
    }
  }

  /// Notes a hook, counts it, and logs in it.
  func note(_ hook: String, _ detail: String = "", index: Int? = nil) throws {
    script.trace.append("M.\(hook)" + (index.map { " \($0)" } ?? "") + detail)
    guard !["training_step", "validation_step", "test_step", "predict_step"].contains(hook) else {
      return
    }
    _ = try script.count(hook)
    script.log(hook, self, index: index)
  }
  /// The loader's number where Lightning gives it.
  var loaderDetail: String { hasSeveralLoaders ? " \(loaderIndex)" : "" }
  var hasSeveralLoaders = false

  override var exampleInput: Tensor? {
    script.module["example_input"].bool == true ? Tensor.zeros([8, 32]) : nil
  }
  override func forward(_ input: Tensor) -> Tensor { layer(backbone?(input) ?? input) }

  private func run(_ batch: Batch) -> GoldenScript.Step {
    let all = tensors(batch)
    let outputs = all.map { forward($0) }
    let losses = outputs.map { ($0 - $0.detached().onesLike()).squared().mean() }
    return .init(
      loss: losses.dropFirst().reduce(losses[0], +), output: outputs[0], samples: all[0].shape[0])
  }

  override func trainingStep(_ batch: Batch, batchIndex: Int) throws -> Tensor? {
    try note("training_step", index: batchIndex)
    let number = try script.count("training_step")
    if number == script.module["stop_at"].int { trainer?.shouldStop = true }
    if let memory = script.module["memory"].int, tensors(batch)[0].shape[0] > memory {
      throw OutOfMemoryError()
    }
    if script.module["none_at"].list.contains(where: { $0.int == batchIndex }) { return nil }
    let step = run(batch)
    script.log("training_step", self, index: batchIndex, step)
    guard !automaticOptimization else { return step.loss }
    for (place, part) in script.module["manual"].list.enumerated()
    where batchIndex % (part["every"].int ?? 1) == 0 {
      let loss = place == 0 ? step.loss : run(batch).loss
      optimizers[place].zeroGradients()
      if let loss { try manualBackward(loss) }
      try optimizers[place].step()
    }
    return step.loss
  }
  override func validationStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    try note("validation_step", loaderDetail, index: batchIndex)
    _ = try script.count("validation_step")
    script.log("validation_step", self, index: batchIndex, run(batch))
    return nil
  }
  override func testStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    try note("test_step", loaderDetail, index: batchIndex)
    _ = try script.count("test_step")
    script.log("test_step", self, index: batchIndex, run(batch))
    return nil
  }
  override func predictStep(_ batch: Batch, batchIndex: Int) throws -> Any? {
    try note("predict_step", loaderDetail, index: batchIndex)
    return forward(tensors(batch)[0])
  }

  override func configureCallbacks() -> [Callback] {
    script.trace.append("M.configure_callbacks")
    return []
  }
  override func prepareData() async throws { try note("prepare_data") }
  override func setup(stage: Stage) throws { try note("setup", " \(stage.rawValue)") }
  override func teardown(stage: Stage) throws { try note("teardown", " \(stage.rawValue)") }
  override func onAfterBatchTransfer(_ batch: Batch, loaderIndex: Int) throws -> Batch {
    script.trace.append("M.on_after_batch_transfer")
    return batch
  }
  override func configureOptimizers() throws -> any OptimizerConfiguration {
    try note("configure_optimizers")
    return try GoldenOptimization.make(script, self, layer, learningRate)
  }
  override func backward(_ loss: Tensor) throws {
    try note("backward")
    try super.backward(loss)
  }
  override func optimizerStep(
    _ optimizer: Optimizer, epoch: Int, batchIndex: Int, closure: () throws -> Tensor?
  ) throws {
    try note("optimizer_step", index: batchIndex)
    try super.optimizerStep(optimizer, epoch: epoch, batchIndex: batchIndex, closure: closure)
  }
  override func optimizerZeroGrad(_ optimizer: Optimizer, epoch: Int, batchIndex: Int) throws {
    try note("optimizer_zero_grad", index: batchIndex)
    try super.optimizerZeroGrad(optimizer, epoch: epoch, batchIndex: batchIndex)
  }
  override func onBeforeZeroGrad(_ optimizer: Optimizer) throws { try note("on_before_zero_grad") }
  override func onBeforeBackward(_ loss: Tensor) throws { try note("on_before_backward") }
  override func onBeforeOptimizerStep(_ optimizer: Optimizer) throws {
    try note("on_before_optimizer_step")
  }
  override func configureGradientClipping(
    _ optimizer: Optimizer, limit: Double?, algorithm: GradientClipAlgorithm
  ) throws {
    try note("configure_gradient_clipping")
    try super.configureGradientClipping(optimizer, limit: limit, algorithm: algorithm)
  }
  override func schedulerStep(_ scheduler: LearningRateScheduler, metric: Double?) throws {
    try note("lr_scheduler_step")
    try super.schedulerStep(scheduler, metric: metric)
  }
  override func onSaveCheckpoint(_ checkpoint: inout Checkpoint) throws {
    script.trace.append("M.on_save_checkpoint")
  }
  override func onLoadCheckpoint(_ checkpoint: Checkpoint) throws {
    script.trace.append("M.on_load_checkpoint")
  }
  override func onTrainBatchStart(_ batch: Batch, batchIndex: Int) throws -> Bool {
    try note("on_train_batch_start", index: batchIndex)
    return script.module["minus_one_at"].int != batchIndex
  }
  override func onTrainBatchEnd(_ loss: Tensor?, _ batch: Batch, batchIndex: Int) throws {
    try note("on_train_batch_end", index: batchIndex)
  }
  override func onValidationBatchStart(_ batch: Batch, batchIndex: Int) throws {
    try note("on_validation_batch_start", loaderDetail, index: batchIndex)
  }
  override func onValidationBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {
    try note("on_validation_batch_end", loaderDetail, index: batchIndex)
  }
  override func onTestBatchStart(_ batch: Batch, batchIndex: Int) throws {
    try note("on_test_batch_start", loaderDetail, index: batchIndex)
  }
  override func onTestBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {
    try note("on_test_batch_end", loaderDetail, index: batchIndex)
  }
  override func onPredictBatchStart(_ batch: Batch, batchIndex: Int) throws {
    try note("on_predict_batch_start", loaderDetail, index: batchIndex)
  }
  override func onPredictBatchEnd(_ outputs: Any?, _ batch: Batch, batchIndex: Int) throws {
    try note("on_predict_batch_end", loaderDetail, index: batchIndex)
  }
  override func onFitStart() throws {
    try note("on_fit_start")
    try super.onFitStart()
  }
  override func onFitEnd() throws {
    try note("on_fit_end")
    try super.onFitEnd()
  }
  override func onTrainStart() throws {
    try note("on_train_start")
    try super.onTrainStart()
  }
  override func onTrainEnd() throws {
    try note("on_train_end")
    try super.onTrainEnd()
  }
  override func onTrainEpochStart() throws {
    try note("on_train_epoch_start")
    try super.onTrainEpochStart()
  }
  override func onTrainEpochEnd() throws {
    try note("on_train_epoch_end")
    try super.onTrainEpochEnd()
  }
  override func onAfterBackward() throws {
    try note("on_after_backward")
    try super.onAfterBackward()
  }
  override func onValidationModelZeroGrad() throws {
    try note("on_validation_model_zero_grad")
    try super.onValidationModelZeroGrad()
  }
  override func onValidationModelEval() throws {
    try note("on_validation_model_eval")
    try super.onValidationModelEval()
  }
  override func onValidationModelTrain() throws {
    try note("on_validation_model_train")
    try super.onValidationModelTrain()
  }
  override func onValidationStart() throws {
    try note("on_validation_start")
    try super.onValidationStart()
  }
  override func onValidationEnd() throws {
    try note("on_validation_end")
    try super.onValidationEnd()
  }
  override func onValidationEpochStart() throws {
    try note("on_validation_epoch_start")
    try super.onValidationEpochStart()
  }
  override func onValidationEpochEnd() throws {
    try note("on_validation_epoch_end")
    try super.onValidationEpochEnd()
  }
  override func onTestModelEval() throws {
    try note("on_test_model_eval")
    try super.onTestModelEval()
  }
  override func onTestModelTrain() throws {
    try note("on_test_model_train")
    try super.onTestModelTrain()
  }
  override func onTestStart() throws {
    try note("on_test_start")
    try super.onTestStart()
  }
  override func onTestEnd() throws {
    try note("on_test_end")
    try super.onTestEnd()
  }
  override func onTestEpochStart() throws {
    try note("on_test_epoch_start")
    try super.onTestEpochStart()
  }
  override func onTestEpochEnd() throws {
    try note("on_test_epoch_end")
    try super.onTestEpochEnd()
  }
  override func onPredictModelEval() throws {
    try note("on_predict_model_eval")
    try super.onPredictModelEval()
  }
  override func onPredictStart() throws {
    try note("on_predict_start")
    try super.onPredictStart()
  }
  override func onPredictEnd() throws {
    try note("on_predict_end")
    try super.onPredictEnd()
  }
  override func onPredictEpochStart() throws {
    try note("on_predict_epoch_start")
    try super.onPredictEpochStart()
  }
  override func onPredictEpochEnd() throws {
    try note("on_predict_epoch_end")
    try super.onPredictEpochEnd()
  }
  override func configureModel() throws {
    try note("configure_model")
    try super.configureModel()
  }

  override func trainDataLoader() throws -> BatchLoader<Batch> { try own("train")[0] }
  override func validationDataLoaders() throws -> [BatchLoader<Batch>] { try own("val") }
  override func testDataLoaders() throws -> [BatchLoader<Batch>] { try own("test") }
  override func predictDataLoaders() throws -> [BatchLoader<Batch>] { try own("predict") }
  private func own(_ stage: String) throws -> [BatchLoader<Batch>] {
    script.trace.append("M.\(stage)_dataloader")
    return try data?.loaders(stage) ?? []
  }
}

/// The loaders of a golden configuration.
class GoldenDataModule<Batch>: LightningDataModule<Batch> {
  let script: GoldenScript
  /// nil where each loader has its own.
  var size: Int?
  let make: (String, JSON) throws -> [BatchLoader<Batch>]
  /// Whether its hooks are noted: where the configuration gives loaders by a data module.
  let isTraced: Bool
  var willLoad: (String, Int) -> Void = { _, _ in }

  init(_ script: GoldenScript, make: @escaping (String, JSON) throws -> [BatchLoader<Batch>]) {
    (self.script, self.make) = (script, make)
    isTraced = script.configuration["loaders_by"].text == "datamodule"
    size = script.configuration["data"]["batch_size"].int
  }
  func note(_ text: String) { if isTraced { script.trace.append("D.\(text)") } }

  func loaders(_ stage: String) throws -> [BatchLoader<Batch>] {
    let described = script.configuration["data"]
    let isNull = (described.value as? [String: Any])?[stage] is NSNull
    var one = described[stage]
    if let size {
      one = JSON((one.value as? [String: Any] ?? [:]).merging(["batch_size": size]) { $1 })
    }
    let found = isNull ? [] : try make(stage, one)
    willLoad(stage, found.count)
    return found
  }
  private func traced(_ stage: String) throws -> [BatchLoader<Batch>] {
    note("\(stage)_dataloader")
    return try loaders(stage)
  }
  override func trainDataLoader() throws -> BatchLoader<Batch> { try traced("train")[0] }
  override func validationDataLoaders() throws -> [BatchLoader<Batch>] { try traced("val") }
  override func testDataLoaders() throws -> [BatchLoader<Batch>] { try traced("test") }
  override func predictDataLoaders() throws -> [BatchLoader<Batch>] { try traced("predict") }
  override func prepareData() async throws { note("prepare_data") }
  override func setup(stage: Stage) throws { note("setup \(stage.rawValue)") }
  override func teardown(stage: Stage) throws { note("teardown \(stage.rawValue)") }
  override func onException(_ error: any Error) { note("on_exception RuntimeError") }
}

/// A data module with one size of batches for all loaders.
final class SizedDataModule<Batch>: GoldenDataModule<Batch>, BatchSizeTunable {
  var batchSize: Int {
    get { size ?? 1 }
    set { size = newValue }
  }
}

/// The optimizers and schedulers of a golden configuration.
enum GoldenOptimization {
  static func make(
    _ script: GoldenScript, _ module: Module, _ layer: Linear, _ rate: Double
  ) throws -> any OptimizerConfiguration {
    let parameters = module.parameters.filter(\.requiresGradient)
    if script.module["manual"].exists {
      return script.module["manual"].list.map { part -> Optimizer in
        SGD(
          [layer.parameters[part["parameter"].text == "weight" ? 0 : 1]],
          learningRate: part["lr"].number ?? 0.1)
      }
    }
    let chosen = script.module["optimizer"]
    if script.module.members.contains(where: { $0.0 == "optimizer" }), !chosen.exists {
      return try Optimization()
    }
    let optimizer: Optimizer
    if chosen["name"].text == "Adam" {
      optimizer = Adam(parameters, learningRate: rate)
    } else {
      var options = SGD.Options()
      options.learningRate = rate
      options.momentum = chosen["momentum"].number ?? 0
      options.weightDecay = chosen["weight_decay"].number ?? 0
      optimizer = SGD(parameters, options)
    }
    let schedulers = script.module["scheduler"]
    guard schedulers.exists else { return optimizer }
    let described = schedulers.value is [Any] ? schedulers.list : [schedulers]
    if described.contains(where: { $0["arguments"]["total_steps"].text != nil }) {
      return Optimization(optimizer) { optimizer, steps in
        try scheduler(described[0], optimizer, steps: steps)
      }
    }
    return try described.map { try scheduler($0, optimizer, steps: 0) }
  }

  private static func scheduler(_ description: JSON, _ optimizer: Optimizer, steps: Int) throws
    -> LearningRateScheduler
  {
    let arguments = description["arguments"]
    let made: LearningRateScheduler
    switch description["name"].text {
    case "StepLR":
      made = StepLR(
        optimizer,
        .init(stepSize: arguments["step_size"].int ?? 1, gamma: arguments["gamma"].number ?? 0.1))
    case "ExponentialLR":
      made = ExponentialLR(optimizer, .init(gamma: arguments["gamma"].number ?? 0.1))
    case "OneCycleLR":
      made = OneCycleLR(
        optimizer,
        .init(
          maxRates: [arguments["max_lr"].number ?? 0],
          totalSteps: arguments["total_steps"].int ?? steps))
    default:
      made = ReduceLROnPlateau(
        optimizer,
        .init(factor: arguments["factor"].number ?? 0.1, patience: arguments["patience"].int ?? 10),
        monitor: description["monitor"].text)
    }
    made.isStrict = description["strict"].bool ?? true
    return made.every(
      description["interval"].text == "step" ? .step : .epoch,
      frequency: description["frequency"].int ?? 1)
  }
}
