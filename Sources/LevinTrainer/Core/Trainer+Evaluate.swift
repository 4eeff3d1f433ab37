internal import LevinData
internal import LevinTensor

extension Trainer {
  /// Validates, and returns the metrics by name.
  ///
  /// - Parameters:
  ///   - checkpointPath: Weights to load first: a path, `last` or `best`.
  ///   - verbose: Whether to print the metrics.
  @discardableResult
  public func validate<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [String: Double] {
    try await evaluate(
      .validate, module, dataModule, checkpointPath, verbose: verbose, metrics: \.validationMetrics)
  }

  /// Tests, and returns the metrics by name.
  ///
  /// - Parameters:
  ///   - checkpointPath: Weights to load first: a path, `last` or `best`.
  ///   - verbose: Whether to print the metrics.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [String: Double] {
    try await evaluate(
      .test, module, dataModule, checkpointPath, verbose: verbose, metrics: \.testMetrics)
  }

  private func evaluate<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ dataModule: LightningDataModule<Batch>,
    _ checkpointPath: String?, verbose: Bool,
    metrics: KeyPath<Trainer, MetricCollection>
  ) async throws -> [String: Double] {
    try await run(stage, module, dataModule) {
      try await prepare(stage, module, dataModule)
      if let checkpointPath {
        try loadWeights(checkpointPath, into: module, dataModule: dataModule)
      } else if let noteWithoutCheckpoint {
        note(noteWithoutCheckpoint)
      }
      firstStep = globalStep
      try logHyperparameters(module, dataModule)
      try logger?.runFolder?.checkWritable()
      let isTest = stage == .test
      let loader = try callModule(.dataLoader) {
        isTest ? try dataModule.testDataLoader() : try validationLoader(of: dataModule)
      }
      try record(fingerprint: loader.dataset.fingerprint, as: isTest ? "test" : "validation")
      let count =
        try isTest
        ? configuration.testBatches(of: loader.count)
        : configuration.validationBatches(of: loader.count)
      progress.enter(isTest ? .testing : .validation)
      guard count > 0 else {
        return isTest
          ? noteNoBatches("tested", loader, "test", limit: "limit_test_batches")
          : noteNoBatches("validated", loader, "validation", limit: "limit_val_batches")
      }
      logger?.beginStage(globalStep: globalStep, after: nil)
      if let source { logger?.addText(Self.sourceTag, sourceText(source), step: globalStep) }
      try EvaluationLoop(
        trainer: self, module: module, loader: loader, batchCount: count,
        kind: isTest ? .test : .validation, metrics: self[keyPath: metrics]
      ).run()
    }
    let values = self[keyPath: metrics].results
    if verbose {
      printResults(values, title: stage == .test ? "Test metric" : "Validate metric")
      announceRun()
    }
    return Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  private func validationLoader<Batch>(
    of dataModule: LightningDataModule<Batch>
  ) throws -> DataLoader<Batch> {
    guard let loader = try dataModule.validationDataLoader() else {
      throw TrainerError.noValidationData(type: "\(type(of: dataModule))")
    }
    return loader
  }
}
