import LevinTensor

/// An operation with inputs at which it is smooth.
struct DifferentiableOperation: Sendable {
  /// The Swift name of the function or operator.
  let name: String
  let inputs: [Shape]
  let function: @Sendable ([Tensor]) -> [Tensor]

  init(_ name: String, _ inputs: [Shape], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.init(several: name, inputs) { [function($0)] }
  }

  init(
    several name: String, _ inputs: [Shape], _ function: @escaping @Sendable ([Tensor]) -> [Tensor]
  ) {
    self.name = name
    self.inputs = inputs
    self.function = function
  }

  /// Numbers in 0.3…1.7: spread out, all different, the same each time.
  var numbers: [Tensor] {
    inputs.enumerated().map { index, shape in
      let values = (0..<shape.elementCount).map { element -> Double in
        let place = element + 13 * index + 1
        // Quadratic residues.
        return 0.3 + 1.4 * Double(place * place * 7 % 101) / 101
      }
      return Tensor(values, shape: shape)
    }
  }
}

extension DifferentiableOperation {
  typealias Row = DifferentiableOperation

  /// A row for each public differentiable operation; names of overloads occur more than once.
  static let all: [DifferentiableOperation] =
    arithmetic + functions + reductions + statistics + views + joining + indexing + products
    + activations + losses + convolutions + pooling + normalizations + layers

  /// Public functions that return tensors without gradients: truth values, indices, counts and integers.
  static let withoutGradient: Set<String> = [
    ".==", ".!=", ".<", ".<=", ".>", ".>=", ".&", ".|", ".^", ".!", "&", "|", "^", "<<", ">>", "~",
    "isNaN()", "isInfinite()", "isFinite()", "isClose(to:relative:absolute:equalNaN:)",
    "signBit()", "all(dimensions:keepDimension:)", "all(dimension:keepDimension:)",
    "any(dimensions:keepDimension:)", "any(dimension:keepDimension:)", "countNonzero(dimensions:)",
    "countNonzero(dimension:)", "argmax(dimension:keepDimension:)",
    "argmin(dimension:keepDimension:)", "nonzero()", "argsorted(dimension:descending:)",
    "unique()", "unique(dimension:)", "uniqueRuns()", "uniqueRuns(dimension:)",
    "searchedSorted(in:behindEquals:order:)", "bucketized(_:closesLeft:)", "isIn(_:)",
    "oneHot(_:)", "histogram(bins:low:high:)",
  ]

  /// Those that trap for a gradient of their gradient, as PyTorch's do.
  static let withoutSecondGradient: Set<String> = [
    "ctcLoss(_:inputLengths:targetLengths:blank:zeroInfinity:reduction:)"
  ]
}
