/// The sizes of a tensor's dimensions, outermost first; `[]` is a scalar. At most 8 dimensions.
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

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rank }
  public subscript(dimension: Int) -> Int { sizes[dimension] }

  /// The product of the sizes: the number of elements; 1 for a scalar.
  public var elementCount: Int {
    var product = 1
    for i in 0..<rank { product *= sizes[i] }
    return product
  }

  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
