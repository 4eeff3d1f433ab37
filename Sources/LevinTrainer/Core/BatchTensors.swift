internal import LevinSystem
public import LevinTensor

/// A batch whose tensors the trainer may replace, to convert their precision.
///
/// `Tensor`, arrays and dictionaries of tensors, and tuples of two to four tensors need nothing; a type of one's own
/// conforms.
public protocol TensorBatch {
  /// The same batch with `transform` applied to each of its tensors.
  func mapTensors(_ transform: (Tensor) -> Tensor) -> Self
}

/// The tensors in batches of any type.
enum BatchTensors {
  /// The number of samples in a batch: the first size of the first tensor in it; 1 if there is none.
  static func sampleCount(of batch: Any) -> Int {
    guard let tensor = first(in: batch, depth: 0) else { return 1 }
    return tensor.rank == 0 ? 1 : tensor.shape[0]
  }

  private static func first(in value: Any, depth: Int) -> Tensor? {
    if let tensor = value as? Tensor { return tensor }
    guard depth < 4 else { return nil }
    for child in Mirror(reflecting: value).children {
      if let tensor = first(in: child.value, depth: depth + 1) { return tensor }
    }
    return nil
  }

  /// The batch with its floating-point tensors in `dtype`; nil if its type is not known.
  static func converted<Batch>(_ batch: Batch, to dtype: DType) -> Batch? {
    func cast(_ tensor: Tensor) -> Tensor {
      tensor.dtype.isFloatingPoint ? tensor.to(dtype) : tensor
    }
    let converted: Any? =
      switch batch as Any {
      case let batch as any TensorBatch: batch.mapTensors(cast)
      case let tensor as Tensor: cast(tensor)
      case let list as [Tensor]: list.map(cast)
      case let entries as [String: Tensor]: entries.mapValues(cast)
      case let (a, b) as (Tensor, Tensor): (cast(a), cast(b))
      case let (a, b, c) as (Tensor, Tensor, Tensor): (cast(a), cast(b), cast(c))
      case let (a, b, c, d) as (Tensor, Tensor, Tensor, Tensor):
        (cast(a), cast(b), cast(c), cast(d))
      default: nil
      }
    return converted as? Batch
  }
}
