/// The hooks and steps that a trainer calls; the name decides what `log` may do there.
enum HookName: Int, CaseIterable {
  // Every stage
  case setup, teardown, configureModel, configureOptimizers, configureCallbacks, prepareData
  case dataLoader, saveCheckpoint, loadCheckpoint, onAfterBatchTransfer
  // fit
  case onFitStart, onFitEnd, onSanityCheckStart, onSanityCheckEnd
  case onTrainStart, onTrainEnd, onTrainEpochStart, onTrainEpochEnd
  case onTrainBatchStart, onTrainBatchEnd, trainingStep
  case onBeforeZeroGrad, optimizerZeroGrad, onBeforeBackward, backward, onAfterBackward
  case onBeforeOptimizerStep, configureGradientClipping, optimizerStep, schedulerStep
  // validation
  case onValidationModelZeroGrad, onValidationModelEval, onValidationModelTrain
  case onValidationStart, onValidationEnd, onValidationEpochStart, onValidationEpochEnd
  case onValidationBatchStart, onValidationBatchEnd, validationStep
  // test
  case onTestModelEval, onTestModelTrain
  case onTestStart, onTestEnd, onTestEpochStart, onTestEpochEnd
  case onTestBatchStart, onTestBatchEnd, testStep
  // prediction
  case onPredictModelEval
  case onPredictStart, onPredictEnd, onPredictEpochStart, onPredictEpochEnd
  case onPredictBatchStart, onPredictBatchEnd, predictStep

  /// What `log` does in a hook.
  enum Logging {
    /// By default the value of the step; the epoch's on request.
    case step
    /// By default the mean over the pass; each step's value on request.
    case evaluationStep
    /// The value of the epoch only.
    case epoch
    /// Nothing may be logged.
    case none
  }

  var logging: Logging {
    switch self {
    case .trainingStep, .onTrainBatchStart, .onTrainBatchEnd, .onBeforeBackward, .backward,
      .onAfterBackward, .onBeforeOptimizerStep, .optimizerStep, .onBeforeZeroGrad,
      .optimizerZeroGrad, .configureGradientClipping:
      .step
    case .validationStep, .onValidationBatchStart, .onValidationBatchEnd, .testStep,
      .onTestBatchStart, .onTestBatchEnd:
      .evaluationStep
    case .onTrainStart, .onTrainEpochStart, .onTrainEpochEnd, .onValidationStart,
      .onValidationEpochStart, .onValidationEpochEnd, .onTestStart, .onTestEpochStart,
      .onTestEpochEnd:
      .epoch
    default: .none
    }
  }
}
