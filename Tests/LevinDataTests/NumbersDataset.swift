import LevinData

/// The samples 0..<count, each of which is its own number; fetching can fail or take time.
struct NumbersDataset: Dataset {
  struct Failure: Error, Equatable {
    var index: Int
  }
  var count: Int
  var failsAt: Int?
  var onFetch: @Sendable () -> Void = {}

  func batch(at indices: ArraySlice<Int>) throws -> [Int] {
    onFetch()
    if let failsAt, indices.contains(failsAt) { throw Failure(index: failsAt) }
    return Array(indices)
  }
}
