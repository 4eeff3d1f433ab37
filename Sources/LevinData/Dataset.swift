public import LevinTensor

/// Numbered samples that are fetched a batch at a time.
public protocol Dataset<Batch> {
  /// What a fetch gives, for example `(Tensor, Tensor)`.
  associatedtype Batch
  /// The number of samples.
  var count: Int { get }
  /// The samples at `indices`, in that order, as one batch.
  func batch(at indices: ArraySlice<Int>) throws -> Batch
}

/// Images `[batch, channels, height, width]` (float32) and class labels `[batch]` (int64).
public typealias LabeledImages = (images: Tensor, labels: Tensor)
