/// The commands that run a trainer.
enum TrainingCommand: String, CaseIterable {
  case fit
  case validate
  case test
  case predict
  case prepare

  /// One line on what it does.
  var abstract: String {
    switch self {
    case .fit: "Train a model on the data, validating after each epoch."
    case .validate: "Compute the metrics of a checkpoint on the validation data."
    case .test: "Compute the metrics of a checkpoint on the test data."
    case .predict: "Print what a checkpoint predicts."
    case .prepare: "Fetch the data where it is missing, and check that it can be read."
    }
  }
}
