/// A key of Lightning's command line that Levin does not have.
///
/// A value that asks for what Levin does anyway, usually Lightning's default, is ignored with a note. Any other value
/// is an error that says what to do instead.
struct LightningKey {
  let path: String
  /// The values that ask for what Levin does anyway; nil: any.
  let matching: [String]?
  /// What to do instead.
  let advice: String

  init(_ path: String, _ matching: [String]?, _ advice: String) {
    (self.path, self.matching, self.advice) = (path, matching, advice)
  }

  func matches(_ value: String) -> Bool {
    guard let matching else { return true }
    let value = value.lowercased()
    return matching.contains(["", "~", "none"].contains(value) ? "null" : value)
  }

  /// The key that an option stands for: in full, without its group, or as the group of something below it.
  static func named(_ option: String) -> LightningKey? {
    let name = String(option.prefix { $0 != "+" })
    return all.first { key in
      [name, "trainer.\(name)"].contains { $0 == key.path || $0.hasPrefix(key.path + ".") }
    }
  }

  /// The value of a word that Lightning accepts in place of a number.
  static func meaning(of text: String, for key: String) -> String {
    switch (key, text.lowercased()) {
    case ("trainer.fast_dev_run", "true"): "1"
    case ("trainer.fast_dev_run", "false"): "0"
    // Lightning also uses 0 if no seed is given.
    case ("seed_everything", "true"): "0"
    case ("seed_everything", "false"): "null"
    default: text
    }
  }
}
