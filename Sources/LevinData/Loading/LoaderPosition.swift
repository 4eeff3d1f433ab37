/// How far a pass of a ``DataLoader`` has come: all it takes to go on with the very next batch.
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
  /// Samples in a batch; nil in positions of before it was kept.
  public var batchSize: Int?
  /// What random changes of the samples are drawn from in this pass.
  public var baseSeed: UInt64
  /// nil as long as nothing was drawn: before the first batch.
  public var order: Order?
}
