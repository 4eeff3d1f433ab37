internal import LevinConfiguration
internal import LevinOptimizers
internal import LevinTrainer

extension LightningCLI {
  /// The options of a command.
  func options(_ command: TrainingCommand) -> OptionTree {
    BuiltInClasses.register()
    let scheduler = ClassEntry.base(of: LearningRateScheduler.self)
    var tree = OptionTree(
      command: command,
      groups: [trainerGroup, model.group()] + (data.map { [$0.group()] } ?? []) + settings.groups
        + [
          .init(
            name: "optimizer",
            schema: .instance(.init(base: ClassEntry.base(of: Optimizer.self), isOptional: true)),
            about: "The optimizer; null: that of the model."),
          .init(
            name: "lr_scheduler", schema: .instance(.init(base: scheduler, isOptional: true)),
            about: "The schedule of the optimizer's learning rate; null: none."),
        ], about: about)
    tree.defaults = settings.defaults
    for link in settings.links {
      tree.linked[link.target] = link.sources.joined(separator: ", ")
    }
    for link in settings.linksOfData { tree.linked[link.target] = "the data" }
    return tree
  }

  /// The trainer's options, with classes of callbacks and loggers.
  private var trainerGroup: OptionTree.Group {
    var fields = ConfigSchema(values: trainerDefaults).fields
    if let index = fields.firstIndex(where: { $0.name == "logger" }) {
      fields[index].schema = .instance(
        .init(
          base: ClassEntry.base(of: (any Logger).self), isList: true, acceptsBool: true,
          defaultValue: .bool(trainerDefaults.logger)))
      fields.insert(
        .init(
          name: "callbacks",
          schema: .instance(
            .init(
              base: ClassEntry.base(of: Callback.self), isList: true, isOptional: true))),
        at: index + 1)
    }
    let more = [
      "logger": "Where metrics go: true, a run folder for TensorBoard; false, nowhere; or loggers.",
      "callbacks": "What is called during a run; null: what the program has.",
    ]
    return .init(
      name: "trainer", schema: .group(fields),
      help: TrainerConfiguration.help.merging(more) { $1 }, about: "The trainer.")
  }
}
