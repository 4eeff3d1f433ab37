/// One kind of pass without gradients, as the loop that runs it needs to know it.
struct Pass {
  enum Kind { case sanityCheck, validation, test, prediction }

  let kind: Kind
  let modelEval, start, epochStart, epochEnd, end: Hook
  /// nil where Lightning has none.
  let modelTrain: Hook?
  let phase: TrainingProgress.Phase

  static let validation = Pass(
    kind: .validation, modelEval: .onValidationModelEval, start: .onValidationStart,
    epochStart: .onValidationEpochStart, epochEnd: .onValidationEpochEnd, end: .onValidationEnd,
    modelTrain: .onValidationModelTrain, phase: .validation)

  static let sanityCheck = Pass(
    kind: .sanityCheck, modelEval: .onValidationModelEval, start: .onValidationStart,
    epochStart: .onValidationEpochStart, epochEnd: .onValidationEpochEnd, end: .onValidationEnd,
    modelTrain: .onValidationModelTrain, phase: .sanityCheck)

  static let test = Pass(
    kind: .test, modelEval: .onTestModelEval, start: .onTestStart,
    epochStart: .onTestEpochStart, epochEnd: .onTestEpochEnd, end: .onTestEnd,
    modelTrain: .onTestModelTrain, phase: .testing)

  static let prediction = Pass(
    kind: .prediction, modelEval: .onPredictModelEval, start: .onPredictStart,
    epochStart: .onPredictEpochStart, epochEnd: .onPredictEpochEnd, end: .onPredictEnd,
    modelTrain: nil, phase: .predicting)
}
