/// A hyperparameter of a type that TensorBoard's HParams plugin supports.
public enum HyperparameterValue: Sendable, Hashable {
  case number(Double)
  case string(String)
  case bool(Bool)
}

/// The data of the HParams plugin in a run's event files.
public struct LoggedHyperparameters: Sendable, Hashable {
  /// The status with which a session ended, according to its end event.
  public enum Status: Int, Sendable { case unknown, success, failure, running }

  /// The values in the order of the event.
  public var values: [(name: String, value: HyperparameterValue)] = []
  /// The group's name; sessions of one group are shown as one.
  public var groupName = ""
  /// When the session began, in seconds since 1970; nil if unknown.
  public var start: Double?
  /// When the session ended, in seconds since 1970; nil if unknown.
  public var end: Double?
  /// The status at the session's end; nil if its end was not written.
  public var status: Status?

  /// An empty value.
  public init() {}

  /// Compares all properties.
  public static func == (left: Self, right: Self) -> Bool {
    left.values.elementsEqual(right.values) { $0.name == $1.name && $0.value == $1.value }
      && left.groupName == right.groupName && left.start == right.start
      && left.end == right.end && left.status == right.status
  }

  /// Hashes the values.
  public func hash(into hasher: inout Hasher) {
    for (name, value) in values {
      hasher.combine(name)
      hasher.combine(value)
    }
    hasher.combine(groupName)
  }
}
