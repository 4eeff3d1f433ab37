internal import LevinSystem

/// A number for each spatial dimension of images, as `kernelSize: 3` or `[3, 5]`.
public protocol SpatialSizes {
  /// One number for each of `rank` dimensions; nil where there are others.
  func sizes(rank: Int) -> [Int]?
}

extension Int: SpatialSizes, ConvolutionPadding {
  /// The same number for each dimension.
  public func sizes(rank: Int) -> [Int]? { [Int](repeating: self, count: rank) }
}

extension Array: SpatialSizes, ConvolutionPadding where Element == Int {
  /// The numbers; nil where there are not `rank` of them, nor one.
  public func sizes(rank: Int) -> [Int]? {
    count == 1 ? [Int](repeating: self[0], count: rank) : count == rank ? self : nil
  }
}

/// How far images are surrounded by zeros: numbers, ``same`` or ``valid``.
public protocol ConvolutionPadding {
  /// Numbers for each dimension; nil where there are none, or not `rank` of them.
  func sizes(rank: Int) -> [Int]?
  /// Whether outputs have the size of inputs.
  var isSame: Bool { get }
}

extension ConvolutionPadding {
  /// Only of ``same``.
  public var isSame: Bool { false }
}

/// PyTorch's paddings that have a name: ``ConvolutionPadding/same`` and ``ConvolutionPadding/valid``.
public struct NamedPadding: ConvolutionPadding, Sendable {
  /// Whether outputs have the size of inputs.
  public let isSame: Bool

  /// 0 where the padding is `valid`.
  public func sizes(rank: Int) -> [Int]? {
    isSame ? nil : [Int](repeating: 0, count: rank)
  }
}

extension ConvolutionPadding where Self == NamedPadding {
  /// As many zeros as make outputs as large as inputs, one more behind than in front where they are odd; strides are 1.
  public static var same: NamedPadding { NamedPadding(isSame: true) }
  /// No zeros.
  public static var valid: NamedPadding { NamedPadding(isSame: false) }
}

extension ShapeChecks {
  /// The numbers of `sizes` for `rank` dimensions, each at least `least`; nil where what was `given` is for others.
  package static func sizes(
    _ sizes: [Int]?, of given: Any? = nil, _ name: String, rank: Int, least: Int,
    for operation: String
  ) -> [Int] {
    guard let sizes, sizes.allSatisfy({ $0 >= least }) else {
      fail(
        operation,
        (given ?? sizes).map { "\(name) \($0)" } ?? "a \(name) of another number of dimensions",
        expected: "\(rank == 1 ? "a number" : "one or \(rank) numbers") of \(least) or more")
    }
    return sizes
  }
}
