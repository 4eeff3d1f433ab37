public import LevinConfiguration

/// How often a training validates within an epoch: a count of batches, a fraction of the epoch, or a time.
///
/// As in ``BatchLimit``, `1` is every batch and `1.0` the whole epoch; a time is a string such as `"00:00:10:00"`.
public enum ValidationInterval: Sendable, Hashable, ConfigScalar, CustomStringConvertible {
  case count(Int)
  /// A fraction, above 0 and up to 1.
  case fraction(Double)
  case time(TimeLimit)

  /// Once, at the end of the epoch.
  public static let atEnd = ValidationInterval.fraction(1)

  /// Decodes an integer as a count, any other number as a fraction, and a string as a time.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else if let fraction = try? container.decode(Double.self) {
      self = .fraction(fraction)
    } else {
      self = .time(try container.decode(TimeLimit.self))
    }
  }

  /// Encodes the number, or the time as a string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let count): try container.encode(count)
    case .fraction(let fraction): try container.encode(fraction)
    case .time(let time): try container.encode(time)
    }
  }

  /// What is read, for help and errors.
  public static let expected = "int, float or time"
  /// The value as it is written.
  public var configValue: ConfigValue {
    switch self {
    case .count(let count): .integer(count)
    case .fraction(let fraction): .float(fraction)
    case .time(let time): .string(time.description)
    }
  }

  /// As written in YAML.
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .fraction(let fraction): "\(fraction)"
    case .time(let time): "\(time)"
    }
  }

  /// The interval in an epoch of known length.
  enum Resolved: Equatable {
    case batches(Int)
    case seconds(Double)
    case atEnd
  }

  /// Throws if no training could use it.
  func check(key: String) throws(TrainerError) {
    let isPossible =
      switch self {
      case .fraction(let fraction): fraction > 0 && fraction <= 1
      case .count(let count): count >= 1
      case .time: true
      }
    guard !isPossible else { return }
    throw .configuration(
      key: key, found: "\(self)",
      expected:
        "a fraction above 0.0 and up to 1.0, a count of batches, or a time such as 00:00:10:00")
  }

  /// - Parameters:
  ///   - trainBatches: The batches of an epoch; nil if they are not known.
  ///   - countsAcrossEpochs: Whether a count goes on over the end of an epoch.
  func resolved(trainBatches: Int?, countsAcrossEpochs: Bool) throws(TrainerError) -> Resolved {
    switch self {
    case .time(let time): return .seconds(time.seconds)
    case .fraction(1): return trainBatches.map { .batches(max($0, 1)) } ?? .atEnd
    case .fraction(let fraction):
      guard let trainBatches else {
        throw .configuration(
          key: "val_check_interval", found: "\(fraction)",
          expected: "1.0 or a count of batches, since the loader does not know its length")
      }
      return .batches(max(1, Int(Double(trainBatches) * fraction)))
    case .count(let count):
      if let trainBatches, !countsAcrossEpochs, count > max(trainBatches, 1) {
        throw .configuration(
          key: "val_check_interval", found: "\(count)",
          expected:
            "1 to \(trainBatches), the training batches of an epoch; more, counted across epochs, "
            + "with check_val_every_n_epoch: null")
      }
      return .batches(count)
    }
  }
}

extension ValidationInterval: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A count of batches.
  public init(integerLiteral value: Int) { self = .count(value) }
  /// A fraction of the epoch.
  public init(floatLiteral value: Double) { self = .fraction(value) }
}

/// A length of time, in YAML `DD:HH:MM:SS`, as Lightning writes it.
public struct TimeLimit: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The seconds in it.
  public let seconds: Double

  /// A length of time.
  public init(days: Int = 0, hours: Int = 0, minutes: Int = 0, seconds: Double = 0) {
    self.seconds = Double(((days * 24 + hours) * 60 + minutes) * 60) + seconds
  }

  /// nil unless the text is `DD:HH:MM:SS`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 4, parts.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else { return nil }
    let numbers = parts.compactMap { $0 }
    self.init(
      days: numbers[0], hours: numbers[1], minutes: numbers[2], seconds: Double(numbers[3]))
  }

  /// Decodes `DD:HH:MM:SS`.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = TimeLimit(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "found '\(text)'; expected a time as DD:HH:MM:SS, such as 00:12:00:00"))
    }
    self = time
  }

  /// Encodes the value as it is written.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// `DD:HH:MM:SS`.
  public var description: String {
    let whole = Int(seconds.rounded())
    return [whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60]
      .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}
