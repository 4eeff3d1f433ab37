internal import LevinData
internal import LevinTensor

extension Trainer {
  /// A batch as the step gets it: in the numbers that the configuration asks for, and as the hooks change it.
  @inline(__always)
  func prepared<Batch>(
    _ batch: Batch, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    loaderIndex: Int
  ) throws -> Batch {
    var batch = batch
    if configuration.precision == .float64 {
      guard let converted = BatchTensors.converted(batch, to: .float64) else {
        throw TrainerError.precision(batch: "\(Batch.self)")
      }
      batch = converted
    }
    return try run(.onAfterBatchTransfer) {
      try module.onAfterBatchTransfer(
        data.onAfterBatchTransfer(batch, loaderIndex: loaderIndex), loaderIndex: loaderIndex)
    }
  }

  /// Runs `body`; what it draws from the default generator does not count if the configuration isolates the training.
  func isolatingRandomness<Result>(_ body: () throws -> Result) throws -> Result {
    try configuration.randomness == .isolated ? keepingRandomNumbers(body) : body()
  }

  /// Prints that a loop ran no batch of `loader`, and why.
  func noteNoBatches<Batch>(
    _ done: String, _ loader: BatchLoader<Batch>?, _ name: String, limit: String
  ) {
    Terminal.print("Nothing \(done): " + reasonForNoBatch(loader, name, limit: limit))
  }

  /// Why a loop runs no batch of a loader, which the message calls `name`; `limit` is the key of the trainer's limit.
  func reasonForNoBatch<Batch>(
    _ loader: BatchLoader<Batch>?, _ name: String, limit: String
  ) -> String {
    if let loader = loader as? DataLoader<Batch> {
      if loader.sampleCount == 0 { return "the \(name) set is empty." }
      if loader.count == 0 {
        return
          "the \(name) set has \(loader.sampleCount) samples, fewer than a batch of \(loader.batchSize), "
          + "and dropLast drops incomplete batches."
      }
    } else if loader?.batchCount == 0 {
      return "the \(name) loader has no batch."
    }
    return "trainer.\(limit) is 0."
  }
}

/// Runs `body`, and then puts the default generator back to its state before.
func keepingRandomNumbers<Result>(_ body: () throws -> Result) throws -> Result {
  let random = Generator.default.state
  let result = try body()
  try Generator.default.restore(random)
  return result
}
