internal import LevinData

/// Why a training ends.
enum FitEnd: Equatable { case noBatches, maxSteps, maxEpochs, stop }

extension FitLoop {
  /// Why the training ends now; nil if it continues.
  var end: FitEnd? {
    if batchCount == 0 { return .noBatches }
    if areStepsDone { return .maxSteps }
    if let limit = configuration.epochLimit, context.state.epoch >= limit { return .maxEpochs }
    return trainer.shouldStop && mayStopEarly ? .stop : nil
  }

  var areStepsDone: Bool {
    (trialSteps ?? configuration.stepLimit).map { context.state.globalStep >= $0 } ?? false
  }

  var mayStopEarly: Bool {
    if trialSteps != nil { return true }
    return context.state.epoch >= configuration.leastEpochs
      && context.state.globalStep >= configuration.minSteps ?? 0
  }

  /// The line to print about the end; nil if the training ended with its last epoch.
  ///
  /// - Parameters:
  ///   - hasTrained: Whether this run trained a batch.
  ///   - isResumed: Whether it resumed from a checkpoint.
  func line(for end: FitEnd, hasTrained: Bool, isResumed: Bool) -> String? {
    let state = context.state
    let head = hasTrained ? "Stopped after step \(state.globalStep): " : "Nothing trained: "
    switch end {
    case .noBatches:
      return head + trainer.reasonForNoBatch(trainLoader, "training", limit: "limit_train_batches")
    case .maxSteps:
      guard !configuration.fastDevRun.isOn || !hasTrained else { return nil }
      let stands = isResumed && !hasTrained ? ", which the checkpoint has already reached" : ""
      return head + "trainer.max_steps is \(configuration.maxSteps)\(stands)."
    case .maxEpochs:
      // A checkpoint at the limit has already been reported.
      return hasTrained || isResumed ? nil : head + "trainer.max_epochs is 0."
    case .stop:
      let reason = trainer.stoppingReason ?? "the trainer's shouldStop was set"
      return hasTrained
        ? "Stopped after epoch \(state.epoch - 1): \(reason)." : "\(head)\(reason)."
    }
  }
}
