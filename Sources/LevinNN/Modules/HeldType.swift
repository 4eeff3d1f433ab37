internal import LevinTensor

/// A container with its static element type.
private protocol StaticContainer {
  static var heldType: Any.Type { get }
}
extension Optional: StaticContainer {
  static var heldType: Any.Type { Wrapped.self }
}
extension Array: StaticContainer {
  static var heldType: Any.Type { Element.self }
}
extension Dictionary: StaticContainer {
  static var heldType: Any.Type { Value.self }
}

enum HeldType {
  /// Whether values of `type` are modules, parameters or buffers, or optionals, arrays or dictionaries of them.
  static func holdsMembers(_ type: Any.Type) -> Bool {
    if type is Module.Type || type is Parameter.Type || type is Buffer.Type { return true }
    return (type as? any StaticContainer.Type).map { holdsMembers($0.heldType) } ?? false
  }

  /// Whether `element`, which contains no module, proves that the rest of `collection` contains none.
  static func elementsAreAlike(_ collection: Any, _ element: Any) -> Bool {
    guard let held = (Swift.type(of: collection) as? any StaticContainer.Type)?.heldType else {
      return false
    }
    // If the type of the element differs from the static type, that is a protocol or a superclass, and the next
    // element may be a layer.
    return held == Swift.type(of: element) && !holdsMembers(held)
  }
}
