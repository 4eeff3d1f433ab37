/// A hyperparameter as TensorBoard's HParams plugin knows it.
public enum HyperparameterValue: Sendable, Hashable {
  case number(Double)
  case string(String)
  case bool(Bool)
}

/// What the HParams plugin stores in a run's event files.
public struct LoggedHyperparameters: Sendable, Hashable {
  /// How a session ended, as its end event says.
  public enum Status: Int, Sendable { case unknown, success, failure, running }

  /// In the order of the event.
  public var values: [(name: String, value: HyperparameterValue)] = []
  /// Sessions of one name are shown as one.
  public var groupName = ""
  /// Seconds since 1970; nil where not said.
  public var start: Double?
  /// Seconds since 1970; nil where not said.
  public var end: Double?
  /// Nil where the session's end was not written.
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
