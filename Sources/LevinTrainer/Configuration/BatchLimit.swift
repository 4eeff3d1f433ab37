/// How many of a loader's batches a loop uses: a count, or a fraction.
///
/// In Swift `5` is a count and `0.5` a fraction; the same holds in YAML and on the command line, so `1` is one batch
/// and `1.0` is all of them.
public enum BatchLimit: Sendable, Hashable, Codable, CustomStringConvertible {
  case count(Int)
  /// A fraction, 0…1.
  case fraction(Double)

  /// All batches.
  public static let all = BatchLimit.fraction(1)

  /// Decodes an integer as a count, any other number as a fraction.
  ///
  /// Whole numbers above 1 are counts in any form: `3.0` is what Python prints for 3.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else {
      let number = try container.decode(Double.self)
      let isCount = number > 1 && number < 1e15 && number.rounded() == number
      self = isCount ? .count(Int(number)) : .fraction(number)
    }
  }

  /// Encodes the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let count): try container.encode(count)
    case .fraction(let fraction): try container.encode(fraction)
    }
  }

  /// The number as written in YAML.
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .fraction(let fraction): "\(fraction)"
    }
  }

  /// Whether no batch is left of any loader.
  var isNone: Bool { self == .count(0) || self == .fraction(0) }

  /// Throws if the number is out of range for every loader.
  func check(key: String) throws(TrainerError) {
    switch self {
    case .count(let count):
      guard count < 0 else { return }
      throw .configuration(key: key, found: "\(count)", expected: "a count of 0 or more")
    case .fraction(let fraction):
      guard !(0...1).contains(fraction) else { return }
      throw .configuration(
        key: key, found: "\(fraction)", expected: "a count, or a fraction from 0.0 to 1.0")
    }
  }

  /// The number of batches out of `available`; nil, for all of a loader that does not know how many it has.
  ///
  /// `key` is the name of the limit in errors.
  func batches(of available: Int?, key: String) throws(TrainerError) -> Int? {
    try check(key: key)
    switch self {
    case .count(let count): return min(count, available ?? count)
    case .fraction(1), .fraction(0): return self == .all ? available : 0
    case .fraction(let fraction):
      guard let available else {
        throw .configuration(
          key: key, found: "\(fraction)",
          expected: "1.0, 0.0 or a count, since the loader does not know its length")
      }
      let count = Int(Double(available) * fraction)
      guard count > 0 || available == 0 else {
        throw .limitTooSmall(
          key: key, found: "\(fraction)", smallest: "\(1 / Double(available))")
      }
      return count
    }
  }
}

extension BatchLimit: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A count.
  public init(integerLiteral value: Int) { self = .count(value) }
  /// A fraction.
  public init(floatLiteral value: Double) { self = .fraction(value) }
}
