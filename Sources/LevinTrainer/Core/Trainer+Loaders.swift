public import LevinData
public import LevinTensor

extension Trainer {
  /// Prints that a loop ran no batch of `loader`, and why.
  func noteNoBatches<Batch>(
    _ done: String, _ loader: DataLoader<Batch>, _ name: String, limit: String
  ) {
    Terminal.print("Nothing \(done): " + loader.reasonForNoBatch(name, limit: limit))
  }
}

extension Trainer {
  /// Trains `module` on the batches of a loader, as ``fit(_:dataModule:checkpointPath:)`` does.
  public func fit<Batch>(
    _ module: LightningModule<Batch>, trainDataLoader: DataLoader<Batch>,
    validationDataLoader: DataLoader<Batch>? = nil, checkpointPath: String? = nil
  ) async throws {
    let data = LoaderDataModule(training: trainDataLoader, validation: validationDataLoader)
    try await fit(module, dataModule: data, checkpointPath: checkpointPath)
  }

  /// Validates on the batches of a loader, as ``validate(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func validate<Batch>(
    _ module: LightningModule<Batch>, dataLoader: DataLoader<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [String: Double] {
    let data = LoaderDataModule(validation: dataLoader)
    return try await validate(
      module, dataModule: data, checkpointPath: checkpointPath, verbose: verbose)
  }

  /// Tests on the batches of a loader, as ``test(_:dataModule:checkpointPath:verbose:)`` does.
  @discardableResult
  public func test<Batch>(
    _ module: LightningModule<Batch>, dataLoader: DataLoader<Batch>,
    checkpointPath: String? = nil, verbose: Bool = true
  ) async throws -> [String: Double] {
    let data = LoaderDataModule(test: dataLoader)
    return try await test(
      module, dataModule: data, checkpointPath: checkpointPath, verbose: verbose)
  }

  /// Predicts the batches of a loader, as ``predict(_:dataModule:checkpointPath:)`` does.
  public func predict<Batch>(
    _ module: LightningModule<Batch>, dataLoader: DataLoader<Batch>,
    checkpointPath: String? = nil
  ) async throws -> [Tensor] {
    let data = LoaderDataModule(prediction: dataLoader)
    return try await predict(module, dataModule: data, checkpointPath: checkpointPath)
  }
}
