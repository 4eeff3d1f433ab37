/// A class that a config can choose by name: its arguments, and how an object of it is made.
///
/// Arguments are a ``HyperparameterSet``, so each has a type, a default, a rule and a line of help.
public struct ClassEntry: Sendable {
  /// What it is for: the name of the type that its objects have in common with others, such as `Loss`.
  public let base: String
  /// Its name, such as `BCELoss`.
  public let name: String
  /// The name in printed configs: Python's dotted one, such as `torch.nn.BCELoss`, if there is a counterpart.
  public let path: String
  /// What it does, in a line.
  public let about: String
  /// Further names.
  let aliases: [String]
  /// Arguments that must be given.
  package let required: Set<String>
  /// A sentence about each argument.
  package let help: [String: String]
  /// Python's arguments without a counterpart, each with the values that ask for what Levin does anyway; nil: any.
  private let ignored: [String: [ConfigValue]?]
  private let makeSchema: @Sendable () -> ConfigSchema
  private let check: @Sendable (ConfigValue) throws -> Void
  private let build: @Sendable (ConfigValue) throws -> Any

  /// - Parameters:
  ///   - names: Python's names of arguments, by Levin's.
  ///   - required: Arguments that must be given, by the names that configs have.
  ///   - ignored: Python's arguments without a counterpart, each with the values that ask for what Levin does anyway;
  ///     nil: any.
  ///   - rule: Throws ``ConfigError`` for what the options' own rules do not know.
  public init<Options: HyperparameterSet>(
    base: String, name: String, path: String? = nil, aliases: [String] = [], about: String = "",
    options: Options.Type, names: [String: String] = [:], required: Set<String> = [],
    ignored: [String: [ConfigValue]?] = [:],
    rule: @escaping @Sendable (Options) throws -> Void = { _ in },
    make: @escaping @Sendable (Options) throws -> Any
  ) {
    (self.base, self.name, self.path) = (base, name, path ?? name)
    (self.aliases, self.about, self.required, self.ignored) = (aliases, about, required, ignored)
    help = Dictionary(
      uniqueKeysWithValues: Options.help.map { (names[$0.key] ?? $0.key, $0.value) })
    makeSchema = { ConfigSchema(of: Options.self).renamed(names) }
    let own = Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })
    @Sendable func options(_ arguments: ConfigValue) throws -> Options {
      let members = arguments.members.map {
        ConfigValue.Member(own[$0.key] ?? $0.key, $0.value)
      }
      let schema = ConfigSchema(of: Options.self)
      let options = try Options(decoding: schema.merging(schema.defaults, .object(members)))
      do {
        try options.validate()
        try rule(options)
      } catch let error as ConfigError {
        guard let key = error.key, let name = names[key], error.description.hasPrefix(key) else {
          throw error
        }
        throw ConfigError(name + error.description.dropFirst(key.count), key: name)
      }
      return options
    }
    check = { _ = try options($0) }
    build = { try make(try options($0)) }
  }

  /// The names, types and defaults of the arguments.
  package var schema: ConfigSchema { makeSchema() }

  /// Throws the first broken rule.
  package func validate(_ arguments: ConfigValue) throws { try check(arguments) }

  /// An object with arguments, of which those that are not given have their defaults.
  package func make(_ arguments: ConfigValue) throws -> Any { try build(arguments) }

  /// Of another class's arguments, those that this class has, too.
  func keeping(_ arguments: ConfigValue) -> ConfigValue {
    guard !arguments.members.isEmpty else { return arguments }
    let schema = schema
    return .object(
      arguments.members.filter { member in
        switch schema.field(member.key)?.schema {
        case .leaf(let leaf): leaf.fitting(member.value) != nil
        case .group, .instance: true
        case nil: false
        }
      })
  }

  func ignores(_ argument: String, _ value: ConfigValue) -> Bool {
    guard let values = ignored[argument] else { return false }
    return values?.contains { $0.isSame(as: value) } ?? true
  }

  /// Whether a name means this class: its own, or a dotted one in Python's package of it.
  func isNamed(_ wanted: String) -> Bool {
    let old = "pytorch_lightning."
    let wanted = wanted.hasPrefix(old) ? "lightning.pytorch." + wanted.dropFirst(old.count) : wanted
    let names = [name, path] + aliases
    if names.contains(wanted) { return true }
    guard let dot = wanted.lastIndex(of: ".") else { return false }
    let last = String(wanted[wanted.index(after: dot)...])
    guard names.contains(where: { $0 == last || $0.hasSuffix("." + last) }) else { return false }
    // A class of the program's own may have any module before its name.
    guard let end = path.lastIndex(of: ".") else { return true }
    return wanted.hasPrefix(path[...end])
  }
}

extension ConfigSchema {
  fileprivate func renamed(_ names: [String: String]) -> ConfigSchema {
    guard case .group(let fields) = self, !names.isEmpty else { return self }
    return .group(fields.map { .init(name: names[$0.name] ?? $0.name, schema: $0.schema) })
  }
}
