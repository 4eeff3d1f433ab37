internal import LevinSystem

/// The sizes of a tensor's dimensions, outermost first; at most 8, none for a scalar.
public struct Shape: Sendable, Hashable, RandomAccessCollection, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  /// Stored inline, so that a shape needs no allocation; sizes beyond the rank are 0.
  ///
  /// A tuple and not a `SIMD8`, whose alignment of 64 bytes would double the size of a tensor.
  private var sizes: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
  /// The number of dimensions.
  public let rank: Int

  /// Creates a shape of the given sizes.
  ///
  /// Traps for more than 8; PyTorch allows 64.
  public init(_ sizes: some Collection<Int>) {
    guard sizes.count <= 8 else {
      fail(
        "a shape", "\(Array(sizes)), which are \(sizes.count) dimensions", expected: "at most 8",
        hint: "make some of them one with flattened(from:through:)")
    }
    rank = sizes.count
    withUnsafeMutableBytes(of: &self.sizes) { bytes in
      let places = bytes.assumingMemoryBound(to: Int.self)
      for (i, size) in sizes.enumerated() { places[i] = size }
    }
  }

  /// Creates a shape with `rank` sizes, each given by `size`, without an allocation.
  init(rank: Int, _ size: (Int) -> Int) {
    precondition(rank <= 8, "a tensor has at most 8 dimensions")
    self.rank = rank
    withUnsafeMutableBytes(of: &sizes) { bytes in
      let places = bytes.assumingMemoryBound(to: Int.self)
      for i in 0..<rank { places[i] = size(i) }
    }
  }

  /// Creates the shape of a matrix without an allocation.
  init(rows: Int, columns: Int) {
    sizes = (rows, columns, 0, 0, 0, 0, 0, 0)
    rank = 2
  }

  /// Creates a shape written as `[64, 1, 28, 28]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// Always 0.
  public var startIndex: Int { 0 }
  /// The number of dimensions.
  public var endIndex: Int { rank }
  /// The size of a dimension.
  ///
  /// Traps for a dimension that the shape does not have.
  public subscript(dimension: Int) -> Int {
    guard dimension >= 0, dimension < rank else { hasNo(dimension) }
    return withSizes { $0[dimension] }
  }

  /// Apart, so that the subscript is short enough to be inlined.
  @inline(never)
  private func hasNo(_ dimension: Int) -> Never {
    fail("shape[_:]", "dimension \(dimension) of shape \(self)", expected: "one of 0..<\(rank)")
  }

  /// The product of the sizes: the number of elements; 1 for a scalar.
  public var elementCount: Int {
    withSizes { sizes in
      var product = 1
      for i in 0..<rank { product *= sizes[i] }
      return product
    }
  }

  /// The bytes of all elements of `size` bytes each; nil if a size is negative, or if the product overflows.
  func byteCount(of size: Int) -> Int? {
    withSizes { sizes in
      var count = size
      for i in 0..<rank {
        let (product, overflows) = count.multipliedReportingOverflow(by: sizes[i])
        if overflows || sizes[i] < 0 { return nil }
        count = product
      }
      return count
    }
  }

  // Inlined, because small operations ask this several times.
  /// Whether the sizes are the same, in number and order.
  @inline(__always)
  public static func == (a: Shape, b: Shape) -> Bool {
    a.rank == b.rank && a.sizes.0 == b.sizes.0 && a.sizes.1 == b.sizes.1
      && a.sizes.2 == b.sizes.2 && a.sizes.3 == b.sizes.3
      && (a.rank <= 4
        || a.sizes.4 == b.sizes.4 && a.sizes.5 == b.sizes.5 && a.sizes.6 == b.sizes.6
          && a.sizes.7 == b.sizes.7)
  }

  /// Hashes the rank and the sizes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for size in self { hasher.combine(size) }
  }

  @inline(__always)
  func withSizes<Result>(_ body: (UnsafePointer<Int>) -> Result) -> Result {
    withUnsafeBytes(of: sizes) {
      // A tuple is never empty.
      body($0.baseAddress!.assumingMemoryBound(to: Int.self))
    }
  }

  /// A text such as `[64, 1, 28, 28]`.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

/// Some dimensions of a tensor, in ascending order.
package struct Axes: Sequence, Equatable {
  private var bits: UInt8 = 0

  package init() {}
  package init(_ axis: Int) { insert(axis) }
  package init(_ axes: some Sequence<Int>) { for axis in axes { insert(axis) } }

  /// All dimensions of a tensor.
  package init(allOf rank: Int) { bits = UInt8(truncatingIfNeeded: 1 << rank - 1) }

  package mutating func insert(_ axis: Int) { bits |= 1 << axis }
  package var count: Int { bits.nonzeroBitCount }
  package func contains(_ axis: Int) -> Bool { bits >> axis & 1 == 1 }

  package func makeIterator() -> some IteratorProtocol<Int> {
    sequence(state: bits) { rest in
      guard rest != 0 else { return nil }
      defer { rest &= rest - 1 }
      return rest.trailingZeroBitCount
    }
  }
}
