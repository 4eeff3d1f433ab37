import Foundation
import Levin
import Testing

@testable import LevinCLI

/// What `--print_config` prints, and how mistakes in files are shown.
@Suite struct PrintedConfigTests {
  private static let arguments = [
    "--model.criterion", "MSELoss", "--model.width", "3", "--optimizer", "SGD", "--optimizer.lr",
    "0.1",
    "--lr_scheduler", "CosineAnnealingLR", "--lr_scheduler.T_max", "7",
    "--trainer.callbacks+=EarlyStopping", "--trainer.callbacks.monitor", "val/loss",
    "--trainer.callbacks+=LearningRateMonitor", "--data.tasks", "[a, b]", "--trainer.max_epochs",
    "2",
    "--trainer.logger", "CSVLogger", "--trainer.logger.version", "first",
  ]

  @Test(arguments: ["", "skip_default", "skip_default,plain", "skip_null"])
  func printed(words: String) throws {
    let program = RayProgram.one
    let parsed = program.parsed(Self.arguments)
    #expect(parsed.errors.isEmpty, "\(parsed.errors)")
    for columns in [120, 60] {
      var printer = ConfigPrinter(program.options(.fit), words: words)
      printer.columns = columns
      let text = try printer.text(parsed)
      let name = words.isEmpty ? "all" : words.replacing(",", with: "-")
      try GoldenText.expect(text, "cli/config-\(name)-\(columns)")
      let page = Page(width: nil, hasColor: true, timeZone: .gmt)
      let colored = page.config(text)
      try GoldenText.expect(colored, "cli/config-\(name)-\(columns)-color")
      #expect(colored.replacing(/\u{1B}\[\d+m/, with: "") == text)
      let file = FileManager.default.temporaryDirectory
        .appending(path: "levin-\(UUID().uuidString).yaml")
      defer { try? FileManager.default.removeItem(at: file) }
      try Data(text.utf8).write(to: file)
      let again = program.parsed(["--config", file.path])
      #expect(again.errors.isEmpty, "\(again.errors)")
      #expect(again.tree == parsed.tree)
    }
  }

  /// The same mistakes at two widths, with and without colour.
  @Test func report() throws {
    let file = """
      trainer:
        max_epohcs: 3
        callbacks:
        - class_path: EarlyStoping
      model: {width: wide, rate: 0.5, tasks: [Atelectasis, Cardiomegaly, Consolidation, Edema], criterion: BCELos}
      optimizer:
      \tclass_path: Adam
      """
    let text = file.replacing("\t", with: "  ") + "\n  init_args: {betas: [0.9, 2]}\n"
    let path = FileManager.default.temporaryDirectory
      .appending(path: "levin-\(UUID().uuidString).yaml").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    let errors = RayProgram.one.parsed(["--config", path, "--data.batch_sise", "3"]).errors
    #expect(errors.count == 6)
    var report = MistakeReport(
      mistakes: errors.map { error in
        let text = "\(error)".replacing(path, with: "c.yaml")
        guard let source = error.source else { return ConfigError(text) }
        return ConfigError(
          String(text.dropFirst("c.yaml:\(source.place): ".count)),
          at: .init(file: "c.yaml", place: source.place))
      }, advice: "See levin fit --help for the options.")
    report.lines = { _ in text.split(separator: "\n").map(String.init) }
    for columns in [120, 60] {
      for hasColor in [false, true] {
        let page = Page(width: nil, hasColor: hasColor, timeZone: .gmt)
        let shown = report.text(columns: columns, page: page)
        let plain = hasColor ? shown.replacing("\u{1B}", with: "␛") : shown
        try GoldenText.expect(plain, "cli/report-\(columns)" + (hasColor ? "-color" : ""))
        if !hasColor {
          #expect(shown.split(separator: "\n").allSatisfy { $0.count <= columns })
        }
      }
    }
  }

  /// A rule is blamed on the option that broke it, not on the file that had chosen the class.
  @Test func originsOfObjects() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "levin-\(UUID().uuidString).yaml").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("optimizer:\n  class_path: Adam\n  init_args:\n    lr: -1\n".utf8)
      .write(to: URL(filePath: path))
    func mistakes(_ more: [String]) -> [String] {
      RayProgram.one.parsed(["--config", path] + more).errors.map { "\($0)" }
    }
    #expect(mistakes([]) == ["\(path):4:9: optimizer: lr: found -1.0; expected 0.0 or more"])
    #expect(
      mistakes(["--optimizer.lr", "-2"]) == ["optimizer: lr: found -2.0; expected 0.0 or more"])
    #expect(mistakes(["--optimizer.lr", "2"]).isEmpty)
  }

  @Test func plan() async throws {
    let program = RayProgram.one
    var parsed = program.parsed([
      "--trainer.max_epochs", "4", "--trainer.logger", "false", "--optimizer", "SGD",
      "--optimizer.lr", "0.1",
      "--optimizer.momentum", "0.9", "--lr_scheduler", "StepLR", "--lr_scheduler.step_size", "2",
    ])
    let plan = try #require(program.plan(&parsed))
    let objects = try program.objects(plan)
    let training = try program.training(objects.trainer, objects.model, objects.data, nil)
    #expect(training.steps == 12 && training.epochs == 4 && training.trainBatches == 3)
    #expect(training.parameterCount == 4 * 8 + 8 + 8 + 1)
    #expect(training.parameterBytes == 49 * 4 && training.optimizerBytes == 49 * 4)
    #expect(training.folder == nil)
    // The values are rounded as those of torch.optim.lr_scheduler.StepLR are.
    for (rate, expected) in zip(training.rates, [0.1, 0.1, 0.01, 0.01]) {
      #expect(abs(rate - expected) < 1e-12)
    }
    #expect(training.rates.count == 4)
  }
}
