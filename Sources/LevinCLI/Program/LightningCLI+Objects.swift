internal import LevinConfiguration
internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor
internal import LevinTrainer

extension LightningCLI {
  /// What makes the objects of a run; nothing of it was made yet.
  struct Plan {
    var parsed: ParsedOptions
    let trainer: TrainerConfiguration
    let model: () throws -> Model
    let data: (() throws -> Data)?
  }

  /// Reads all options; nil if one is wrong, with all mistakes in `parsed`.
  func plan(_ parsed: inout ParsedOptions) -> Plan? {
    parsed.shareRoot()
    parsed.takeHyperparametersOfCheckpoint()
    applyLinks(&parsed)
    parsed.complete()
    // Loggers of the program are those of `true`.
    let logger = parsed.tree["trainer"]?["logger"]
    let writes = ConfigValue.bool(logger != .bool(false) && logger != .array([]))
    let trainer = parsed.values(
      TrainerConfiguration.self, of: "trainer", replacing: ["logger": writes])
    let model = model.read(&parsed)
    let data = data?.read(&parsed)
    for check in settings.checks { check(&parsed) }
    let schedule = parsed.tree["lr_scheduler"]?.classPath
    if let schedule, parsed.tree["optimizer"]?.classPath == nil,
      !parsed.errors.contains(where: { $0.key?.hasPrefix("optimizer") ?? false })
    {
      parsed.add(
        ConfigError(
          "lr_scheduler: found \(schedule) without an optimizer; expected one, too, such as --optimizer Adam"
        ),
        "lr_scheduler")
    }
    guard parsed.errors.isEmpty, let trainer, let model, self.data == nil || data != nil else {
      return nil
    }
    return Plan(parsed: parsed, trainer: trainer, model: model, data: data)
  }

  private func applyLinks(_ parsed: inout ParsedOptions) {
    for link in settings.links {
      let values = link.sources.map { parsed.tree.leaf($0) ?? .null }
      do {
        set(link.target, to: try link.compute(values), on: &parsed)
      } catch {
        parsed.fail("\(link.target): \(error)", key: link.target)
      }
    }
  }

  /// Sets an option that is linked.
  private func set(_ name: String, to value: ConfigValue, on parsed: inout ParsedOptions) {
    var findings = ConfigFindings()
    let path = name.split(separator: ".").map(String.init)
    let changes = parsed.schema.setting(
      path[...], to: value.text, option: "--\(name)", over: parsed.tree, &findings)
    if let changes { parsed.tree = parsed.schema.merging(parsed.tree, changes) }
    parsed.errors += findings.errors
  }

  /// Makes the objects.
  func objects(_ plan: Plan) throws -> Objects {
    var parsed = plan.parsed
    for body in settings.beforeInstantiation { try body(parsed.tree) }
    let model: Model
    var data: Data?
    if settings.linksOfData.isEmpty {
      model = try plan.model()
      data = try plan.data?()
    } else {
      data = try plan.data?()
      for (target, value) in settings.linksOfData {
        if let data { set(target, to: try value(data), on: &parsed) }
      }
      let made = self.model.read(&parsed)
      guard parsed.errors.isEmpty, let made else {
        throw parsed.errors.first ?? ConfigError("the model's options are wrong")
      }
      model = try made()
    }
    let trainer = try trainer(plan.trainer, parsed)
    return Objects(
      trainer: trainer, model: model, data: data, configuration: parsed.tree,
      checkpointPath: parsed.checkpointPath)
  }

  private func trainer(
    _ configuration: TrainerConfiguration, _ parsed: ParsedOptions
  ) throws -> Trainer {
    let options = parsed.tree["trainer"]
    let callbacks: [Callback] = try options.made("callbacks")
    var loggers: [any Logger] = try options.made("logger")
    if loggers.isEmpty { loggers = try settings.loggers.flatMap { try $0() } }
    let trainer = Trainer(
      configuration, callbacks: try settings.callbacks.flatMap { try $0() } + callbacks,
      loggers: loggers)
    trainer.chosenOptimizers = try parsed.chosenOptimizers()
    trainer.commandToResume = { path in parsed.commandToResume(from: path) }
    trainer.configurationText = try parsed.configuration(
      seed: Generator.default.initialSeed, without: linkedOptions
    ).yaml()
    return trainer
  }

  /// The names of options that other values decide.
  private var linkedOptions: [String] {
    settings.links.map(\.target) + settings.linksOfData.map(\.target)
  }
}

extension ConfigValue? {
  /// The objects of a list, or the one object, at a key.
  fileprivate func made<Object>(_ key: String) throws -> [Object] {
    guard let value = self?[key] else { return [] }
    let items = if case .array(let items) = value { items } else { [value] }
    return try items.compactMap { item in
      guard let path = item.classPath else { return nil }
      return try ClassChoice<Object>(path, item.initArgs).make()
    }
  }
}

extension ParsedOptions {
  /// A logger without a folder writes where the trainer does.
  fileprivate mutating func shareRoot() {
    guard case .string(let root)? = tree["trainer"]?["default_root_dir"],
      var trainer = tree["trainer"], let logger = trainer["logger"]
    else { return }
    func sharing(_ logger: ConfigValue) -> ConfigValue {
      guard let path = logger.classPath, logger.initArgs["save_dir"] == nil else { return logger }
      var arguments = logger.initArgs
      arguments["save_dir"] = .string(root)
      let base = ClassEntry.base(of: (any Logger).self)
      guard ClassRegistry.find(path, base: base)?.schema.field("save_dir") != nil else {
        return logger
      }
      return .instance(path, arguments)
    }
    trainer["logger"] =
      if case .array(let items) = logger { .array(items.map(sharing)) } else { sharing(logger) }
    tree["trainer"] = trainer
  }

  /// What makes the optimizer and the scheduler that options choose; nil if they choose none.
  fileprivate func chosenOptimizers() throws -> (
    (LightningModuleBase) throws -> any OptimizerConfiguration
  )? {
    func made<Maker>(_ key: String, _ base: String) throws -> Maker? {
      guard let value = tree[key], let path = value.classPath else { return nil }
      return try ClassRegistry.find(path, base: base)?.make(value.initArgs) as? Maker
    }
    let optimizer: OptimizerMaker? = try made("optimizer", ClassEntry.base(of: Optimizer.self))
    let scheduler: SchedulerMaker? = try made(
      "lr_scheduler", ClassEntry.base(of: LearningRateScheduler.self))
    guard let optimizer else { return nil }
    return { module in
      let made = optimizer.make(module.parameters)
      Terminal.print(
        "The options choose \(type(of: made)); \(type(of: module)).configureOptimizers() is not called."
      )
      guard let scheduler else { return made }
      return try scheduler.make(made, module.trainer?.estimatedSteppingBatches)
    }
  }
}
