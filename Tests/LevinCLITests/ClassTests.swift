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
      "transforms": .array([.object([.init("class_path", .string("ToTensor"))])]),
    ]
    BuiltInClasses.register()
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

  private static func transform(_ name: String, _ arguments: String) throws -> Any {
    let entry = try #require(BuiltInClasses.transforms.first { $0.name == name })
    return try entry.make(ConfigValue(yaml: arguments, file: "t.yaml"))
  }

  /// One number or several, as torchvision's transforms take them.
  @Test func argumentsOfTransforms() throws {
    let pad = try #require(try Self.transform("Pad", "{padding: [1, 2, 3, 4]}") as? Pad)
    #expect(pad.padding == ImagePadding(left: 1, top: 2, right: 3, bottom: 4))
    let crop = try #require(
      try Self.transform("RandomCrop", "{size: [32], padding: [4]}") as? RandomCrop)
    #expect(crop.padding == 4)
    let rotations = try ["[10]", "[-5, 20]"].map {
      try #require(try Self.transform("RandomRotation", "{degrees: \($0)}") as? RandomRotation)
    }
    #expect(rotations.map(\.degrees) == [-10...10, -5...20])
    let affine = try #require(
      try Self.transform(
        "RandomAffine", "{degrees: [0], translate: [0.1, 0.2], scale: [0.9, 1.1], shear: [5]}")
        as? RandomAffine)
    #expect(affine.translate?.vertical == 0.2 && affine.scale == 0.9...1.1)
    #expect(affine.shear?.horizontal == -5...5 && affine.shear?.vertical == nil)
    let blur = try #require(
      try Self.transform("GaussianBlur", "{kernel_size: [5, 9], sigma: [0.5]}") as? GaussianBlur)
    #expect((blur.width, blur.height, blur.sigma) == (5, 9, 0.5...0.5))
    let part = try #require(
      try Self.transform("RandomResizedCrop", "{size: [224], scale: [0.5, 1]}")
        as? RandomResizedCrop)
    #expect(part.scale == 0.5...1 && part.ratio == 3.0 / 4...4.0 / 3)
    #expect(try Self.transform("ConvertImageDtype", "{dtype: torch.uint8}") is ConvertImageDtype)
  }

  /// One number stands for a list, and stays one in printed configs, which Python reads.
  @Test func numbersForLists() throws {
    let yaml = """
      transforms:
      - class_path: torchvision.transforms.RandomCrop
        init_args: {size: 32, padding: 4}
      - class_path: torchvision.transforms.RandomRotation
        init_args: {degrees: 10, center: null}
      - class_path: torchvision.transforms.v2.ToDtype
        init_args: {dtype: torch.uint8, scale: true}
      - class_path: torchvision.transforms.ColorJitter
        init_args: {brightness: [0.8, 1.2]}

      """
    let entry = try #require(BuiltInClasses.transforms.first { $0.name == "Compose" })
    BuiltInClasses.register()
    var errors: [ConfigError] = []
    let node = try #require(try YAMLNode.parse(yaml, file: "t.yaml"))
    let tree = try #require(entry.schema.checked(node, at: "", in: "t.yaml", errors: &errors))
    #expect(errors.isEmpty, "\(errors)")
    let steps = try #require(try entry.make(tree) as? Compose).transforms
    let crop = try #require(steps[0] as? RandomCrop)
    #expect(crop.padding == 4 && crop.size == .side(32))
    #expect((steps[1] as? RandomRotation)?.degrees == -10...10)
    #expect((steps[2] as? ToDtype)?.scale == true)
    let arguments = tree["transforms"]?.items.map(\.initArgs)
    #expect(arguments?[0]["size"] == .integer(32) && arguments?[1]["degrees"] == .float(10))
  }

  /// What would end the program in a transform is a mistake in a config.
  @Test func mistakesOfTransforms() throws {
    let wrong = [
      ("Pad", "{padding: [1, 2, 3]}"), ("Pad", "{padding: [1], fill: [1, 2]}"),
      ("ColorJitter", "{brightness: [1.2, 0.8]}"), ("ColorJitter", "{hue: 0.6}"),
      ("RandomCrop", "{size: [0]}"), ("RandomResizedCrop", "{size: [8], scale: [1, 0.5]}"),
      ("RandomResizedCrop", "{size: [8], ratio: [0, 1]}"), ("RandomRotation", "{degrees: [-1]}"),
      ("RandomRotation", "{degrees: [1, 2, 3]}"),
      ("RandomAffine", "{degrees: [0], translate: [2, 0]}"),
      ("RandomAffine", "{degrees: [0], scale: [0, 1]}"),
      ("RandomAffine", "{degrees: [0], shear: [1, 2, 3]}"),
      ("RandomPerspective", "{distortion_scale: 2}"), ("RandomPosterize", "{bits: 9}"),
      ("RandomAdjustSharpness", "{sharpness_factor: -1}"), ("GaussianBlur", "{kernel_size: [4]}"),
      ("GaussianBlur", "{kernel_size: [3], sigma: [0]}"), ("RandomErasing", "{scale: [0.1, 2]}"),
      ("RandomErasing", "{value: []}"), ("RandAugment", "{magnitude: 31}"),
      ("TrivialAugmentWide", "{num_magnitude_bins: 1}"), ("RandomApply", "{p: 2}"),
      ("RandomChoice", "{transforms: [{class_path: ToTensor}], p: [1, 2]}"),
    ]
    BuiltInClasses.register()
    let texts = wrong.map { name, arguments in
      let error = #expect(throws: ConfigError.self) { try Self.transform(name, arguments) }
      return "\(name): \(error?.description ?? "none")"
    }
    try GoldenText.expect(texts.joined(separator: "\n"), "cli/transform-mistakes")
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
