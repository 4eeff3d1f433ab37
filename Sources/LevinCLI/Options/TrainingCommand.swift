/// The commands that run a trainer.
enum TrainingCommand: String, CaseIterable {
  case fit
  case validate
  case test
  case predict
  case prepare

  /// What the command does, in one line.
  var abstract: String {
    switch self {
    case .fit: "Train a model on the data, validating after each epoch."
    case .validate: "Compute the metrics of a checkpoint on the validation data."
    case .test: "Compute the metrics of a checkpoint on the test data."
    case .predict: "Print what a checkpoint predicts."
    case .prepare: "Download missing data, and check that it can be read."
    }
  }
}

extension TrainingCommand {
  /// Whether the command uses an option, named with its group.
  func uses(_ option: String) -> Bool {
    let parts = option.split(separator: ".", maxSplits: 1).map(String.init)
    if ["optimizer", "lr_scheduler"].contains(parts.first) { return self == .fit }
    guard parts.count == 2, parts[0] == "trainer" else {
      return self != .prepare || parts[0] == "data"
    }
    let always: Set = [
      "callbacks", "default_root_dir", "enable_progress_bar", "fast_dev_run", "profiler",
    ]
    // What is below a key, such as an argument of a callback, belongs to it.
    switch (self, String(parts[1].prefix { $0 != "." })) {
    case (.prepare, _): return false
    case (.fit, let key): return !["limit_test_batches", "limit_predict_batches"].contains(key)
    case (.validate, "limit_val_batches"), (.validate, "overfit_batches"), (.validate, "logger"),
      (.validate, "x_axis"), (.test, "limit_test_batches"), (.test, "logger"), (.test, "x_axis"),
      (.predict, "limit_predict_batches"):
      return true
    case (_, let key): return always.contains(key)
    }
  }
}
