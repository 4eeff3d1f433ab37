internal import LevinTensor

// How operations become operators, by topic; the names are those that observers receive.

extension Conversion {
  /// Adds operators for the operation, and returns the names of their values, one for each of the first of its
  /// outputs; nil if its parts are to be converted instead.
  func results() throws -> [String]? {
    let topics: [() throws -> [String]?] = [
      arithmetic, comparisons, functions, activations, products, convolutions, poolings,
      normalizations, reductions, views, joining, indexing, resizing,
    ]
    for topic in topics {
      if let results = try topic() { return results }
    }
    return nil
  }

  /// An operator of one input, computed in the output's dtype.
  func unary(_ operation: String) throws -> [String]? {
    [node(operation, [try input(0, as: output.dtype)])]
  }

  /// An operator of two inputs that broadcast, computed in the output's dtype.
  func binary(_ operation: String) throws -> [String]? {
    let dtype = output.dtype
    guard dtype != .bool else { return nil }
    return [node(operation, [try input(0, as: dtype), try input(1, as: dtype)])]
  }
}
