import ArgumentParser
import DigitClassifier
import Foundation
import Levin
import LevinTrainer
import Synchronization
import Testing

@testable import LevinCLI

/// The options of the training commands: their help, and the reports of mistakes.
@Suite struct OptionTests {
  private static var program: LightningCLI<DigitModule, DigitDataModule> {
    LightningCLI(
      DigitModule.self, DigitDataModule.self,
      about: "The model is a small network, and the data is MNIST.")
  }

  /// The result of parsing the arguments, with all messages.
  private func parsed(
    _ arguments: [String], _ command: TrainingCommand = .fit
  ) -> (options: ParsedOptions, text: String) {
    let options = Self.program.parsed(arguments, command)
    let errors = options.errors.map(\.description)
    return (options, (errors + options.notes).joined(separator: "\n"))
  }

  private func parsed(
    file: String, _ command: TrainingCommand = .fit, named name: String = "c.yaml"
  ) throws -> (options: ParsedOptions, text: String) {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "levin-options-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(file.utf8).write(to: URL(filePath: path))
    let (options, text) = parsed(["--config", path], command)
    return (options, text.replacing(path, with: name))
  }

  @Test(arguments: TrainingCommand.allCases)
  func help(command: TrainingCommand) throws {
    for columns in [120, 60] {
      let text = try Self.program.options(command).helpText(columns: columns)
      try GoldenText.expect(
        text.replacing(Program.name, with: "levin"), "cli/help-\(command.rawValue)-\(columns)")
      let long = text.split(separator: "\n").map(String.init).filter { $0.count > columns }
      // Names of options are not broken across lines.
      #expect(long.allSatisfy { $0.hasPrefix("  --") }, "\(long)")
    }
  }

