/// What becomes of labels that are neither present nor absent when a model is trained (Irvin and others 2019, section 3.2).
public struct LabelPolicy: Sendable, Hashable {
  /// What uncertain labels become.
  public enum Uncertain: String, Sendable, Hashable, Codable, CaseIterable {
    /// They do not count (U-Ignore).
    case ignore
    /// 0 (U-Zeros).
    case zeros
    /// 1 (U-Ones).
    case ones
  }
  /// What blanks become.
  public enum Unmentioned: String, Sendable, Hashable, Codable, CaseIterable {
    /// 0, as in most publications.
    case zero
    /// They do not count.
    case ignore
  }

  /// The target of a label that does not count: losses, metrics and evaluations pass over it.
  public static let ignored: Float = -1

  /// What uncertain labels become.
  public var uncertain: Uncertain
  /// What they become for some findings instead.
  public var exceptions: [ChestFinding: Uncertain]
  /// What blanks become.
  public var unmentioned: Unmentioned

  /// Creates a policy; by default uncertain labels are 1, and blanks are 0.
  public init(
    uncertain: Uncertain = .ones, except exceptions: [ChestFinding: Uncertain] = [:],
    unmentioned: Unmentioned = .zero
  ) {
    self.uncertain = uncertain
    self.exceptions = exceptions
    self.unmentioned = unmentioned
  }

  /// The target of a label: 1, 0 or ``ignored``.
  public func target(_ label: ChestLabel, of finding: ChestFinding) -> Float {
    switch label {
    case .present: 1
    case .absent: 0
    case .unmentioned: unmentioned == .zero ? 0 : Self.ignored
    case .uncertain:
      switch exceptions[finding] ?? uncertain {
      case .ignore: Self.ignored
      case .zeros: 0
      case .ones: 1
      }
    }
  }
}
