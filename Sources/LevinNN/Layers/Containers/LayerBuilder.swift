/// Makes a list of layers of the lines of a closure, with `if`, `switch` and `for`: see ``Sequential``.
@resultBuilder public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  /// Several layers.
  public static func buildExpression(_ layers: [Layer]) -> [Layer] { layers }
  /// One after the other.
  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  /// What an `if` without `else` holds.
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  /// The first branch.
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  /// The other branch.
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
  /// What a `for` gives.
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
}
