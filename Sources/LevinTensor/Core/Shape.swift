/// The sizes of a tensor's dimensions, outermost first; at most 8, none for a scalar.
public struct Shape: Sendable, Hashable, RandomAccessCollection, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  private var sizes = SIMD8<Int>(repeating: 0)
  /// The number of dimensions.
  public let rank: Int

  /// A shape of the given sizes.
  public init(_ sizes: some Collection<Int>) {
    precondition(sizes.count <= 8, "a tensor has at most 8 dimensions")
    rank = sizes.count
    for (i, size) in sizes.enumerated() { self.sizes[i] = size }
  }

  /// A shape written as `[64, 1, 28, 28]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// Always 0.
  public var startIndex: Int { 0 }
  /// The number of dimensions.
  public var endIndex: Int { rank }
  /// The size of a dimension.
  public subscript(dimension: Int) -> Int { sizes[dimension] }

  /// The product of the sizes: the number of elements; 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for i in 0..<rank { product *= sizes[i] }
    return product
  }

  /// As `[64, 1, 28, 28]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
