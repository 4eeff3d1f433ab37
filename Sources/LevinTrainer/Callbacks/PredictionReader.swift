public import LevinTensor

/// Reads what a callback shows of a batch: inputs, predictions and targets.
///
/// Without closures a batch is a pair of tensors, inputs and targets, and the predictions are what the step returned, if
/// that is a tensor, or else what ``LightningModuleBase/forward(_:)`` makes of the inputs.
///
///     ImagePredictionLogger(reading: PredictionReader { module, images in (module as! Net).classify(images) })
public struct PredictionReader {
  /// What was read.
  public struct Reading {
    /// The inputs, such as images `[samples, channels, height, width]`.
    public var inputs: Tensor
    /// Scores `[samples, classes]`, numbers of classes `[samples]`, or other outputs.
    public var predictions: Tensor
    /// The targets, `[samples]` or shaped like the predictions.
    public var targets: Tensor

    /// Creates a reading.
    public init(inputs: Tensor, predictions: Tensor, targets: Tensor) {
      (self.inputs, self.predictions, self.targets) = (inputs, predictions, targets)
    }
  }

  private let read: (LightningModuleBase, BatchContext) throws -> Reading?

  /// Reads pairs of inputs and targets.
  public init() {
    self.init { module, inputs in try module.forward(inputs) }
  }

  /// Reads pairs of inputs and targets; `predict` computes the predictions if the step did not return them.
  public init(
    _ predict: @escaping (_ module: LightningModuleBase, _ inputs: Tensor) throws -> Tensor
  ) {
    read = { module, batch in
      guard let (inputs, targets) = batch.batch(as: (Tensor, Tensor).self) else { return nil }
      // What a training step returns is the loss.
      let outputs = batch.outputs(as: Tensor.self).flatMap { $0.rank > 0 ? $0 : nil }
      let predictions =
        try outputs?.detached() ?? module.evaluatingExample { try predict(module, inputs) }
      return Reading(inputs: inputs, predictions: predictions, targets: targets)
    }
  }

  /// Reads a batch of any type; nil if there is nothing to read.
  public init(
    batch read: @escaping (_ module: LightningModuleBase, _ batch: BatchContext) throws -> Reading?
  ) {
    self.read = read
  }

  /// Reads a batch; throws a ``TrainerError`` with the name of the callback if there is nothing to read.
  func callAsFunction(
    _ module: LightningModuleBase, _ batch: BatchContext, for callback: Callback
  ) throws -> Reading {
    if let reading = try read(module, batch) { return reading }
    throw TrainerError.configuration(
      key: "callbacks.\(type(of: callback))", found: "a batch of type \(batch.typeName)",
      expected: "a pair of tensors, inputs and targets, or a PredictionReader(batch:) that reads it"
    )
  }
}

extension [String]? {
  /// The name of a class; its number if there is no name.
  func className(_ number: Int) -> String {
    flatMap { $0.indices.contains(number) ? $0[number] : nil } ?? "\(number)"
  }
}

extension PredictionReader.Reading {
  /// The predicted classes `[samples]`: the largest scores, or the numbers of classes themselves.
  var classes: Tensor {
    predictions.rank > 1 && predictions.shape[1] > 1
      ? predictions.argmax(dimension: 1) : predictions.reshaped(to: [-1])
  }
}
