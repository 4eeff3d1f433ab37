public import LevinConfiguration

/// A trial run of a program: the number of batches that each loop runs, or `true` for one.
public struct FastDevRun: Sendable, Hashable, ConfigScalar {
  /// The batches of each loop; 0: no trial.
  public var batches: Int

  /// A trial of `batches` batches.
  public init(batches: Int) { self.batches = batches }

  /// Whether this is a trial.
  public var isOn: Bool { batches > 0 }

  /// Decodes a number, or true or false.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let isOn = try? container.decode(Bool.self) {
      self.init(booleanLiteral: isOn)
    } else {
      self.init(batches: try container.decode(Int.self))
    }
  }

  /// Encodes the number of batches.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(batches)
  }

  /// What is read, for help and errors.
  public static let expected = "int or true"
  /// The number of batches.
  public var configValue: ConfigValue { .integer(batches) }
}

extension FastDevRun: ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A trial of `value` batches.
  public init(integerLiteral value: Int) { self.init(batches: value) }
  /// A trial of one batch, or none.
  public init(booleanLiteral value: Bool) { self.init(batches: value ? 1 : 0) }
}
