internal import LevinData
internal import LevinNN
public import LevinTensor

extension Trainer {
  /// Returns the outputs of the module's `predictStep`, batch by batch.
  ///
  /// Nothing can be logged.
  ///
  /// - Parameter checkpointPath: Weights to load first: a path, `last` or `best`.
  public func predict<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>,
    checkpointPath: String? = nil
  ) async throws -> [Tensor] {
    var outputs: [Tensor] = []
    try await run(.predict, module, dataModule) {
      try await prepare(.predict, module, dataModule)
      if let checkpointPath {
        try loadWeights(checkpointPath, into: module, dataModule: dataModule)
      } else if let noteWithoutCheckpoint {
        note(noteWithoutCheckpoint)
      }
      let loader = try callModule(.dataLoader) { try dataModule.predictDataLoader() }
      let count = try configuration.predictBatches(of: loader.count)
      if count == 0 {
        noteNoBatches("predicted", loader, "prediction", limit: "limit_predict_batches")
      }
      progress.enter(.predicting)
      progress.beginPass(batches: count)
      let modes = ModelModes(of: module)
      defer { modes.restore() }
      outputs = try withoutGradients { try predictBatches(module, loader, count: count) }
    }
    return outputs
  }

  private func predictBatches<Batch>(
    _ module: LightningModule<Batch>, _ loader: DataLoader<Batch>, count: Int
  ) throws -> [Tensor] {
    try callModule(.onPredictModelEval) { try module.onPredictModelEval() }
    try call(
      .onPredictStart, callbacks: { try $0.onPredictStart(self, module) },
      module: { try module.onPredictStart() })
    try call(
      .onPredictEpochStart, callbacks: { try $0.onPredictEpochStart(self, module) },
      module: { try module.onPredictEpochStart() })
    var outputs: [Tensor] = []
    let iterator = loader.makeIterator()
    defer { iterator.stop() }
    while outputs.count < count, let batch = try located({ try iterator.nextBatch() }) {
      let index = outputs.count
      try call(
        .onPredictBatchStart,
        callbacks: { try $0.onPredictBatchStart(self, module, batchIndex: index) },
        module: { try module.onPredictBatchStart(batch, batchIndex: index) })
      let output = try callStep(.predictStep) {
        try module.call { try module.predictStep(batch, batchIndex: index) }
      }
      outputs.append(output)
      try call(
        .onPredictBatchEnd,
        callbacks: { try $0.onPredictBatchEnd(self, module, batchIndex: index) },
        module: { try module.onPredictBatchEnd(output, batch, batchIndex: index) })
      progress.finishBatch(outputs.count)
      try checkStop()
    }
    try call(
      .onPredictEpochEnd, callbacks: { try $0.onPredictEpochEnd(self, module) },
      module: { try module.onPredictEpochEnd() })
    try call(
      .onPredictEnd, callbacks: { try $0.onPredictEnd(self, module) },
      module: { try module.onPredictEnd() })
    return outputs
  }
}
