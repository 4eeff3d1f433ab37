internal import LevinConfiguration
internal import LevinNN
internal import LevinOptimizers
internal import LevinTrainer

/// Levin's own classes in ``ClassRegistry``, under their names and Python's.
enum BuiltInClasses {
  /// Adds them, once.
  static func register() { _ = registration }

  private static let registration: Void = ClassRegistry.addDefaults(
    optimizers + schedulers + callbacks + loggers + losses + transforms + metrics)

  /// A class with Python's name for it.
  static func entry<Base, Options: HyperparameterSet, Object>(
    _ base: Base.Type, _ options: Options.Type, path: String?, aliases: [String] = [],
    about: String, names: [String: String] = [:], required: Set<String> = [],
    ignored: [String: [ConfigValue]?] = [:],
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    let name = "\(Object.self)"
    return ClassEntry(
      base: ClassEntry.base(of: base), name: name, path: path.map { "\($0).\(name)" },
      aliases: aliases, about: about, options: options, names: names, required: required,
      ignored: ignored, make: make)
  }
}
