internal import LevinSystem

/// One number for each spatial dimension of images, such as `kernelSize: 3` or `[3, 5]`.
public protocol SpatialSizes {
  /// One number for each of `rank` dimensions; nil if there is another number of them.
  func sizes(rank: Int) -> [Int]?
}

extension Int: SpatialSizes, ConvolutionPadding {
  /// The same number for each dimension.
  public func sizes(rank: Int) -> [Int]? { [Int](repeating: self, count: rank) }
}

extension Array: SpatialSizes, ConvolutionPadding where Element == Int {
  /// The numbers; nil unless there are `rank` of them, or one.
  public func sizes(rank: Int) -> [Int]? {
    count == 1 ? [Int](repeating: self[0], count: rank) : count == rank ? self : nil
  }
}

/// The zeros added around images: numbers, ``same`` or ``valid``.
public protocol ConvolutionPadding {
  /// One number for each dimension; nil if there are none, or not `rank` of them.
  func sizes(rank: Int) -> [Int]?
  /// Whether outputs have the size of inputs.
  var isSame: Bool { get }
}

extension ConvolutionPadding {
  /// false.
  public var isSame: Bool { false }
}

/// The named paddings of PyTorch: ``ConvolutionPadding/same`` and ``ConvolutionPadding/valid``.
public struct NamedPadding: ConvolutionPadding, Sendable {
  /// Whether outputs have the size of inputs.
  public let isSame: Bool

  /// 0 for `valid`, otherwise nil.
  public func sizes(rank: Int) -> [Int]? {
    isSame ? nil : [Int](repeating: 0, count: rank)
  }
}

extension ConvolutionPadding where Self == NamedPadding {
  /// Enough zeros to make outputs as large as inputs, with the odd one at the end; strides must be 1.
  public static var same: NamedPadding { NamedPadding(isSame: true) }
  /// No zeros.
  public static var valid: NamedPadding { NamedPadding(isSame: false) }
}

extension ShapeChecks {
  /// The numbers of `sizes` for `rank` dimensions; traps if one is below `least`, or if `sizes` is nil.
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
