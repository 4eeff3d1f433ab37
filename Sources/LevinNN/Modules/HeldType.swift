internal import LevinTensor

/// What a container holds, as far as its static type tells.
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
  /// Whether values of `type` are modules or parameters, or optionals, arrays or dictionaries of them.
  static func holdsMembers(_ type: Any.Type) -> Bool {
    if type is Module.Type || type is Parameter.Type { return true }
    return (type as? any StaticContainer.Type).map { holdsMembers($0.heldType) } ?? false
  }

  /// Whether `element`, in which no module was found, tells that there is none in the rest of `collection`.
  static func elementsAreAlike(_ collection: Any, _ element: Any) -> Bool {
    guard let held = (Swift.type(of: collection) as? any StaticContainer.Type)?.heldType else {
      return false
    }
    // An element of another type than the static one stands for a protocol or a superclass, and the next may be a layer.
    return held == Swift.type(of: element) && !holdsMembers(held)
  }
}
