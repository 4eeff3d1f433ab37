public import LevinData
internal import LevinTensor

extension Trainer {
  /// Validates, and returns for each loader the metrics by name.
  ///
  /// - Parameters:
  ///   - dataModule: The data; nil: the module has the loaders.
  ///   - checkpointPath: Weights to load first: a path, `last` or `best`.
  ///   - verbose: Whether to print the metrics.
  @discardableResult
  public func validate<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>? = nil,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    let data = dataModule ?? ModuleData(of: module)
    return try await evaluate(.validate, module, data, checkpointPath, verbose: verbose)
  }

  /// Tests, and returns for each loader the metrics by name.
  ///
  /// - Parameters:
  ///   - dataModule: The data; nil: the module has the loaders.
  ///   - checkpointPath: Weights to load first: a path, `last` or `best`.
  ///   - verbose: Whether to print the metrics.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>? = nil,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    let data = dataModule ?? ModuleData(of: module)
    return try await evaluate(.test, module, data, checkpointPath, verbose: verbose)
  }

  /// Validates on the batches of loaders, as ``validate(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func validate<Batch>(
    _ module: LightningModule<Batch>, dataLoaders: [BatchLoader<Batch>],
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    try await validate(
      module, dataModule: LoaderDataModule(validation: dataLoaders),
      checkpointPath: checkpointPath, verbose: verbose)
  }

  /// Tests on the batches of loaders, as ``test(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataLoaders: [BatchLoader<Batch>],
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    try await test(
      module, dataModule: LoaderDataModule(test: dataLoaders), checkpointPath: checkpointPath,
      verbose: verbose)
  }

  /// Validates on the batches of a loader, as ``validate(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func validate<Batch>(
    _ module: LightningModule<Batch>, dataLoader: BatchLoader<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    try await validate(
      module, dataLoaders: [dataLoader], checkpointPath: checkpointPath, verbose: verbose)
  }

  /// Tests on the batches of a loader, as ``test(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataLoader: BatchLoader<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [[String: Double]] {
    try await test(
      module, dataLoaders: [dataLoader], checkpointPath: checkpointPath, verbose: verbose)
  }

  private func evaluate<Batch>(
    _ stage: Stage, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ checkpointPath: String?, verbose: Bool
  ) async throws -> [[String: Double]] {
    let isTest = stage == .test
    let name = isTest ? "test" : "validation"
    var results: [[String: Double]] = []
    try await run(stage, module, data) {
      try loadWeights(checkpointPath, into: module, data)
      try currentRun.describe(
        .init(configuration: configuration, module: module, data: data), to: logger,
        overruled: [], step: globalStep)
      try currentRun.folder?.checkWritable()
      let loaders = try run(.dataLoader) {
        isTest ? try data.testDataLoaders() : try data.validationDataLoaders()
      }
      guard let first = loaders.first else {
        throw TrainerError.noValidationData(type: "\(type(of: data))")
      }
      try currentRun.record(fingerprint: first.fingerprint, as: name)
      let metrics = isTest ? testMetrics : validationMetrics
      let loop = EvaluationLoop(
        self, module, data, loaders: loaders,
        limits: try loaders.map {
          isTest
            ? try configuration.testBatches(of: $0.batchCount)
            : try configuration.validationBatches(of: $0.batchCount)
        }, pass: isTest ? .test : .validation, metrics: metrics)
      progress.enter(loop.pass.phase)
      guard loop.hasBatches else {
        return noteNoBatches(
          isTest ? "tested" : "validated", first, name,
          limit: isTest ? "limit_test_batches" : "limit_val_batches")
      }
      logger?.beginStage(globalStep: globalStep, after: nil)
      if let text = currentRun.sourceText {
        logger?.addText("levin/checkpoint", text, step: globalStep)
      }
      try loop.run()
      results = metrics.results(loaderCount: loaders.count).map {
        Dictionary($0.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      }
    }
    if verbose {
      printResults(results, title: isTest ? "Test metric" : "Validate metric")
      currentRun.announce()
    }
    return results
  }

  /// Loads weights for an evaluation or a prediction, and notes which ones, and whether they were trained on other
  /// data.
  func loadWeights<Batch>(
    _ wanted: String?, into module: LightningModule<Batch>, _ data: LightningDataModule<Batch>
  ) throws {
    guard let wanted else {
      if let noteWithoutCheckpoint { note(noteWithoutCheckpoint) }
      return
    }
    let (checkpoint, path) = try load(wanted, into: module)
    note("Loaded model weights from \(currentRun.named(path)).")
    currentRun.compare(checkpoint, data: data)
  }
}
