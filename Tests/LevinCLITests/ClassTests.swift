import Levin
import LevinTrainer
import Testing

@testable import LevinCLI

/// The classes that configs choose by name.
@Suite struct ClassTests {
  /// All of Levin's own.
  private static let all =
    BuiltInClasses.optimizers + BuiltInClasses.schedulers + BuiltInClasses.callbacks
    + BuiltInClasses.loggers + BuiltInClasses.losses + BuiltInClasses.transforms
    + BuiltInClasses.metrics

  @Test func everyArgumentHasHelp() {
    for entry in Self.all {
      #expect(!entry.about.isEmpty, "\(entry.name)")
      for field in entry.schema.fields {
        #expect(entry.help[field.name] != nil, "\(entry.name).\(field.name)")
      }
      #expect(entry.required.allSatisfy { entry.schema.field($0) != nil }, "\(entry.name)")
    }
  }

  @Test func everyClassIsMade() throws {
    let needed: [String: ConfigValue] = [
      "monitor": .string("val/loss"), "swa_lrs": .array([.float(0.1)]),
      "mean": .array([.float(0.5)]), "std": .array([.float(0.5)]),
      "scheduling": .object([.init("0", .integer(4))]),
    ]
    for entry in Self.all {
      let arguments = ConfigValue.object(
        needed.filter { entry.schema.field($0.key) != nil && entry.required.contains($0.key) }
          .map { .init($0.key, $0.value) })
      let made = try entry.make(arguments)
      switch made {
      case let maker as OptimizerMaker:
        let optimizer = maker.make([Parameter(.zeros([2, 2]))])
        #expect("\(type(of: optimizer))" == entry.name)
      case let maker as SchedulerMaker:
        let optimizer = SGD([Parameter(.zeros([2]))], .init(learningRate: 0.1, momentum: 0.9))
        #expect("\(type(of: try maker.make(optimizer, 100)))" == entry.name)
      default: #expect("\(type(of: made))" == entry.name)
      }
    }
  }

