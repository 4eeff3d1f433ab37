extension TensorFile {
  /// Under these keys, programs keep the weights in a checkpoint, the most common first.
  private static let weightKeys = [
    "state_dict", "model_state_dict", "model", "module", "net", "weights",
  ]

  /// A file of `torch.save` with this content: its entries are the weights in it.
  init(path: String, format: Format, content: PickleValue) throws(TensorFileError) {
    var notices: [String] = []
    let entries: [Entry]
    if let tensor = content.entry("tensor") {
      entries = [tensor]
    } else if let found = try Self.tensors(content, &notices) {
      entries = found
    } else {
      var found: [Entry]?
      for key in Self.weightKeys where found == nil {
        if let below = content[key] { found = try Self.tensors(below, &notices) }
      }
      guard let found else { throw Self.noWeights(path, content) }
      entries = found
    }
    self.init(path: path, format: format, entries: entries)
    self.content = content
    self.notices = notices
  }

  /// The tensors of a state dictionary, of a list of tensors, or of a whole module; nil if it is none of these.
  private static func tensors(
    _ value: PickleValue, _ notices: inout [String]
  ) throws(TensorFileError) -> [Entry]? {
    if let pairs = value.pairs {
      guard !pairs.isEmpty else { return nil }
      var entries: [Entry] = []
      for (key, value) in pairs {
        guard let name = key.text, let entry = value.entry(name) else { return nil }
        entries.append(entry)
      }
      return entries
    }
    if let elements = value.elements, !elements.isEmpty {
      let entries = elements.enumerated().compactMap { $0.element.entry(String($0.offset)) }
      return entries.count == elements.count ? entries : nil
    }
    return try WholeModule(value)?.entries(&notices)
  }

  private static func noWeights(_ path: String, _ content: PickleValue) -> TensorFileError {
    let expected =
      "expected a dictionary of tensors, at the top or under one of "
      + weightKeys.map { "'\($0)'" }.joined(separator: ", ")
    switch content.kind {
    case .dictionary:
      let pairs = content.pairs ?? []
      let keys = pairs.prefix(20).map { "\($0.key)" }.joined(separator: ", ")
      let calls = pairs.lazy.compactMap { $0.value.kind == .opaque ? $0.value.typeName : nil }.first
      return TensorFileError(
        path,
        "the file has no weights: its dictionary has the keys \(keys)"
          + (pairs.count > 20 ? ", …" : "") + "; \(expected)",
        advice: calls.map { "A value asks Python to call \($0); Levin runs nothing" })
    case .opaque:
      return TensorFileError(
        path, "the file asks Python to call \(content.typeName ?? "something")",
        advice: "Levin runs nothing, and this file is not to be opened in Python")
    default: return TensorFileError(path, "the file has no weights; \(expected)")
    }
  }
}

/// A module that was saved whole, `torch.save(model, …)`: its attributes say which tensors it has.
private struct WholeModule {
  private static let depthLimit = 64
  private let value: PickleValue
  private let attributes: PickleTree.Dictionary

  init?(_ value: PickleValue) {
    guard case .opaque(let opaque) = value.node, case .node(let state)? = opaque.state,
      case .dictionary(let attributes) = value.tree.nodes[state],
      attributes[.text("_modules")] != nil
    else { return nil }
    (self.value, self.attributes) = (value, attributes)
  }

  /// The tensors under the names that `state_dict()` gives them.
  func entries(_ notices: inout [String]) throws(TensorFileError) -> [TensorFile.Entry] {
    var entries: [TensorFile.Entry] = []
    var budget = 1 << 20
    try collect("", 0, &entries, &budget)
    notices.append(
      "The file is a whole module of the class \(value.typeName ?? "?"); its weights were read, and "
        + "its code was not run.")
    return entries
  }

  private func collect(
    _ prefix: String, _ depth: Int, _ entries: inout [TensorFile.Entry], _ budget: inout Int
  ) throws(TensorFileError) {
    budget -= 1
    guard depth <= Self.depthLimit, budget > 0 else {
      throw TensorFileError(
        value.path, "more than \(1 << 20) modules, or more than \(Self.depthLimit) in one another")
    }
    func members(_ name: String) -> [(key: PickleValue, value: PickleValue)] {
      attributes[.text(name)].flatMap { value.sub($0).pairs } ?? []
    }
    let hidden = Set(
      (attributes[.text("_non_persistent_buffers_set")].flatMap { value.sub($0).elements } ?? [])
        .compactMap(\.text))
    for (key, member) in members("_parameters")
      + members("_buffers").filter({
        !hidden.contains($0.key.text ?? "")
      })
    {
      guard let name = key.text, let entry = member.entry(prefix + name) else { continue }
      entries.append(entry)
      budget -= 1
    }
    for (key, member) in members("_modules") {
      guard let name = key.text, let module = WholeModule(member) else { continue }
      try module.collect(prefix + name + ".", depth + 1, &entries, &budget)
    }
  }
}
