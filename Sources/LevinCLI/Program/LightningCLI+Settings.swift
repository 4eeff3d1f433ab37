public import LevinConfiguration
public import LevinTrainer

extension LightningCLI {
  /// What a program adds to its command line.
  struct Settings {
    var commands: [Command] = []
    var groups: [OptionTree.Group] = []
    var callbacks: [() throws -> [Callback]] = []
    var loggers: [() throws -> [any Logger]] = []
    var defaults: [String] = []
    var links: [Link] = []
    var linksOfData: [(target: String, value: (Data) throws -> ConfigValue)] = []
    var checks: [(inout ParsedOptions) -> Void] = []
    var beforeInstantiation: [(ConfigValue) throws -> Void] = []
    var before: [(Stage, (Objects) async throws -> Void)] = []
    var after: [(Stage, (Objects) async throws -> Void)] = []
  }

  /// A command of the program's own.
  struct Command {
    let name: String
    let about: String
    let run: ([String]) async -> Void
  }

  /// A value that is computed from others when the options are read.
  struct Link {
    let sources: [String]
    let target: String
    let compute: ([ConfigValue]) throws -> ConfigValue
  }

  private func changing(_ change: (inout Settings) -> Void) -> LightningCLI {
    var changed = self
    change(&changed.settings)
    return changed
  }

  // MARK: Commands

  /// A command of the program's own, such as `miniature` of `chexpert`, which draws data.
  ///
  /// - Parameters:
  ///   - about: What it does, in a line of the program's `--help`.
  ///   - run: Gets the arguments behind the name; `--help` is one that it should answer.
  public func command(
    _ name: String, about: String, run: @escaping ([String]) async -> Void
  ) -> LightningCLI {
    changing { $0.commands.append(Command(name: name, about: about, run: run)) }
  }

  // MARK: Defaults

  /// Defaults in YAML, which files, the environment and options override.
  ///
  ///     .defaults("optimizer: {class_path: SGD, init_args: {lr: 0.1}}")
  public func defaults(_ yaml: String) -> LightningCLI { changing { $0.defaults.append(yaml) } }

  /// Callbacks that the trainer always has, besides those of `--trainer.callbacks`.
  public func callbacks(
    _ make: @autoclosure @escaping () throws -> [Callback]
  ) -> LightningCLI { changing { $0.callbacks.append(make) } }

  /// Loggers that the trainer has unless `--trainer.logger` chooses others, or none.
  public func loggers(
    _ make: @autoclosure @escaping () throws -> [any Logger]
  ) -> LightningCLI { changing { $0.loggers.append(make) } }

  // MARK: Arguments

  /// One more option, such as `--notify`; ``Objects/configuration`` has its value.
  public func argument<Value: Codable & Sendable>(
    _ name: String, default value: Value, help: String = ""
  ) -> LightningCLI {
    changing {
      $0.groups.append(.init(name: name, schema: ConfigSchema(value: value), about: help))
    }
  }

  /// A group of options, such as `--report.format`; ``Objects/values(_:of:)`` returns their values.
  public func arguments<Values: HyperparameterSet>(
    _ name: String, _ type: Values.Type, help: String = ""
  ) -> LightningCLI {
    changing {
      $0.groups.append(
        .init(name: name, schema: ConfigSchema(of: type), help: Values.help, about: help))
      $0.checks.append { parsed in _ = parsed.values(type, of: name) }
    }
  }

  // MARK: Links

  /// Takes one option's value from another; it can no longer be set itself.
  ///
  ///     .link("data.batch_size", to: "model.batch_size")
  ///     .link("data.tasks", to: "model.class_count") { .integer($0.items.count) }
  public func link(
    _ source: String, to target: String,
    _ compute: @escaping (ConfigValue) throws -> ConfigValue = { $0 }
  ) -> LightningCLI { link([source], to: target) { try compute($0[0]) } }

  /// Computes an option's value from several others.
  public func link(
    _ sources: [String], to target: String,
    _ compute: @escaping ([ConfigValue]) throws -> ConfigValue
  ) -> LightningCLI {
    changing { $0.links.append(Link(sources: sources, target: target, compute: compute)) }
  }

  /// Takes an option of the model from the data module, after it is made (Lightning's `apply_on="instantiate"`).
  ///
  ///     .link({ $0.classCount }, to: "model.class_count")
  public func link<Value: Codable>(
    _ value: @escaping (Data) throws -> Value, to target: String
  ) -> LightningCLI {
    changing {
      $0.linksOfData.append((target, { ConfigSchema(value: try value($0)).defaults }))
    }
  }

  // MARK: Hooks

  /// Runs `body` with the whole configuration before anything is made of it.
  public func beforeInstantiation(
    _ body: @escaping (ConfigValue) throws -> Void
  ) -> LightningCLI { changing { $0.beforeInstantiation.append(body) } }

  /// Runs `body` before a command (Lightning's `before_fit`).
  public func before(
    _ stage: Stage, _ body: @escaping (Objects) async throws -> Void
  ) -> LightningCLI { changing { $0.before.append((stage, body)) } }

  /// Runs `body` after a command that succeeded (Lightning's `after_fit`).
  public func after(
    _ stage: Stage, _ body: @escaping (Objects) async throws -> Void
  ) -> LightningCLI { changing { $0.after.append((stage, body)) } }
}

extension LightningCLI {
  /// What the options make.
  public struct Objects {
    /// The trainer, with its callbacks and loggers.
    public let trainer: Trainer
    /// The model.
    public let model: Model
    /// The data; nil if the model has its own.
    public let data: Data?
    /// All options, defaults included.
    public let configuration: ConfigValue
    /// The path that `--ckpt_path` gives.
    public let checkpointPath: String?

    /// The values of a group that ``LightningCLI/arguments(_:_:help:)`` added.
    public func values<Values: HyperparameterSet>(
      _ type: Values.Type, of group: String
    ) throws -> Values { try Values(decoding: configuration[group] ?? .object([])) }
  }
}
