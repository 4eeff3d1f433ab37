/// A value of a tag at a step.
public struct Logged<Value> {
  /// The step that the writer gave.
  public var step: Int
  /// Seconds since 1970.
  public var wallTime: Double
  /// The value.
  public var value: Value

  /// A value at a step.
  public init(step: Int, wallTime: Double, value: Value) {
    self.step = step
    self.wallTime = wallTime
    self.value = value
  }
}

extension Logged: Sendable where Value: Sendable {}
extension Logged: Equatable where Value: Equatable {}

/// The points of a curve, in the order of reading; the three arrays have the same length.
public struct ScalarSeries: Sendable, Hashable {
  /// The step that the writer gave.
  public var steps: [Int] = []
  /// The values; with few exceptions they are exactly 32-bit floats.
  ///
  /// Integers that a `Double` rounds are in ``exactIntegers``.
  public var values: [Double] = []
  /// Seconds since 1970.
  public var wallTimes: [Double] = []
  /// The 64-bit integers beyond 2⁵³ that ``values`` has rounded, by their index.
  public var exactIntegers: [Int: Int128] = [:]

  /// An empty value.
  public init() {}

  /// The number of points.
  public var count: Int { steps.count }
  /// Whether there are no points.
  public var isEmpty: Bool { steps.isEmpty }

  /// The points at `indices`, which must be in ascending order.
  func points(at indices: [Int]) -> ScalarSeries {
    var kept = ScalarSeries()
    kept.steps = indices.map { steps[$0] }
    kept.values = indices.map { values[$0] }
    kept.wallTimes = indices.map { wallTimes[$0] }
    guard !exactIntegers.isEmpty else { return kept }
    for (place, index) in indices.enumerated() {
      if let integer = exactIntegers[index] { kept.exactIntegers[place] = integer }
    }
    return kept
  }

  /// Removes the last point.
  mutating func removeLast() {
    steps.removeLast()
    values.removeLast()
    wallTimes.removeLast()
    if !exactIntegers.isEmpty { exactIntegers[steps.count] = nil }
  }
}

/// A text under a tag: one string, or a table of strings.
public struct LoggedText: Sendable, Hashable {
  /// The strings in Markdown, row-major.
  public var strings: [String]
  /// The shape: `[]` for one string, `[n]` for a list, `[rows, columns]` for a table.
  public var shape: [Int]

  /// Creates a text.
  public init(strings: [String], shape: [Int] = []) {
    self.strings = strings
    self.shape = shape
  }

  /// All strings, one per line; the cells of a table are separated by tabs.
  public var text: String {
    guard shape.count == 2, shape[1] > 1 else { return strings.joined(separator: "\n") }
    return stride(from: 0, to: strings.count, by: shape[1])
      .map { strings[$0..<min($0 + shape[1], strings.count)].joined(separator: "\t") }
      .joined(separator: "\n")
  }
}
