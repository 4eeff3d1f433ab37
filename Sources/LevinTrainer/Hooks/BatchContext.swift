/// A batch as callbacks see it: the batch, what the step made of it, and where it stands.
public struct BatchContext {
  /// The number of the batch in its loader's pass, from 0.
  public let index: Int
  /// The number of the loader, from 0; always 0 in a training.
  public let loaderIndex: Int
  /// The number of samples in the batch.
  public let sampleCount: Int
  /// What the step returned: in a training the loss without its graph; nil before the step, or if it returned nothing.
  public let outputs: Any?
  private let content: Any

  init(_ batch: Any, index: Int, loaderIndex: Int, sampleCount: Int, outputs: Any? = nil) {
    content = batch
    self.index = index
    self.loaderIndex = loaderIndex
    self.sampleCount = sampleCount
    self.outputs = outputs
  }

  /// The name of the type of the batch.
  var typeName: String { "\(type(of: content))" }

  /// The batch; nil if it has another type.
  ///
  ///     guard let (images, labels) = batch.batch(as: (Tensor, Tensor).self) else { return }
  public func batch<Batch>(as type: Batch.Type = Batch.self) -> Batch? { content as? Batch }

  /// What the step returned; nil if there is nothing, or if it has another type.
  public func outputs<Outputs>(as type: Outputs.Type = Outputs.self) -> Outputs? {
    outputs as? Outputs
  }
}
