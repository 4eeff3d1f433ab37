internal import LevinSystem
internal import LevinTensor

/// The modules, parameters and buffers among an object's stored properties, with the names that PyTorch would give them.
///
/// Optionals, arrays, dictionaries, tuples, structs and enums are searched; other objects are not.
struct StoredProperties {
  private(set) var members: [(name: String, value: Any)] = []
  private let owner: AnyObject

  /// Traps if a lazy property that would hold modules or parameters has not been built: they could not be found,
  /// trained or saved.
  init(of object: AnyObject) {
    owner = object
    var mirrors: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: object)
    while let current = mirror {
      mirrors.append(current)
      mirror = current.superclassMirror
    }
    for child in mirrors.reversed().flatMap(\.children) {
      if let label = child.label { collectProperty(label, child.value) }
    }
  }

  private static let lazyPrefix = "$__lazy_storage_$_"

  /// `lazy var x` is stored as `$__lazy_storage_$_x`, a wrapped one as `_x`.
  private mutating func collectProperty(_ label: String, _ value: Any) {
    if label.hasPrefix(Self.lazyPrefix) {
      let name = String(label.dropFirst(Self.lazyPrefix.count))
      let storage = Mirror(reflecting: value)
      if storage.children.isEmpty, HeldType.holdsMembers(type(of: value)) { refuseUnbuilt(name) }
      collect(value, name)
      return
    }
    let mirror = Mirror(reflecting: value)
    guard label.hasPrefix("_"), mirror.displayStyle == .struct else {
      collect(value, label)
      return
    }
    let name = String(label.dropFirst())
    if mirror.children.count == 1, let wrapped = mirror.children.first {
      collect(wrapped.value, name)
    } else {
      collect(value, name)
    }
  }

  private static func isMember(_ value: Any) -> Bool {
    // With Foundation loaded, a cast of another value to a class may bridge it, element by element.
    guard Swift.type(of: value) is AnyClass else { return false }
    return value is Module || value is Parameter || value is Buffer
  }

  /// Collects what `value` holds under `name`, and returns whether it holds anything.
  @discardableResult
  private mutating func collect(_ value: Any, _ name: String, depth: Int = 0) -> Bool {
    if Self.isMember(value) {
      if let origin = (value as? Parameter)?.origin as? Module {
        members.append(("parametrizations.\(name)", origin))
      } else {
        members.append((name, value))
      }
      return true
    }
    // Deeper nesting is data, not a model.
    guard depth < 8 else { return false }
    let count = members.count
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let wrapped = mirror.children.first { collect(wrapped.value, name, depth: depth + 1) }
    case .collection:
      for (index, element) in mirror.children.enumerated() {
        let isFound = collect(element.value, "\(name).\(index)", depth: depth + 1)
        // Arrays of data may be long: if the elements have one type that cannot hold a module, the rest are skipped.
        if !isFound, HeldType.elementsAreAlike(value, element.value) { break }
      }
    case .dictionary: collectDictionary(value, mirror, name, depth: depth)
    case .set:
      if let first = mirror.children.first, Self.isMember(first.value) {
        fail(
          "\(type(of: owner)).\(name)", "a set of layers",
          expected: "layers with an order or names",
          hint: "keep them in an array or a dictionary")
      }
    case .tuple, .struct, .enum:
      for child in mirror.children {
        guard let label = child.label else { continue }
        // An unlabeled element of a tuple is called `.0`.
        let part = label.hasPrefix(".") ? String(label.dropFirst()) : label
        collect(child.value, "\(name).\(part)", depth: depth + 1)
      }
    default: break
    }
    return members.count > count
  }

  /// A dictionary has no order: its members are sorted by key, numbers by value.
  private mutating func collectDictionary(
    _ dictionary: Any, _ mirror: Mirror, _ name: String, depth: Int
  ) {
    var entries: [(key: String, value: Any)] = []
    for child in mirror.children {
      guard let (key, value) = child.value as? (key: AnyHashable, value: Any) else { return }
      if entries.isEmpty, HeldType.elementsAreAlike(dictionary, value) {
        var probe = self
        guard probe.collect(value, name, depth: depth + 1) else { return }
      }
      entries.append(("\(key.base)", value))
    }
    entries.sort { a, b in
      if let x = Int(a.key), let y = Int(b.key) { return x < y }
      return a.key < b.key
    }
    for entry in entries {
      collect(entry.value, "\(name).\(entry.key)", depth: depth + 1)
    }
  }

  private func refuseUnbuilt(_ name: String) -> Never {
    fail(
      "\(type(of: owner)).\(name)", "a lazy property that is not built yet",
      expected: "its layers and parameters, to train and to save them",
      hint:
        "declare it with let, or build it with _ = \(name) at the end of init or in configureModel()"
    )
  }
}
