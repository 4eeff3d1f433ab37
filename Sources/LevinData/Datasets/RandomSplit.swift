internal import LevinSystem
public import LevinTensor

/// Splits a dataset into random parts of the given sizes, with the same indices as `torch.utils.data.random_split`.
///
/// Traps unless the sizes sum to the number of samples.
///
/// - Parameter generator: Used to draw one permutation; the default generator if nil.
public func randomSplit<Batch>(
  _ dataset: any Dataset<Batch>, _ sizes: [Int], generator: Generator? = nil
) -> [Subset<Batch>] {
  let sum = checkedSum(sizes)
  guard sizes.allSatisfy({ $0 >= 0 }), sum == dataset.count else {
    fail(
      "randomSplit", "sizes \(sizes), which sum to \(sum.map { "\($0)" } ?? "too much")",
      expected: "sizes of 0 or more that sum to the dataset's \(dataset.count) samples")
  }
  let permutation = (generator ?? .default).permutation(dataset.count)
  var start = 0
  return sizes.map { size in
    defer { start += size }
    return Subset(dataset, indices: Array(permutation[start..<start + size]))
  }
}

/// Splits a dataset into random parts of the given fractions, with the same indices as
/// `torch.utils.data.random_split`.
///
/// Each size is rounded down, and the samples left over go one by one to the first parts. Traps unless all fractions
/// are in 0…1 and their sum is 1.
public func randomSplit<Batch>(
  _ dataset: any Dataset<Batch>, fractions: [Double], generator: Generator? = nil
) -> [Subset<Batch>] {
  let sizes = partSizes("randomSplit", of: dataset.count, fractions: fractions)
  return randomSplit(dataset, sizes, generator: generator)
}

/// The sizes of parts of `count` things: rounded down, and those left over one by one to the first parts.
func partSizes(_ function: String, of count: Int, fractions: [Double]) -> [Int] {
  checkFractions(function, fractions)
  var sizes = fractions.map { Int((Double(count) * $0).rounded(.down)) }
  // Rounding of the products can make the sum one too large only if the fractions sum to more than 1.
  let left = count - sizes.reduce(0, +)
  for i in 0..<max(left, 0) { sizes[i % sizes.count] += 1 }
  return sizes
}

func checkFractions(_ function: String, _ fractions: [Double]) {
  let sum = fractions.reduce(0, +)
  guard fractions.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(sum - 1) <= 1e-9 else {
    fail(
      function, "fractions \(fractions), which sum to \(sum)",
      expected: "numbers in 0…1 that sum to 1")
  }
}
