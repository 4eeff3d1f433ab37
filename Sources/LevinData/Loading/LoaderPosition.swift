/// A position in a pass of a ``DataLoader``: all that is needed to resume with the next batch.
public struct LoaderPosition: Sendable, Hashable, Codable {
  /// Where the order of the samples came from.
  public enum Order: Sendable, Hashable, Codable {
    /// The dataset's own order.
    case sequential
    /// The permutation of a fresh generator of this seed.
    case seed(UInt64)
    /// The permutation that the loader's generator gave when it was in this state.
    case generator(state: [UInt8])
  }
  /// The number of batches that were handed out.
  public var batchIndex: Int
  /// Samples in a batch; nil in positions saved by older versions.
  public var batchSize: Int?
  /// The seed of this pass's random augmentation.
  public var baseSeed: UInt64
  /// nil as long as nothing was drawn: before the first batch.
  public var order: Order?
}
