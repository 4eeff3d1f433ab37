internal import Synchronization

/// The classes that configs can choose by name.
///
///     ClassRegistry.add(.callback(Tally.Options.self) { Tally($0) })
public enum ClassRegistry {
  private static let entries = Mutex<[String: [ClassEntry]]>([:])

  /// Adds classes; one of a known name takes its place.
  public static func add(_ new: ClassEntry...) { add(new) }

  /// Adds classes; one of a known name takes its place.
  public static func add(_ new: [ClassEntry]) {
    change { entries in
      for entry in new {
        entries[entry.base, default: []].removeAll { $0.name == entry.name }
        entries[entry.base, default: []].append(entry)
      }
    }
  }

  /// Adds classes that those of the same name, added before or later, take the place of.
  package static func addDefaults(_ new: [ClassEntry]) {
    change { entries in
      for (base, group) in Dictionary(grouping: new, by: \.base) {
        let own = entries[base] ?? []
        entries[base] = group.filter { entry in !own.contains { $0.name == entry.name } } + own
      }
    }
  }

  private static func change(_ body: (inout [String: [ClassEntry]]) -> Void) {
    entries.withLock { body(&$0) }
    ConfigSchema.forgetKnown()
  }

  /// All classes with one base, in the order in which they were added.
  public static func all(_ base: String) -> [ClassEntry] { entries.withLock { $0[base] ?? [] } }

  /// The class that a name means; the last one that was added, if there are several.
  public static func find(_ name: String, base: String) -> ClassEntry? {
    all(base).last { $0.isNamed(name) }
  }

  /// The message about a name that means none.
  package static func unknown(_ name: String, base: String) -> String {
    let names = all(base).map(\.name)
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let nearest = all(base).first { $0.name == last }?.path ?? KeyName.nearest(to: last, in: names)
    let others = names.count > 12 ? names.prefix(12) + ["…"] : names[...]
    return "unknown class '\(name.shortened)'; "
      + (nearest.map { "did you mean \($0)?" }
        ?? (names.isEmpty
          ? "the program has none" : "expected one of \(others.joined(separator: ", "))"))
  }
}
