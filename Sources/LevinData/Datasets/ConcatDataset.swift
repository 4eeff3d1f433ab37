internal import LevinSystem
public import LevinTensor

/// Several datasets one after another (torch's `ConcatDataset`).
///
/// A batch may have samples of several parts: each part is asked once for all of its samples in the batch that follow
/// each other, and the pieces are joined.
public struct ConcatDataset<Batch>: Dataset {
  /// The datasets.
  public let parts: [any Dataset<Batch>]
  /// The index after the last sample of each part.
  private let ends: [Int]
  private let join: @Sendable ([Batch]) throws -> Batch

  /// Traps if there are no parts.
  ///
  /// - Parameter join: Makes one batch of several, in order.
  public init(
    _ parts: [any Dataset<Batch>], join: @escaping @Sendable ([Batch]) throws -> Batch
  ) {
    guard !parts.isEmpty else {
      fail("ConcatDataset", "no datasets", expected: "at least one")
    }
    self.parts = parts
    self.join = join
    var ends: [Int] = []
    for part in parts { ends.append((ends.last ?? 0) + part.count) }
    self.ends = ends
  }

  /// The number of samples.
  public var count: Int { ends[ends.count - 1] }

  /// The fingerprints of the parts; nil if one has none.
  public var fingerprint: String? {
    let all = parts.compactMap(\.fingerprint)
    return all.count == parts.count ? all.joined(separator: " + ") : nil
  }

  /// The samples at `indices`, in that order, as one batch.
  public func batch(at indices: ArraySlice<Int>) throws -> Batch {
    try batch(BatchRequest(indices))
  }

  /// The batch that a loader requests.
  public func batch(_ request: BatchRequest) throws -> Batch {
    var runs: [(part: Int, indices: [Int])] = []
    for index in request.indices {
      guard index >= 0, index < count else {
        fail("ConcatDataset", "sample \(index)", expected: "one of 0..<\(count)")
      }
      let part = self.part(of: index)
      let own = index - (part == 0 ? 0 : ends[part - 1])
      if runs.last?.part == part {
        runs[runs.count - 1].indices.append(own)
      } else {
        runs.append((part, [own]))
      }
    }
    let batches = try runs.map { run in
      // Samples with one number in two parts have random numbers of their own.
      let seed = request.seed &+ UInt64(run.part) &* 0x9e37_79b9_7f4a_7c15
      return try parts[run.part].batch(
        BatchRequest(run.indices[...], seed: seed, draws: request.draws))
    }
    return batches.count == 1 ? batches[0] : try join(batches)
  }

  private func part(of index: Int) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ConcatDataset {
  /// Datasets whose batches are tensors `[samples, …]`; traps if there are none.
  public init(_ parts: [any Dataset<Batch>]) where Batch == Tensor {
    self.init(parts) { Tensor.concatenated($0) }
  }

  /// Datasets of inputs and targets; traps if there are none.
  public init(_ parts: [any Dataset<Batch>]) where Batch == TensorPair {
    self.init(parts) { pairs in
      (Tensor.concatenated(pairs.map(\.inputs)), Tensor.concatenated(pairs.map(\.targets)))
    }
  }

  /// Datasets of lists of tensors; traps if there are none.
  public init(_ parts: [any Dataset<Batch>]) where Batch == [Tensor] {
    self.init(parts) { lists in
      lists[0].indices.map { place in Tensor.concatenated(lists.map { $0[place] }) }
    }
  }
}
