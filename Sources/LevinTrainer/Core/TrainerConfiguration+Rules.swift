extension TrainerConfiguration {
  /// The largest number of epochs, defaults resolved; nil if there is no limit.
  var epochLimit: Int? {
    if fastDevRun > 0 { return 1 }
    if let maxEpochs { return maxEpochs == -1 ? nil : maxEpochs }
    return maxSteps == -1 ? 1000 : nil
  }
  /// The largest number of optimizer steps; nil if there is no limit.
  var stepLimit: Int? {
    if fastDevRun > 0 { return fastDevRun }
    return maxSteps == -1 ? nil : maxSteps
  }
  var sanitySteps: Int { fastDevRun > 0 ? 0 : numSanityValSteps }
  private var isOverfitting: Bool { overfitBatches != .fraction(0) && overfitBatches != .count(0) }
  /// Whether training batches come in the order of the dataset although the loader shuffles.
  var forbidsShuffling: Bool { isOverfitting }

  func trainBatches(of available: Int) throws -> Int {
    if isOverfitting { return try overfitBatches.batches(of: available, key: "overfit_batches") }
    if fastDevRun > 0 { return min(fastDevRun, available) }
    return try limitTrainBatches.batches(of: available, key: "limit_train_batches")
  }
  func validationBatches(of available: Int) throws -> Int {
    if isOverfitting { return try overfitBatches.batches(of: available, key: "overfit_batches") }
    if fastDevRun > 0 { return min(fastDevRun, available) }
    return try limitValBatches.batches(of: available, key: "limit_val_batches")
  }
  func testBatches(of available: Int) throws -> Int {
    if fastDevRun > 0 { return min(fastDevRun, available) }
    return try limitTestBatches.batches(of: available, key: "limit_test_batches")
  }
  func predictBatches(of available: Int) throws -> Int {
    if fastDevRun > 0 { return min(fastDevRun, available) }
    return try limitPredictBatches.batches(of: available, key: "limit_predict_batches")
  }

  /// The number of batches between two validations in an epoch of `trainBatches`.
  func validationInterval(trainBatches: Int) throws -> Int {
    if fastDevRun > 0 { return trainBatches }
    switch valCheckInterval {
    case .fraction(let fraction):
      return max(1, Int(Double(trainBatches) * fraction))
    case .count(let count):
      guard count >= 1, count <= max(trainBatches, 1) else {
        throw TrainerError.configuration(
          key: "val_check_interval", found: "\(count)",
          expected: "1 to \(trainBatches), the training batches of an epoch")
      }
      return count
    }
  }

  private func checkValidationInterval() throws(TrainerError) {
    let isPossible =
      switch valCheckInterval {
      case .fraction(let fraction): fraction > 0 && fraction <= 1
      case .count(let count): count >= 1
      }
    guard !isPossible else { return }
    throw .configuration(
      key: "val_check_interval", found: "\(valCheckInterval)",
      expected: "a fraction above 0.0 and up to 1.0, or a count of batches")
  }

  /// Throws if a value is invalid.
  func check() throws(TrainerError) {
    func require(_ key: String, _ value: Int?, atLeast least: Int) throws(TrainerError) {
      guard let value, value < least else { return }
      throw .configuration(key: key, found: "\(value)", expected: "\(least) or more")
    }
    try require("max_epochs", maxEpochs, atLeast: -1)
    try require("min_epochs", minEpochs, atLeast: 0)
    try require("max_steps", maxSteps, atLeast: -1)
    try require("min_steps", minSteps, atLeast: 0)
    try require("check_val_every_n_epoch", checkValEveryNEpoch, atLeast: 1)
    try require("num_sanity_val_steps", numSanityValSteps, atLeast: -1)
    try require("log_every_n_steps", logEveryNSteps, atLeast: 0)
    try require("accumulate_grad_batches", accumulateGradBatches, atLeast: 1)
    try require("fast_dev_run", fastDevRun, atLeast: 0)
    if let limit = gradientClipVal, !(limit >= 0 && limit.isFinite) {
      throw .configuration(
        key: "gradient_clip_val", found: "\(limit)", expected: "a finite number, 0 or more")
    }
    try limitTrainBatches.check(key: "limit_train_batches")
    try limitValBatches.check(key: "limit_val_batches")
    try limitTestBatches.check(key: "limit_test_batches")
    try limitPredictBatches.check(key: "limit_predict_batches")
    try overfitBatches.check(key: "overfit_batches")
    try checkValidationInterval()
  }
}
