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

/// The points of a curve, in the order of reading; the three arrays are of one length.
public struct ScalarSeries: Sendable, Hashable {
  /// The step that the writer gave.
  public var steps: [Int] = []
  /// Curves hold 32-bit floats, with few exceptions: such a value is exactly a `Float`.
  ///
  /// Integers that a `Double` rounds are in ``exactIntegers``.
  public var values: [Double] = []
  /// Seconds since 1970.
  public var wallTimes: [Double] = []
  /// The values that ``values`` has rounded: 64-bit integers beyond 2⁵³, by their index.
  public var exactIntegers: [Int: Int128] = [:]

  /// An empty value.
  public init() {}

  /// How many points there are.
  public var count: Int { steps.count }
  /// Whether there are none.
  public var isEmpty: Bool { steps.isEmpty }

  /// The points at `indices`, which rise.
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

  /// Takes the last point away.
  mutating func removeLast() {
    steps.removeLast()
    values.removeLast()
    wallTimes.removeLast()
    if !exactIntegers.isEmpty { exactIntegers[steps.count] = nil }
  }
}

/// A text of a tag: one string, or a table of strings.
public struct LoggedText: Sendable, Hashable {
  /// In Markdown; row-major.
  public var strings: [String]
  /// `[]` or `[n]` for a list, `[rows, columns]` for a table.
  public var shape: [Int]

  /// A text of strings.
  public init(strings: [String], shape: [Int] = []) {
    self.strings = strings
    self.shape = shape
  }

  /// All strings, one a line; a table's cells have a tab between them.
  public var text: String {
    guard shape.count == 2, shape[1] > 1 else { return strings.joined(separator: "\n") }
    return stride(from: 0, to: strings.count, by: shape[1])
      .map { strings[$0..<min($0 + shape[1], strings.count)].joined(separator: "\t") }
      .joined(separator: "\n")
  }
}
