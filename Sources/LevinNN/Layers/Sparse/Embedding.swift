internal import LevinSystem
public import LevinTensor

/// A table of vectors, looked up by index: indices (int64 or int32) of any shape become `[indices…, features]`.
///
/// `weight` is `[count, features]` and starts with normal numbers of mean 0 and standard deviation 1, drawn from the
/// default generator as in `torch.nn.Embedding`; the row `paddingIndex` is 0 and is not trained.
public final class Embedding: Layer {
  /// The table, `[count, features]`.
  public var weight: Parameter
  /// The row that is not trained; nil if there is none.
  public let paddingIndex: Int?
  /// The norm to which longer rows are shortened when they are looked up; nil for no limit.
  public let maxNorm: Double?
  /// The order of that norm.
  public let normOrder: Double
  /// Whether the gradient of a row is divided by the number of times that it was looked up.
  public let scalesByFrequency: Bool

  /// Creates a table with new random rows; traps unless `paddingIndex`, which counts from the end if negative, is a
  /// row.
  public init(
    _ count: Int, _ features: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil,
    normOrder: Double = 2, scalesByFrequency: Bool = false
  ) {
    if let paddingIndex, !(-count..<count).contains(paddingIndex) {
      fail(
        "Embedding(\(count), \(features))", "paddingIndex \(paddingIndex)",
        expected: "a row in \(-count)..<\(count)")
    }
    let row = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
    var table = Init.normal([count, features])
    if let row { table[row] = .zeros([features]) }
    weight = Parameter(table)
    self.paddingIndex = row
    self.maxNorm = maxNorm
    self.normOrder = normOrder
    self.scalesByFrequency = scalesByFrequency
  }

  /// Creates a table with the rows of `weight`, `[count, features]` (PyTorch's `from_pretrained`); not trained unless
  /// `freeze` is false.
  public init(pretrained weight: Tensor, freeze: Bool = true, paddingIndex: Int? = nil) {
    self.weight = Parameter(weight)
    self.weight.requiresGradient = !freeze
    self.paddingIndex = paddingIndex
    maxNorm = nil
    normOrder = 2
    scalesByFrequency = false
  }

  public override func forward(_ input: Tensor) -> Tensor {
    if let maxNorm {
      weight.assign(weight.value.rowsShortened(input, to: maxNorm, order: normOrder))
    }
    return weight.value.embedding(
      input, paddingIndex: paddingIndex, scalesByFrequency: scalesByFrequency)
  }
}
