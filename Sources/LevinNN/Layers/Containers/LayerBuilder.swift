/// Builds a list of layers from the lines of a closure, with `if`, `switch` and `for`: see ``Sequential``.
@resultBuilder public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  /// Several layers.
  public static func buildExpression(_ layers: [Layer]) -> [Layer] { layers }
  /// Layers one after another.
  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  /// The layers of an `if` without `else`.
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  /// The first branch.
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  /// The other branch.
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
  /// The layers of a `for` loop.
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
}
