/// One setting that is not the same in all runs.
struct SettingsDiff: Sendable {
  var name: String
  /// One for each run; nil where the run does not have it.
  var values: [String?]
  /// Paths, hosts and times differ without the runs being different.
  var counts: Bool

  /// The settings that differ, in the order of their first appearance.
  static func all(_ settings: [FlatSettings], counts: Bool = true) -> [SettingsDiff] {
    var names: [String] = []
    for entry in settings.flatMap(\.entries) where !names.contains(entry.name) {
      names.append(entry.name)
    }
    return names.compactMap { name in
      let values = settings.map { $0[name] }
      let first = values[0]
      let isSame = values.allSatisfy { value in
        guard let value, let first else { return (value == nil) == (first == nil) }
        return FlatSettings.isSame(value, first)
      }
      guard !isSame else { return nil }
      return SettingsDiff(
        name: name, values: values, counts: counts && !isPlace(name, values.compactMap { $0 }))
    }
  }

  /// Whether a setting says where something is, or on which machine, by its name or its values.
  private static func isPlace(_ name: String, _ values: [String]) -> Bool {
    let last = (name.split(separator: ".").last ?? "").lowercased()
    let words: Set = ["dir", "directory", "path", "root", "folder", "host", "hostname"]
    if words.contains(last.split(separator: "_").last.map(String.init) ?? "") { return true }
    let beginnings = ["/", "./", "../", "~/"]
    return values.allSatisfy { value in beginnings.contains { value.hasPrefix($0) } }
  }
}
