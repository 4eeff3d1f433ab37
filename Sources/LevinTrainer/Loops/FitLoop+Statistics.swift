internal import LevinMetrics
internal import LevinNN
internal import LevinTensor

extension FitLoop {
  /// Computes the running statistics of batch normalization anew, as the average over the training batches of an epoch.
  ///
  /// The training step runs without gradients; what it logs is lost.
  func recomputeStatistics() throws {
    let metrics = context.metrics
    context.metrics = LoggedMetrics(live: LiveMetrics())
    defer {
      context.metrics?.resetObjects()
      context.metrics = metrics
    }
    let pass = TrainingPass(trainLoader, limit: batchCount)
    defer { pass.stop() }
    var index = 0
    var failure: (any Error)?
    let batches = AnyIterator<Batch> {
      do { return try pass.next() } catch {
        failure = error
        return nil
      }
    }
    try updateBatchNormalization(of: module, over: IteratorSequence(batches)) { batch in
      let batch = try trainer.prepared(batch, module, data, loaderIndex: 0)
      _ = try trainer.runStep(.trainingStep) {
        try module.trainingStep(batch, batchIndex: index)
      }
      index += 1
    }
    if let failure { throw failure }
  }
}
