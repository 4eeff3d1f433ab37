/// A position in a pass of a ``DataLoader``: everything needed to resume with the next batch.
public struct LoaderPosition: Sendable, Hashable, Codable {
  /// The origin of the order of the samples.
  public enum Order: Sendable, Hashable, Codable {
    /// The order of the dataset.
    case sequential
    /// Drawn from a new generator with this seed.
    case seed(UInt64)
    /// Drawn from the sampler's own generator, or from the default one, in this state.
    case generator(state: [UInt8])
  }
  /// The number of batches that were handed out.
  public var batchIndex: Int
  /// Samples in a batch; nil if a sampler of batches decides, and in positions saved by older versions.
  public var batchSize: Int?
  /// The seed of this pass's random augmentation.
  public var baseSeed: UInt64
  /// The order; nil before the first batch, when nothing has been drawn.
  public var order: Order?
  /// The positions of the loaders that a ``CombinedLoader`` reads.
  var parts: [LoaderPosition]?
  /// Which of them have reached their end.
  var ended: [Bool]?

  /// The position after `batchIndex` batches in an order of which nothing else is known: a shuffled one is drawn anew.
  public init(after batchIndex: Int) { self.init(batchIndex: batchIndex, baseSeed: 0, order: nil) }

  init(batchIndex: Int, batchSize: Int? = nil, baseSeed: UInt64, order: Order? = nil) {
    (self.batchIndex, self.batchSize) = (batchIndex, batchSize)
    (self.baseSeed, self.order) = (baseSeed, order)
  }
}
