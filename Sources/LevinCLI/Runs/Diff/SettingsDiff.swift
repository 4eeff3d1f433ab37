/// One setting that is not the same in all runs.
struct SettingsDiff: Sendable {
  var name: String
  /// One for each run; nil where the run does not have it, or nothing is known of its settings.
  var values: [String?]
  /// The same for programs.
  var json: [JSONText]
  /// Paths, hosts and times differ without the runs being different.
  var counts: Bool

  /// The settings that differ, in the order of their first appearance.
  ///
  /// - Parameter settings: one for each run; nil if nothing is known of them, which does not count as a difference.
  static func all(_ settings: [FlatSettings?], counts: Bool = true) -> [SettingsDiff] {
    let known = settings.compactMap { $0 }
    guard known.count > 1 else { return [] }
    return FlatSettings.names(known).compactMap { name in
      let first = known[0][name]
      let isSame = known.allSatisfy { settings in
        guard let value = settings[name], let first else {
          return (settings[name] == nil) == (first == nil)
        }
        return FlatSettings.isSame(value, first)
      }
      guard !isSame else { return nil }
      let values = settings.map { $0?[name] }
      return SettingsDiff(
        name: name, values: values, json: settings.map { $0?.json(name) ?? .null },
        counts: counts && !isPlace(name, values.compactMap { $0 }))
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
