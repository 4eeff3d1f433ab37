/// A key of Lightning's command line that Levin does not have.
///
/// A value that asks for what Levin does anyway, usually Lightning's default, is ignored with a note. Any other is
/// an error that says what to do instead.
struct LightningKey {
  let path: String
  /// The values that ask for nothing new, as texts.
  let nothingNew: [String]
  /// What to do instead.
  let advice: String

  init(_ path: String, _ nothingNew: [String], _ advice: String) {
    (self.path, self.nothingNew, self.advice) = (path, nothingNew, advice)
  }

  func isNothingNew(_ value: String) -> Bool {
    let value = value.lowercased()
    return nothingNew.contains(["", "~", "none"].contains(value) ? "null" : value)
  }

  /// The key that an option names: in full, without its group, or by something below it.
  static func named(_ option: String) -> LightningKey? {
    let name = String(option.prefix { $0 != "+" })
    return all.first { key in
      [name, "trainer.\(name)"].contains { $0 == key.path || $0.hasPrefix(key.path + ".") }
    }
  }

  /// What a word means that Lightning has for a number.
  static func meaning(of text: String, for key: String) -> String {
    switch (key, text.lowercased()) {
    case ("trainer.fast_dev_run", "true"): "1"
    case ("trainer.fast_dev_run", "false"): "0"
    // Lightning, too, takes 0 where no seed is named.
    case ("seed_everything", "true"): "0"
    case ("seed_everything", "false"): "null"
    default: text
    }
  }

  /// `model` or `data` for a key that would choose its class.
  static func classGroup(of key: String) -> String? {
    ["model", "data"].first { group in
      key == group
        || ["class_path", "init_args"].contains { "\(key).".hasPrefix("\(group).\($0).") }
    }
  }

  static func classAdvice(_ group: String, _ type: String?) -> String {
    "the program has its \(group) built in\(type.map { ", \($0)" } ?? ""); leave class_path out and write what is "
      + "under init_args directly under \(group)"
  }

  static let logger = LightningKey(
    "trainer.logger", [],
    "true writes a run for TensorBoard, and false none; a logger of another class is given in Swift: "
      + "Trainer(configuration, logger: …)")
}
