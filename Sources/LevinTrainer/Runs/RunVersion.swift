/// The name of a run's folder: `version_N`, or a name of one's own.
///
///     CSVLogger(version: 3)
///     CSVLogger(version: "baseline")
public enum RunVersion: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral
{
  /// The folder `version_N`.
  case number(Int)
  /// A folder with this name.
  case name(String)

  /// `version_N`.
  public init(integerLiteral number: Int) { self = .number(number) }
  /// A folder with this name.
  public init(stringLiteral name: String) { self = .name(name) }

  /// The name of the folder.
  var folder: String {
    switch self {
    case .number(let number): "version_\(number)"
    case .name(let name): name
    }
  }
}
