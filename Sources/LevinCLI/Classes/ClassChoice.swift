public import LevinConfiguration

/// An object that a config chooses: its class and its arguments, as a hyperparameter of a module or a data module.
///
///     struct Hyperparameters: HyperparameterSet {
///       var criterion: ClassChoice<Loss> = "BCELoss"
///     }
///     let criterion = try! hyperparameters.criterion.make()
///
/// In YAML it is `criterion: {class_path: torch.nn.BCELoss, init_args: {reduction: sum}}`, on the command line
/// `--model.criterion BCELoss --model.criterion.reduction sum`. The classes are those of ``ClassRegistry``.
public struct ClassChoice<Base>: ConfigInstance, Sendable, Hashable {
  /// The class, such as `BCELoss` or `torch.nn.BCELoss`.
  public let classPath: String
  /// The arguments by name; those that are left out have their defaults.
  public let arguments: ConfigValue

  /// A class, with arguments.
  public init(_ classPath: String, _ arguments: ConfigValue = .object([])) {
    (self.classPath, self.arguments) = (classPath, arguments)
  }

  /// The name under which the classes are registered.
  package static var base: String {
    BuiltInClasses.register()
    return ClassEntry.base(of: Base.self)
  }

  /// The class under the name that configs print, and the arguments.
  package var configValue: ConfigValue {
    let entry = ClassRegistry.find(classPath, base: Self.base)
    return .instance(entry?.path ?? classPath, arguments)
  }

  /// Makes the object.
  ///
  /// Throws ``ConfigError`` if there is no such class, or if an argument is unknown or out of range. What the command line
  /// or a file has set was checked before.
  public func make() throws -> Base {
    guard let entry = ClassRegistry.find(classPath, base: Self.base) else {
      throw ConfigError(ClassRegistry.unknown(classPath, base: Self.base))
    }
    guard let object = try entry.make(arguments) as? Base else {
      throw ConfigError("\(classPath): found \(entry.name); expected \(Self.base)")
    }
    return object
  }

  private enum CodingKeys: String, CodingKey { case classPath, initArgs }

  /// Reads a class and arguments.
  public init(from decoder: any Decoder) throws {
    if let value = ConfigValue(readBy: decoder) {
      if case .string(let name) = value {
        self.init(name)
      } else {
        self.init(value.classPath ?? "", value.initArgs)
      }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let arguments = try container.decode(String.self, forKey: .initArgs)
    self.init(
      try container.decode(String.self, forKey: .classPath),
      try ConfigValue(yaml: arguments, file: "init_args"))
  }

  /// Writes the class, and the arguments as YAML.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classPath, forKey: .classPath)
    try container.encode(try arguments.yaml(), forKey: .initArgs)
  }
}

extension ClassChoice: ExpressibleByStringLiteral {
  /// A class with its default arguments.
  public init(stringLiteral value: String) { self.init(value) }
}
