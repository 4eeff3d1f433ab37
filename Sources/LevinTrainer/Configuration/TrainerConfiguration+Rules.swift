extension TrainerConfiguration {
  /// The largest number of epochs, defaults resolved; nil if there is no limit.
  var epochLimit: Int? {
    if fastDevRun.isOn { return 1 }
    if let maxEpochs { return maxEpochs == -1 ? nil : maxEpochs }
    return maxSteps == -1 && maxTime == nil ? 1000 : nil
  }
  /// The largest number of optimizer steps; nil if there is no limit.
  var stepLimit: Int? {
    if fastDevRun.isOn { return fastDevRun.batches }
    return maxSteps == -1 ? nil : maxSteps
  }
  /// The least number of epochs; one if there is a least number of steps.
  var leastEpochs: Int { minEpochs ?? (minSteps == nil ? 0 : 1) }
  /// The validation batches of the sanity check.
  var sanitySteps: Int {
    fastDevRun.isOn || barebones || limitValBatches.isNone ? 0 : numSanityValSteps
  }
  private var isOverfitting: Bool { !overfitBatches.isNone }
  /// Whether training batches come in the order of the dataset although the loader shuffles.
  var forbidsShuffling: Bool { isOverfitting }

  func trainBatches(of available: Int?) throws -> Int? {
    if isOverfitting { return try overfitBatches.batches(of: available, key: "overfit_batches") }
    return try limited(available, limitTrainBatches, "limit_train_batches")
  }
  func validationBatches(of available: Int?) throws -> Int? {
    if isOverfitting { return try overfitBatches.batches(of: available, key: "overfit_batches") }
    return try limited(available, limitValBatches, "limit_val_batches")
  }
  func testBatches(of available: Int?) throws -> Int? {
    try limited(available, limitTestBatches, "limit_test_batches")
  }
  func predictBatches(of available: Int?) throws -> Int? {
    try limited(available, limitPredictBatches, "limit_predict_batches")
  }

  private func limited(_ available: Int?, _ limit: BatchLimit, _ key: String) throws -> Int? {
    if fastDevRun.isOn { return min(fastDevRun.batches, available ?? fastDevRun.batches) }
    return try limit.batches(of: available, key: key)
  }

  /// How often an epoch of `trainBatches` validates.
  func validationInterval(trainBatches: Int?) throws -> ValidationInterval.Resolved {
    if fastDevRun.isOn { return .atEnd }
    return try valCheckInterval.resolved(
      trainBatches: trainBatches, countsAcrossEpochs: checkValEveryNEpoch == nil)
  }

  /// Whether callbacks that follow a metric look at it at the end of an epoch, after its validation.
  var checksAtEpochEnd: Bool { checkValEveryNEpoch == 1 && valCheckInterval == .atEnd }

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
    try require("fast_dev_run", fastDevRun.batches, atLeast: 0)
    try require(
      "reload_dataloaders_every_n_epochs", reloadDataloadersEveryNEpochs, atLeast: 0)
    try require("threads", threads, atLeast: 1)
    if let limit = gradientClipVal, !(limit >= 0 && limit.isFinite) {
      throw .configuration(
        key: "gradient_clip_val", found: "\(limit)", expected: "a finite number, 0 or more")
    }
    try limitTrainBatches.check(key: "limit_train_batches")
    try limitValBatches.check(key: "limit_val_batches")
    try limitTestBatches.check(key: "limit_test_batches")
    try limitPredictBatches.check(key: "limit_predict_batches")
    try overfitBatches.check(key: "overfit_batches")
    try valCheckInterval.check(key: "val_check_interval")
    if checkValEveryNEpoch == nil, case .fraction(let fraction) = valCheckInterval, fraction < 1 {
      throw .configuration(
        key: "val_check_interval", found: "\(fraction)",
        expected: "a count of batches, since check_val_every_n_epoch is null")
    }
    try precision.check()
    guard ["auto", "cpu"].contains(accelerator) else {
      throw .configuration(
        key: "accelerator", found: accelerator, expected: "auto or cpu: Levin computes on the CPU")
    }
    if case .count(let count) = devices, count != 1 {
      throw .configuration(
        key: "devices", found: "\(count)",
        expected: "auto or 1: Levin trains in one process; threads sets how many cores it uses")
    }
  }
}
