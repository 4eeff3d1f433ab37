internal import LevinSystem
public import LevinTensor

/// A sample of which batches are made without being told how (torch's `default_collate`).
///
/// Tensors are stacked; `Int` becomes int64, `Double` float64, `Float` float32 and `Bool` bool; texts become an array;
/// arrays and dictionaries are collated element by element. Tuples are collated by ``Collated``. A struct conforms with
/// one line for each property:
///
///     struct Measurement: Collatable {
///       var signal: Tensor
///       var weight: Float
///       static func collate(_ samples: [Measurement]) throws -> (signals: Tensor, weights: Tensor) {
///         (try Tensor.collate(samples.map(\.signal)), try Float.collate(samples.map(\.weight)))
///       }
///     }
public protocol Collatable {
  /// The type of a batch.
  associatedtype Batch
  /// Makes a batch of at least one sample.
  static func collate(_ samples: [Self]) throws -> Batch
}

/// Samples that do not fit together in a batch.
public struct CollationError: Error, Hashable, CustomStringConvertible {
  /// What does not fit, and what to do.
  public let description: String

  /// Creates an error with this text.
  public init(_ description: String) { self.description = description }
}

extension Tensor: Collatable {
  /// Stacks tensors of one shape and dtype along a new dimension 0.
  public static func collate(_ samples: [Tensor]) throws -> Tensor {
    for (index, sample) in samples.enumerated()
    where sample.shape != samples[0].shape || sample.dtype != samples[0].dtype {
      throw CollationError(
        "tensors of a batch must have one shape and dtype, but found \(samples[0].shape) "
          + "\(samples[0].dtype.name) at 0 and \(sample.shape) \(sample.dtype.name) at \(index). "
          + "Crop or pad them (padSequence), or give a collate function.")
    }
    return Tensor.stacked(samples)
  }
}

extension Int: Collatable {
  /// A tensor `[count]` of dtype int64.
  public static func collate(_ samples: [Int]) -> Tensor { Tensor(samples.map { Int64($0) }) }
}

extension Int64: Collatable {
  /// A tensor `[count]` of dtype int64.
  public static func collate(_ samples: [Int64]) -> Tensor { Tensor(samples) }
}

extension UInt8: Collatable {
  /// A tensor `[count]` of dtype uint8.
  public static func collate(_ samples: [UInt8]) -> Tensor { Tensor(samples) }
}

extension Float: Collatable {
  /// A tensor `[count]` of dtype float32.
  public static func collate(_ samples: [Float]) -> Tensor { Tensor(samples) }
}

extension Double: Collatable {
  /// A tensor `[count]` of dtype float64, as in PyTorch.
  public static func collate(_ samples: [Double]) -> Tensor { Tensor(samples) }
}

extension Bool: Collatable {
  /// A tensor `[count]` of dtype bool.
  public static func collate(_ samples: [Bool]) -> Tensor { Tensor(samples) }
}

extension String: Collatable {
  /// The texts.
  public static func collate(_ samples: [String]) -> [String] { samples }
}

extension Array: Collatable where Element: Collatable {
  /// A batch of the first elements, one of the second, and so on; throws unless all arrays have one length.
  public static func collate(_ samples: [[Element]]) throws -> [Element.Batch] {
    let count = samples[0].count
    if let place = samples.firstIndex(where: { $0.count != count }) {
      throw CollationError(
        "arrays of a batch must have one length, but found \(count) at 0 and "
          + "\(samples[place].count) at \(place).")
    }
    return try (0..<count).map { place in try Element.collate(samples.map { $0[place] }) }
  }
}

extension Dictionary: Collatable where Value: Collatable {
  /// A batch for each key; throws unless all dictionaries have the keys of the first.
  public static func collate(_ samples: [[Key: Value]]) throws -> [Key: Value.Batch] {
    var batches: [Key: Value.Batch] = [:]
    for key in samples[0].keys {
      batches[key] = try Value.collate(
        samples.enumerated().map { place, sample in
          guard let value = sample[key] else {
            throw CollationError("sample \(place) of a batch has no \(key), which sample 0 has.")
          }
          return value
        })
    }
    return batches
  }
}
