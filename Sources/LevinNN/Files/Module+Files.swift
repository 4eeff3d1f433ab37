internal import LevinFormats
internal import LevinTensor

extension Module {
  /// Loads the weights of a file into this module: safetensors, also of several files with an index, `torch.save` and
  /// Lightning's checkpoints, `.npz`.
  ///
  ///     try model.loadWeights(from: "resnet18.pth")
  ///     try encoder.loadWeights(from: "model.ckpt", prefix: "encoder.")
  ///
  /// What a training of Levin's saved beside the weights is passed over. A name of a tied parameter that this module
  /// does not have is not unexpected, and counters of batches that old files lack keep their values. Throws
  /// ``StateError`` and changes nothing if names or shapes do not match, and errors of the file.
  ///
  /// - Parameters:
  ///   - strict: Whether every name must match; otherwise those that do are loaded.
  ///   - prefix: What names must begin with to be loaded; it is removed.
  ///   - renaming: Gives the name in this module for one in the file (without `prefix`), or nil to pass over it.
  @discardableResult
  public func loadWeights(
    from path: String, strict: Bool = true, prefix: String = "",
    renaming: (String) -> String? = { $0 }
  ) throws -> LoadReport {
    let file = try TensorFile(path: path)
    let own = stateDictionary
    var entries: [String: TensorFile.Entry] = [:]
    for entry in file.entries where !entry.name.hasPrefix("levin.") {
      guard entry.name.hasPrefix(prefix),
        let name = renaming(String(entry.name.dropFirst(prefix.count)))
      else { continue }
      entries[name] = entry
    }
    var notices = file.notices
    if let wrapper = Self.wrapper(around: entries.keys, own.map(\.name)) {
      entries = Dictionary(
        entries.map { (wrapper.removed(from: $0.key), $0.value) }, uniquingKeysWith: { $1 })
      notices.append("The names in the file lost '\(wrapper.text)', which \(wrapper.origin) adds.")
    }
    let names = Set(own.map(\.name))
    let known = entries.filter { names.contains($0.key) }.map(\.value)
    let state = try entries.filter { name, entry in
      names.contains(name) || !known.contains { $0.isTied(to: entry) }
    }.mapValues { try Tensor($0) }
    let kept = own.filter { $0.name.hasSuffix("num_batches_tracked") && state[$0.name] == nil }
    let unmatched = try loadState(
      state.merging(kept.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 }), strict: strict)
    return LoadReport(unmatched: unmatched, notices: notices)
  }

  /// Writes the parameters and persistent buffers to a file in the format that the end of its name says
  /// (``save(_:to:)``).
  public func saveWeights(to path: String) throws { try save(stateDictionary, to: path) }

  /// What a wrapper of PyTorch's adds to every name; nil unless no name fits with it, and all fit without.
  private static func wrapper(
    around found: some Collection<String>, _ own: [String]
  ) -> NameWrapper? {
    let own = Set(own)
    guard !found.isEmpty, !found.contains(where: own.contains) else { return nil }
    return NameWrapper.all.first { wrapper in
      found.allSatisfy { own.contains(wrapper.removed(from: $0)) }
    }
  }
}

/// What loading a file did.
public struct LoadReport: Sendable {
  /// The names that the file and the module do not share; none after a strict loading.
  public let unmatched: UnmatchedNames
  /// What was done or ignored on the way, one sentence each.
  public let notices: [String]
}

/// A part of names that a wrapper of PyTorch's adds.
private struct NameWrapper {
  let text: String
  let origin: String

  static let all = [
    NameWrapper(text: "module.", origin: "DataParallel"),
    NameWrapper(text: "_orig_mod.", origin: "torch.compile"),
  ]

  func removed(from name: String) -> String {
    // torch.compile may wrap any module on the way, DataParallel the whole model.
    if text == "module." {
      return name.hasPrefix(text) ? String(name.dropFirst(text.count)) : name
    }
    return name.replacing(text, with: "")
  }
}
