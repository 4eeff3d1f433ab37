/// A setting that is not the same in all runs.
struct SettingsDiff: Sendable {
  var name: String
  /// The value in each run; nil if the run does not have it, or if nothing is known of its settings.
  var values: [String?]
  /// The values as JSON.
  var json: [JSONText]
  /// Whether the difference counts: paths, hosts and times may differ in equal runs.
  var counts: Bool

  /// The settings that differ, in the order of their first appearance.
  ///
  /// - Parameter settings: Those of each run; nil if nothing is known of them, which does not count as a difference.
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
        counts: counts && !isLocation(name, values.compactMap { $0 }))
    }
  }

  /// Whether a setting names a path or a machine, judging by its name or its values.
  private static func isLocation(_ name: String, _ values: [String]) -> Bool {
    let last = (name.split(separator: ".").last ?? "").lowercased()
    let words: Set = ["dir", "directory", "path", "root", "folder", "host", "hostname"]
    if words.contains(last.split(separator: "_").last.map(String.init) ?? "") { return true }
    let beginnings = ["/", "./", "../", "~/"]
    return values.allSatisfy { value in beginnings.contains { value.hasPrefix($0) } }
  }
}