  @Test func namesOfPython() {
    func found(_ name: String, _ base: String) -> String? {
      BuiltInClasses.register()
      return ClassRegistry.find(name, base: base)?.name
    }
    #expect(found("Adam", "Optimizer") == "Adam")
    #expect(found("torch.optim.Adam", "Optimizer") == "Adam")
    #expect(found("torch.optim.adam.Adam", "Optimizer") == "Adam")
    #expect(found("torch.Adam", "Optimizer") == nil)
    #expect(found("torch.optim.lr_scheduler.StepLR", "LearningRateScheduler") == "StepLR")
    #expect(
      found("torch.optim.lr_scheduler.ReduceLROnPlateau", "LearningRateScheduler")
        == "ReduceLROnPlateau")
    #expect(found("torch.nn.BCELoss", "Loss") == "BCELoss")
    #expect(found("torch.nn.modules.loss.BCELoss", "Loss") == "BCELoss")
    #expect(found("pytorch_lightning.callbacks.EarlyStopping", "Callback") == "EarlyStopping")
    #expect(
      found("lightning.pytorch.callbacks.early_stopping.EarlyStopping", "Callback")
        == "EarlyStopping")
    #expect(found("lightning.pytorch.callbacks.Timer", "Callback") == "TrainingTimer")
    #expect(found("RichProgressBar", "Callback") == "ProgressBar")
    #expect(found("lightning.pytorch.loggers.CSVLogger", "Logger") == "CSVLogger")
    #expect(found("torchvision.transforms.v2.ToTensor", "ImageTransform") == "ToTensor")
    #expect(found("torchmetrics.Accuracy", "Metric") == "Accuracy")
    #expect(found("torchmetrics.classification.Accuracy", "Metric") == "Accuracy")
    #expect(found("BCELoss", "Optimizer") == nil)
  }

  /// Names of any kind, as in `scheduling: {0: 8, 4: 2}`.
  @Test func tables() throws {
    let parsed = RayProgram.one.parsed([
      "--trainer.callbacks+=GradientAccumulationScheduler", "--trainer.callbacks.scheduling",
      "{4: 2, 0: 8}",
    ])
    #expect(parsed.errors.isEmpty, "\(parsed.errors)")
    let value = try #require(parsed.tree.leaf("trainer.callbacks")?.items.first)
    let choice = ClassChoice<Callback>(try #require(value.classPath), value.initArgs)
    let made = try #require(try choice.make() as? GradientAccumulationScheduler)
    #expect(made.scheduling == [0: 8, 4: 2])
    let wrong = RayProgram.one.parsed([
      "--trainer.callbacks+=GradientAccumulationScheduler", "--trainer.callbacks.scheduling",
      "{4: many}",
    ])
    #expect(!wrong.errors.isEmpty)
  }

  /// A pair of numbers of which the first may be null, as torch.optim.Adafactor's `eps`.
  @Test func pairsWithNull() throws {
    func epsilon(_ arguments: [String]) throws -> [Double?] {
      let parsed = RayProgram.one.parsed(["--optimizer", "Adafactor"] + arguments)
      #expect(parsed.errors.isEmpty, "\(parsed.errors)")
      let value = try #require(parsed.tree["optimizer"])
      let entry = try #require(
        ClassRegistry.find(value.classPath ?? "", base: ClassEntry.base(of: Optimizer.self)))
      let maker = try #require(try entry.make(value.initArgs) as? OptimizerMaker)
      return try #require(maker.make([Parameter(.zeros([2]))]) as? Adafactor).options[0].epsilon
    }
    #expect(try epsilon([]) == [nil, 1e-3])
    #expect(try epsilon(["--optimizer.eps", "[null, 0.5]"]) == [nil, 0.5])
    #expect(try epsilon(["--optimizer.eps", "1e-30,1e-2"]) == [1e-30, 1e-2])
    let mistakes = [
      "[0.1]", "[0.1, null]", "[0.1, -1]", "[a, 1]",
    ].flatMap { text in
      RayProgram.one.parsed(["--optimizer", "Adafactor", "--optimizer.eps", text]).errors
    }
    try GoldenText.expect(
      mistakes.map { "\($0)" }.joined(separator: "\n"), "cli/pairs-with-null")
  }

  /// A class of one's own, under any module.
  @Test func ownClasses() throws {
    struct Options: HyperparameterSet {
      var scale = 2.0
      func validate() throws { try require("scale", scale, atLeast: 0) }
    }
    final class ScaledLoss: Loss {
      let scale: Double
      init(_ options: Options) {
        scale = options.scale
        super.init()
      }
      override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
        (input - target).squared().sum() * scale
      }
    }
    ClassRegistry.add(.loss(Options.self) { ScaledLoss($0) })
    let choice = ClassChoice<Loss>("my.losses.ScaledLoss", .object([.init("scale", .float(3))]))
    let loss = try choice.make()
    #expect(loss(Tensor([1, 2] as [Float]), Tensor([0, 0] as [Float])).item() == 15)
    #expect(throws: ConfigError.self) { try ClassChoice<Loss>("ScaledLos").make() }
    #expect(throws: ConfigError.self) {
      try ClassChoice<Loss>("ScaledLoss", .object([.init("scale", .float(-1))])).make()
    }
    let parsed = RayProgram.one.parsed(
      ["--model.criterion", "ScaledLoss", "--model.criterion.scale", "0.5"])
    #expect(parsed.errors.isEmpty)
    #expect(parsed.tree.leaf("model.criterion.init_args.scale") == .float(0.5))
  }

  @Test func choicesAreCodable() throws {
    let choice = ClassChoice<Loss>("MSELoss", .object([.init("reduction", .string("sum"))]))
    let values = NarrowRayModule.Hyperparameters { $0.criterion = choice }
    let tree = ConfigValue(encoding: values)
    #expect(tree.leaf("criterion.class_path") == .string("torch.nn.MSELoss"))
    let read = try NarrowRayModule.Hyperparameters(decoding: tree)
    #expect(try read.criterion.make() is MSELoss)
    #expect(try read.criterion.make().reduction == .sum)
  }
}
