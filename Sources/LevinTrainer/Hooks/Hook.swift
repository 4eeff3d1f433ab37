internal import LevinOptimizers
internal import LevinTensor

/// A hook: its name, and the methods of callbacks and of the module that it stands for.
struct Hook: Sendable {
  typealias OfCallback = @Sendable (Callback) -> (Trainer, LightningModuleBase) throws -> Void
  typealias OfModule = @Sendable (LightningModuleBase) -> () throws -> Void

  let name: HookName
  let callback: OfCallback?
  let module: OfModule?

  init(_ name: HookName, _ callback: OfCallback? = nil, _ module: OfModule? = nil) {
    (self.name, self.callback, self.module) = (name, callback, module)
  }

  // fit
  static let onFitStart = Hook(.onFitStart, Callback.onFitStart, LightningModuleBase.onFitStart)
  static let onFitEnd = Hook(.onFitEnd, Callback.onFitEnd, LightningModuleBase.onFitEnd)
  static let onSanityCheckStart = Hook(.onSanityCheckStart, Callback.onSanityCheckStart)
  static let onSanityCheckEnd = Hook(.onSanityCheckEnd, Callback.onSanityCheckEnd)
  static let onTrainStart = Hook(
    .onTrainStart, Callback.onTrainStart, LightningModuleBase.onTrainStart)
  static let onTrainEnd = Hook(.onTrainEnd, Callback.onTrainEnd, LightningModuleBase.onTrainEnd)
  static let onTrainEpochStart = Hook(
    .onTrainEpochStart, Callback.onTrainEpochStart, LightningModuleBase.onTrainEpochStart)
  static let onAfterBackward = Hook(
    .onAfterBackward, Callback.onAfterBackward, LightningModuleBase.onAfterBackward)
  // validation
  static let onValidationModelZeroGrad = Hook(
    .onValidationModelZeroGrad, nil, LightningModuleBase.onValidationModelZeroGrad)
  static let onValidationModelEval = Hook(
    .onValidationModelEval, nil, LightningModuleBase.onValidationModelEval)
  static let onValidationModelTrain = Hook(
    .onValidationModelTrain, nil, LightningModuleBase.onValidationModelTrain)
  static let onValidationStart = Hook(
    .onValidationStart, Callback.onValidationStart, LightningModuleBase.onValidationStart)
  static let onValidationEnd = Hook(
    .onValidationEnd, Callback.onValidationEnd, LightningModuleBase.onValidationEnd)
  static let onValidationEpochStart = Hook(
    .onValidationEpochStart, Callback.onValidationEpochStart,
    LightningModuleBase.onValidationEpochStart)
  static let onValidationEpochEnd = Hook(
    .onValidationEpochEnd, Callback.onValidationEpochEnd, LightningModuleBase.onValidationEpochEnd)
  // test
  static let onTestModelEval = Hook(.onTestModelEval, nil, LightningModuleBase.onTestModelEval)
  static let onTestModelTrain = Hook(.onTestModelTrain, nil, LightningModuleBase.onTestModelTrain)
  static let onTestStart = Hook(.onTestStart, Callback.onTestStart, LightningModuleBase.onTestStart)
  static let onTestEnd = Hook(.onTestEnd, Callback.onTestEnd, LightningModuleBase.onTestEnd)
  static let onTestEpochStart = Hook(
    .onTestEpochStart, Callback.onTestEpochStart, LightningModuleBase.onTestEpochStart)
  static let onTestEpochEnd = Hook(
    .onTestEpochEnd, Callback.onTestEpochEnd, LightningModuleBase.onTestEpochEnd)
  // prediction
  static let onPredictModelEval = Hook(
    .onPredictModelEval, nil, LightningModuleBase.onPredictModelEval)
  static let onPredictStart = Hook(
    .onPredictStart, Callback.onPredictStart, LightningModuleBase.onPredictStart)
  static let onPredictEnd = Hook(
    .onPredictEnd, Callback.onPredictEnd, LightningModuleBase.onPredictEnd)
  static let onPredictEpochStart = Hook(
    .onPredictEpochStart, Callback.onPredictEpochStart, LightningModuleBase.onPredictEpochStart)
  static let onPredictEpochEnd = Hook(
    .onPredictEpochEnd, Callback.onPredictEpochEnd, LightningModuleBase.onPredictEpochEnd)
}

/// A hook that passes on something besides trainer and module.
struct ArgumentHook<Argument> {
  let name: HookName
  let callback: (Callback, Trainer, LightningModuleBase, Argument) throws -> Void
  /// nil where the module's method has the type of its batches, and a loop calls it.
  var module: ((LightningModuleBase, Argument) throws -> Void)?
}

extension ArgumentHook<BatchContext> {
  static var onTrainBatchStart: Self {
    Self(name: .onTrainBatchStart, callback: { try $0.onTrainBatchStart($1, $2, $3) })
  }
  static var onTrainBatchEnd: Self {
    Self(name: .onTrainBatchEnd, callback: { try $0.onTrainBatchEnd($1, $2, $3) })
  }
  static var onValidationBatchStart: Self {
    Self(name: .onValidationBatchStart, callback: { try $0.onValidationBatchStart($1, $2, $3) })
  }
  static var onValidationBatchEnd: Self {
    Self(name: .onValidationBatchEnd, callback: { try $0.onValidationBatchEnd($1, $2, $3) })
  }
  static var onTestBatchStart: Self {
    Self(name: .onTestBatchStart, callback: { try $0.onTestBatchStart($1, $2, $3) })
  }
  static var onTestBatchEnd: Self {
    Self(name: .onTestBatchEnd, callback: { try $0.onTestBatchEnd($1, $2, $3) })
  }
  static var onPredictBatchStart: Self {
    Self(name: .onPredictBatchStart, callback: { try $0.onPredictBatchStart($1, $2, $3) })
  }
  static var onPredictBatchEnd: Self {
    Self(name: .onPredictBatchEnd, callback: { try $0.onPredictBatchEnd($1, $2, $3) })
  }
}

extension ArgumentHook<Optimizer> {
  static var onBeforeZeroGrad: Self {
    Self(
      name: .onBeforeZeroGrad, callback: { try $0.onBeforeZeroGrad($1, $2, $3) },
      module: { try $0.onBeforeZeroGrad($1) })
  }
  static var onBeforeOptimizerStep: Self {
    Self(
      name: .onBeforeOptimizerStep, callback: { try $0.onBeforeOptimizerStep($1, $2, $3) },
      module: { try $0.onBeforeOptimizerStep($1) })
  }
}

extension ArgumentHook<Tensor> {
  static var onBeforeBackward: Self {
    Self(
      name: .onBeforeBackward, callback: { try $0.onBeforeBackward($1, $2, $3) },
      module: { try $0.onBeforeBackward($1) })
  }
}

extension ArgumentHook<Stage> {
  static var setup: Self {
    Self(
      name: .setup, callback: { try $0.setup($1, $2, stage: $3) },
      module: { try $0.setup(stage: $1) })
  }
  static var teardown: Self {
    Self(
      name: .teardown, callback: { try $0.teardown($1, $2, stage: $3) },
      module: { try $0.teardown(stage: $1) })
  }
}
