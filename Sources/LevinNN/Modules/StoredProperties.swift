internal import LevinTensor

/// The modules and parameters among an object's stored properties, with the names that PyTorch would give them.
struct StoredProperties {
  private(set) var members: [(name: String, value: Any)] = []

  init(of object: AnyObject) {
    var mirrors: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: object)
    while let current = mirror {
      mirrors.append(current)
      mirror = current.superclassMirror
    }
    for child in mirrors.reversed().flatMap(\.children) {
      if let label = child.label { collect(child.value, Self.name(ofStorage: label)) }
    }
  }

  /// `lazy var x` is stored as `$__lazy_storage_$_x`, a wrapped one as `_x`.
  private static func name(ofStorage label: String) -> String {
    for prefix in ["$__lazy_storage_$_", "_"] where label.hasPrefix(prefix) {
      return String(label.dropFirst(prefix.count))
    }
    return label
  }

  private mutating func collect(_ value: Any, _ name: String) {
    if value is Module || value is Parameter {
      members.append((name, value))
      return
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let wrapped = mirror.children.first { collect(wrapped.value, name) }
    case .collection:
      guard value is [Any] else { return }
      for (index, element) in mirror.children.enumerated() {
        guard element.value is Module || element.value is Parameter else { return }
        collect(element.value, "\(name).\(index)")
      }
    default: break
    }
  }
}
