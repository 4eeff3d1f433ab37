internal import LevinSystem
public import LevinTensor

extension Trainer {
  /// The outputs of the module's `predictStep`, each computed when it is asked for.
  ///
  ///     for try await prediction in trainer.predictions(model, dataModule: data) { write(prediction.output) }
  ///
  /// The trainer is busy from the first output until the last one, or until the loop is left.
  public func predictions<Batch, Output>(
    _ module: LightningModule<Batch>, dataModule: LightningDataModule<Batch>? = nil,
    checkpointPath: String? = nil, as type: Output.Type = Tensor.self
  ) -> Predictions<Batch, Output> {
    Predictions(self, module, dataModule ?? ModuleData(of: module), checkpointPath)
  }
}

/// An output of `predictStep`, and the batch that it belongs to.
public struct Prediction<Output> {
  /// What the step returned.
  public let output: Output
  /// The number of the batch in its loader, from 0.
  public let batchIndex: Int
  /// The number of the loader, from 0.
  public let loaderIndex: Int
}

/// The outputs of a prediction, one after another.
public struct Predictions<Batch, Output>: AsyncSequence {
  /// An output and its batch.
  public typealias Element = Prediction<Output>

  private let make: () -> AsyncIterator

  init(
    _ trainer: Trainer, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
    _ checkpointPath: String?
  ) {
    make = { AsyncIterator(trainer, module, data, checkpointPath) }
  }

  /// Begins a prediction.
  public func makeAsyncIterator() -> AsyncIterator { make() }

  /// Runs the prediction batch by batch.
  public final class AsyncIterator: AsyncIteratorProtocol {
    private let trainer: Trainer
    private let module: LightningModule<Batch>
    private let data: LightningDataModule<Batch>
    private let checkpointPath: String?
    private var loop: EvaluationLoop<Batch>?
    private var isOver = false

    init(
      _ trainer: Trainer, _ module: LightningModule<Batch>, _ data: LightningDataModule<Batch>,
      _ checkpointPath: String?
    ) {
      (self.trainer, self.module, self.data) = (trainer, module, data)
      self.checkpointPath = checkpointPath
    }

    deinit { if loop != nil { leave() } }

    /// The next output; nil after the last.
    public func next() async throws -> Prediction<Output>? {
      guard !isOver else { return nil }
      if loop == nil { try trainer.begin(.predict, module) }
      do {
        let next = try await FailureHook.$current.withValue(trainer.failureHook) {
          try await advance()
        }
        guard next == nil else { return next }
        try trainer.close()
        leave()
        return nil
      } catch {
        let error = trainer.ended(by: error, module, data)
        leave()
        throw error
      }
    }

    private func advance() async throws -> Prediction<Output>? {
      let loop: EvaluationLoop<Batch>
      if let known = self.loop { loop = known } else { loop = try await begin() }
      if Task.isCancelled { throw StopRequested() }
      if let done = try loop.next() {
        return Prediction(
          output: try trainer.typed(done.outputs), batchIndex: done.index,
          loaderIndex: done.loaderIndex)
      }
      try loop.end()
      try trainer.tearDown(.predict, data)
      return nil
    }

    private func begin() async throws -> EvaluationLoop<Batch> {
      try await trainer.prepare(.predict, module, data)
      let loop = try trainer.beginPrediction(module, data, checkpointPath)
      self.loop = loop
      try loop.begin()
      return loop
    }

    private func leave() {
      loop?.restoreModes()
      loop = nil
      isOver = true
      trainer.leave()
    }
  }
}