  /// Help about everything, a group, what an option takes, and a class.
  @Test(arguments: [
    "all", "trainer", "optimizer", "trainer.callbacks", "EarlyStopping", "data.root",
  ])
  func help(about topic: String) throws {
    for columns in [120, 60] {
      let text = try Self.program.options(.fit).helpText(about: topic, columns: columns)
      try GoldenText.expect(
        text.replacing(Program.name, with: "levin"), "cli/help-about-\(topic)-\(columns)")
    }
    #expect(throws: ConfigError.self) {
      try Self.program.options(.fit).helpText(about: "trainer.calbacks", columns: 80)
    }
  }

  /// Colours add nothing but themselves, at both widths.
  @Test func coloredHelp() throws {
    let page = Page(width: nil, hasColor: true, timeZone: .gmt)
    for columns in [120, 60] {
      let tree = Self.program.options(.fit)
      let texts = [
        "program": RootCommand.help(columns: columns), "fit": try tree.helpText(columns: columns),
        "callbacks": try tree.helpText(about: "trainer.callbacks", columns: columns),
        "EarlyStopping": try tree.helpText(about: "EarlyStopping", columns: columns),
      ]
      for (name, text) in texts {
        let text = text.replacing(Program.name, with: "levin")
        let colored = page.help(text)
        try GoldenText.expect(colored, "cli/help-\(name)-\(columns)-color")
        #expect(colored.replacing(/\u{1B}\[\d+m/, with: "") == text)
        #expect(Page.plain.help(text) == text)
      }
    }
  }

  @Test func everyOptionHasHelp() throws {
    for command in TrainingCommand.allCases {
      let text = try Self.program.options(command).helpText(about: "all", columns: 10000)
      for line in text.split(separator: "\n") where line.contains("(default:") {
        let words = line.split(separator: " ").prefix { $0 != "(default:" }
        #expect(words.count > 1, "\(line)")
      }
    }
  }

  @Test func mistakes() throws {
    let lines = [
      ["--max_epochs", "3"], ["--model.lr", "1"], ["--lr", "1"], ["--epochs=3"],
      ["--trainer.max-epochs", "3"], ["--trainer.batch_size", "3"], ["--bs", "3"],
      ["--model.dropout", "0.5"], ["--data.rot", "x"], ["--zzzzzzzzz", "1"],
      ["--sed_everything", "1"],
      ["--trainer.accelerator", "gpu"], ["--trainer.accelerator", "cpu"],
      ["--trainer.devices", "1"],
      ["--trainer.devices=4"], ["--devices", "auto"], ["--trainer.precision", "bf16-mixed"],
      ["--trainer.callbacks+=EarlyStopping", "--trainer.callbacks.monitor", "val/loss"],
      ["--trainer.max_time", "00:01:00"],
      ["--trainer.profiler", "pytorch"], ["--trainer.deterministic", "true"],
      ["--trainer.reload_dataloaders_every_n_epochs", "1"], ["--trainer.barebones", "true"],
      ["--optimizer", "SGD"], ["--optimizer.lr", "0.1"], ["--lr_scheduler", "StepLR"],
      ["--model", "my.Model"], ["--data.class_path", "my.Data"], ["--model.init_args.lr=1"],
      ["--optimizer", "Adan"], ["--optimizer", "torch.nn.Adam"],
      ["--optimizer", "SGD", "--optimizer.moment", "1"],
      ["--optimizer", "SGD", "--optimizer.lr", "fast"],
      ["--optimizer", "SGD", "--optimizer.lr", "-1"],
      ["--optimizer", "Adam", "--optimizer.betas", "[0.9, 2]"],
      ["--optimizer", "Adam", "--optimizer.foreach", "true"],
      ["--optimizer", "Adam", "--lr_scheduler", "CosineAnnealingLR"],
      ["--trainer.callbacks", "EarlyStoping"], ["--trainer.callbacks+=EarlyStopping"],
      ["--trainer.max_epochs+=3"], ["--trainer.logger", "WandbLogger"], ["--print_config=yes"],
      ["--trainer.fast_dev_run"], ["--trainer.fast_dev_run", "--data.batch_size", "3"], ["-c"],
      ["--trainer.enable_progress_bar", "maybe"], ["--data.dataset", "cifar10"], ["fast"],
      ["--trainer.max_epochs", "3.5", "--data.batch_sise", "3", "--model.learning_rate", "fast"],
      [
        "--trainer.max_epochs", "-2", "--trainer.gradient_clip_val", "-1", "--data.batch_size", "0",
        "--data.num_workers", "-1",
      ],
      ["--config", "/nowhere/at/all.yaml"],
    ]
    #expect(lines.count >= 30)
    let said = lines.map { "$ levin fit \($0.joined(separator: " "))\n\(parsed($0).text)" }
    let useless = ["--trainer.max_epochs", "3", "--trainer.limit_test_batches", "1"]
    try GoldenText.expect(
      (said + [
        "$ levin test \(useless.joined(separator: " "))\n\(parsed(useless, .test).text)",
        "$ levin prepare --seed_everything 1\n\(parsed(["--seed_everything", "1"], .prepare).text)",
      ]).joined(separator: "\n\n"), "cli/mistakes")
  }

  @Test func mistakesInFiles() throws {
    let files = [
      "trainer:\n  max_epoch: 3\n  log_every_n_steps: many\ndata:\n  batch_size: 0\n  num_workers: -1\n"
        + "model: 3\nextra: 1\n",
      "- a\n- b\n", "just a text\n", "? [a]\n: 1\n", ": 1\n", "trainer: [1, 2\n", "a: 1\na: 2\n",
      "trainer:\n  max_epochs: 3\n   min_epochs: 1\n",
      "model:\n  class_path: my.Model\n  init_args:\n    learning_rate: 0.1\n"
        + "optimizer:\n  class_path: torch.optim.SGD\n  init_args: {lr: 0.1}\n"
        + "lr_scheduler:\n  class_path: torch.optim.lr_scheduler.StepLR\n"
        + "trainer:\n  callbacks:\n  - class_path: EarlyStopping\n  logger:\n    class_path: CSVLogger\n"
        + "  accelerator: gpu\n  devices: 4\n  fast_dev_run: [1]\n",
      "optimizer:\n  class_path: torch.optim.Adan\n",
      "optimizer:\n  class_path: Adam\n  init_args:\n    lr: fast\n    momentum: 0.9\n    betas: [0.9, 1.5]\n",
      "optimizer:\n  init_args: {lr: 0.1}\n",
      "trainer:\n  callbacks:\n  - class_path: EarlyStopping\n    init_args:\n      patience: -1\n      monitor: val/loss\n",
      "trainer:\n  callbacks+: LearningRateMonitr\n", "trainer.max_epohcs: 3\n",
      "fit:\n  data:\n    batch_size: none\ntest: {}\n",
    ]
    let said = try files.map { "\($0)\n\(try parsed(file: $0).text)" }
    try GoldenText.expect(said.joined(separator: "\n\n"), "cli/mistakes-in-files")
  }

  /// The output of LightningCLI's own --print_config runs, with one note.
  @Test(arguments: [TrainingCommand.fit, .validate, .test, .predict])
  func lightningsConfig(command: TrainingCommand) throws {
    let file = try String(
      contentsOf: GoldenText.folder.appending(path: "cli/lightning-\(command.rawValue).yaml"),
      encoding: .utf8)
    let (options, text) = try parsed(file: file, command)
    #expect(options.errors.isEmpty)
    #expect(text.split(separator: "\n").count == 1)
    #expect(
      text.hasPrefix(
        "note: ignored settings of Lightning:  trainer.strategy, trainer.num_nodes,"
      ))
    #expect(options.seed == 0)
    var expected = Self.program.options(command).schema.defaults
    expected["seed_everything"] = .integer(0)
    #expect(options.tree == expected)
  }

  /// What data modules of Python's pass on to torch's loaders is accepted, with one note.
  @Test func argumentsOfTorchsLoaders() throws {
    let keys = ["data.pin_memory", "data.prefetch_factor", "data.persistent_workers"]
    let note = "note: ignored settings of Lightning:  "
    let arguments =
      "{batch_size: 9, pin_memory: true, prefetch_factor: 4, persistent_workers: null}"
    for file in [
      "data: \(arguments)", "data: {class_path: my.DigitDataModule, init_args: \(arguments)}",
    ] {
      let (options, text) = try parsed(file: file)
      #expect(text == note + keys.joined(separator: ", "))
      #expect(options.tree["data"]?["batch_size"] == .integer(9))
    }
    let given = keys.flatMap { ["--" + $0, "2"] }
    #expect(parsed(given).text == note + keys.map { "--" + $0 }.joined(separator: ", "))

    let several = RayProgram.several.parsed(
      ["--model", "NarrowRayModule", "--data", "RayDataModule"] + given)
    #expect(several.errors.isEmpty && several.notes == [note + keys.joined(separator: ", ")])
  }

  @Test func wordsOfLightning() throws {
    func fastDevRun(_ text: String) throws -> ConfigValue? {
      let file = try parsed(file: "trainer: {fast_dev_run: \(text)}").options
      let option = parsed(["--trainer.fast_dev_run", text]).options
      #expect(file.errors.isEmpty && option.errors.isEmpty && file.tree == option.tree)
      return file.tree["trainer"]?["fast_dev_run"]
    }
    #expect(try fastDevRun("true") == .integer(1) && fastDevRun("false") == .integer(0))
    #expect(try fastDevRun("7") == .integer(7))
    #expect(parsed(["--seed_everything", "true"]).options.seed == 0)
    #expect(parsed(["--seed_everything", "false"]).options.seed == nil)
    #expect(parsed(["--trainer.log_every_n_steps", "null"]).options.errors.isEmpty)
    #expect(parsed(["--trainer.max_epochs", "true"]).text.contains("expected int or null"))
  }

  /// config.yaml reproduces a run whose seed was not given; a checkpoint brings its own random numbers.
  @Test func configurationHasTheSeed() {
    func seed(_ arguments: [String]) -> ConfigValue? {
      parsed(arguments).options.configuration(seed: 2_432_201_384)["seed_everything"]
    }
    #expect(seed([]) == .integer(2_432_201_384))
    #expect(seed(["--seed_everything", "3"]) == .integer(3))
    #expect(seed(["--ckpt_path", "last"]) == .null)
  }

  /// A null in a file undoes an earlier file's value.
  @Test func laterWins() throws {
    let (options, _) = parsed(["--data.batch_size", "3", "--data.batch_size", "null"])
    #expect(options.tree["data"]?["batch_size"] == .integer(64))
    // If an option replaces a value from a file, the file is not blamed.
    let path = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("data: {batch_size: 3}\n".utf8).write(to: URL(filePath: path))
    #expect(
      parsed(["--config", path, "--data.batch_size", "0"]).text
        == "data.batch_size: found 0; expected 1 or more")
  }

  /// A shell is offered each option that applies, and the words that it takes.
  @Test(arguments: [CompletionShell.bash, .zsh, .fish])
  func completion(shell: CompletionShell) throws {
    TrainingHelps.options.withLock {
      $0 = TrainingCommand.allCases.map(Self.program.options)
    }
    defer { TrainingHelps.options.withLock { $0 = [] } }
    let script = RootCommand.completionScript(for: shell)
    for option in [
      "trainer.max_epochs", "model.learning_rate", "data.dataset", "seed_everything", "ckpt_path",
      "print_config", "config",
    ] {
      #expect(script.contains(option), "\(option)")
    }
    #expect(script.contains("fashion_mnist"))
  }
}
