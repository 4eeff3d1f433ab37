internal import LevinSystem

/// The children of a container, in order, with names; reflection does not treat it as a module.
final class Children<Element: Module> {
  private(set) var entries: [(name: String, module: Element)] = []
  /// The container's type, for messages.
  private let owner: String

  init(of owner: String, _ modules: [Element]) {
    self.owner = owner
    for module in modules { append(module) }
  }

  init(of owner: String, named modules: some Sequence<(String, Element)>) {
    self.owner = owner
    for (name, module) in modules { append(module, named: name) }
  }

  var members: [(name: String, value: Any)] { entries.map { ($0.name, $0.module) } }
  var modules: [Element] { entries.map(\.module) }

  subscript(index: Int) -> Element {
    get { entries[place(index, end: entries.count)].module }
    set { entries[place(index, end: entries.count)].module = newValue }
  }

  func index(of name: String) -> Int? { entries.firstIndex { $0.name == name } }

  subscript(name: String) -> Element? {
    get { index(of: name).map { entries[$0].module } }
    set {
      switch (index(of: name), newValue) {
      case (let index?, let module?): entries[index].module = module
      case (let index?, nil): entries.remove(at: index)
      case (nil, let module?): append(module, named: name)
      case (nil, nil): break
      }
    }
  }

  func append(_ module: Element, named name: String? = nil) {
    let name = name ?? "\(entries.count)"
    guard !name.isEmpty, !name.contains("."), index(of: name) == nil else {
      fail(
        owner, "a child named \"\(name)\"", expected: "a name without a dot that no other child has"
      )
    }
    entries.append((name, module))
  }

  func insert(_ module: Element, at index: Int) {
    let place = place(index, end: entries.count + 1)
    entries.insert(("\(place)", module), at: place)
    renumber()
  }

  func remove(at index: Int) -> Element {
    let removed = entries.remove(at: place(index, end: entries.count)).module
    renumber()
    return removed
  }

  /// The children in `range`, which keep their names.
  func slice(_ range: some RangeExpression<Int>) -> Children {
    let range = range.relative(to: entries.indices)
    guard range.lowerBound >= 0, range.upperBound <= entries.count else {
      fail(owner, "children \(range)", expected: "a part of 0..<\(entries.count)")
    }
    return Children(of: owner, named: entries[range].map { ($0.name, $0.module) })
  }

  /// Renames children whose names are numbers to their indices.
  private func renumber() {
    for index in entries.indices where Int(entries[index].name) != nil {
      entries[index].name = "\(index)"
    }
  }

  /// Negative indices count from the end.
  private func place(_ index: Int, end: Int) -> Int {
    let place = index < 0 ? index + end : index
    guard 0..<end ~= place else {
      fail(owner, "child \(index)", expected: "a place in \(-end)..<\(end)")
    }
    return place
  }
}
