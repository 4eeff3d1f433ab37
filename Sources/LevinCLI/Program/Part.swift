internal import LevinConfiguration
internal import LevinTrainer

/// The model or the data of a program: its options, and how it is made.
struct Part<Object> {
  /// Its options; the schema costs a millisecond, which programs that show no options do not pay.
  let group: () -> OptionTree.Group
  /// Returns what makes the object; nil if an option is wrong, which is then among the mistakes.
  let read: (inout ParsedOptions) -> (() throws -> Object)?
}

extension Part where Object: Configurable {
  /// An object of a type that is known.
  static func fixed(_ type: Object.Type, _ name: String) -> Part {
    Part(
      group: {
        .init(
          name: name, schema: ConfigSchema(of: Object.Hyperparameters.self),
          help: Object.Hyperparameters.help, type: "\(type)", about: "The \(name), \(type).")
      }
    ) { parsed in
      parsed.values(Object.Hyperparameters.self, of: name).map { values in { Object(values) } }
    }
  }
}

extension Part {
  /// An object of a class that options choose.
  static func chosen(_ entries: [ClassEntry], _ name: String) -> Part {
    let base = ClassEntry.base(of: Object.self)
    ClassRegistry.add(entries)
    return Part(
      group: {
        .init(
          name: name, schema: .instance(.init(base: base)),
          about: "The \(name), one of \(entries.map(\.name).joined(separator: ", ")).")
      }
    ) { parsed in
      guard let tree = parsed.tree[name], let path = tree.classPath,
        let entry = ClassRegistry.find(path, base: base)
      else {
        if !parsed.errors.contains(where: { $0.key?.hasPrefix(name) ?? false }) {
          let names = entries.map(\.name).joined(separator: ", ")
          parsed.fail(
            "\(name): found none; expected one of \(names), such as --\(name) \(entries[0].name)")
        }
        return nil
      }
      return {
        guard let object = try entry.make(tree.initArgs) as? Object else {
          throw ConfigError("\(name): found \(path); expected \(base)", key: name)
        }
        return object
      }
    }
  }
}
