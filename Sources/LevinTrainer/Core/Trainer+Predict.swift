public import LevinData
public import LevinTensor

extension Trainer {
  /// Returns the outputs of the module's `predictStep`, batch by batch, those of several loaders one after another.
  ///
  /// Nothing can be logged. For more outputs than fit into memory, see ``predictions(_:dataModule:checkpointPath:as:)``.
  ///
  /// - Parameters:
  ///   - dataModule: The data; nil: the module has the loaders.
  ///   - checkpointPath: Weights to load first: a path, `last` or `best`.
  ///   - type: The type of the outputs.
  public func predict<Batch, Output>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>? = nil,
    checkpointPath: String? = nil, as type: Output.Type = Tensor.self
  ) async throws -> [Output] {
    let data = dataModule ?? ModuleData(of: module)
    var outputs: [Output] = []
    try await run(.predict, module, data) {
      let loop = try beginPrediction(module, data, checkpointPath)
      defer { loop.restoreModes() }
      try loop.begin()
      while let done = try loop.next() { outputs.append(try typed(done.outputs)) }
      try loop.end()
    }
    return outputs
  }

  /// Predicts the batches of loaders, as ``predict(_:dataModule:checkpointPath:as:)`` does.
  public func predict<Batch, Output>(
    _ module: LightningModule<Batch>, dataLoaders: [BatchLoader<Batch>],
    checkpointPath: String? = nil, as type: Output.Type = Tensor.self
  ) async throws -> [Output] {
    try await predict(
      module, dataModule: LoaderDataModule(prediction: dataLoaders),
      checkpointPath: checkpointPath, as: type)
  }

  /// Predicts the batches of a loader, as ``predict(_:dataModule:checkpointPath:as:)`` does.
  public func predict<Batch, Output>(
    _ module: LightningModule<Batch>, dataLoader: BatchLoader<Batch>,
    checkpointPath: String? = nil, as type: Output.Type = Tensor.self
  ) async throws -> [Output] {
    try await predict(
      module, dataLoaders: [dataLoader], checkpointPath: checkpointPath, as: type)
  }

  func beginPrediction<Batch>(
    _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>, _ checkpointPath: String?
  ) throws -> EvaluationLoop<Batch> {
    try loadWeights(checkpointPath, into: module, data)
    let loaders = try run(.dataLoader) { try data.predictDataLoaders() }
    let loop = EvaluationLoop(
      self, module, data, loaders: loaders,
      limits: try loaders.map { try configuration.predictBatches(of: $0.batchCount) },
      pass: .prediction, metrics: nil)
    if !loop.hasBatches {
      noteNoBatches("predicted", loaders.first, "prediction", limit: "limit_predict_batches")
    }
    return loop
  }

  func typed<Output>(_ output: Any?) throws -> Output {
    guard let found = output as? Output else {
      throw TrainerError.predictionType(
        found: output.map { "\(type(of: $0))" } ?? "nothing", expected: "\(Output.self)")
    }
    return found
  }
}
