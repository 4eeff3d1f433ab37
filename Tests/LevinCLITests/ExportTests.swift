import ArgumentParser
import Foundation
import Levin
import LevinTrainer
import Testing

@testable import LevinCLI

/// The texts of `levin export`, and which model it takes; Tests/EndToEnd/test_onnx.py runs the files.
@Suite struct ExportTests {
  /// A module with an example input.
  final class SampledModule: RayModule, Configurable {
    struct Hyperparameters: HyperparameterSet { var width = 3 }
    let hyperparameters: Hyperparameters
    override var exampleInput: Tensor? { .ones([5, 4]) }
    init(_ hyperparameters: Hyperparameters) {
      self.hyperparameters = hyperparameters
      super.init(width: hyperparameters.width, criterion: "BCELoss")
    }
  }

  /// A module that computes what ONNX has no operator for.
  final class GammaModule: LightningModule<TensorPair>, Configurable {
    struct Hyperparameters: HyperparameterSet { var scale = 1.0 }
    let hyperparameters: Hyperparameters
    let inner = Linear(4, 2)
    init(_ hyperparameters: Hyperparameters) { self.hyperparameters = hyperparameters }
    override func forward(_ input: Tensor) -> Tensor { inner(input).squared().logGamma() }
  }

  private static var models: [SavedModel] { [.of(SampledModule.self), .of(GammaModule.self)] }

  private func save<Model: LightningModuleBase & Configurable>(
    _ module: Model, named name: String?, to path: String
  ) throws {
    var checkpoint = Checkpoint()
    checkpoint.weights = module.stateDictionary
    checkpoint.moduleHyperparameters = try ConfigValue(encoding: module.hyperparameters).json()
    checkpoint.moduleName = name
    try checkpoint.write(to: path)
  }

  /// What the command prints, or its error; folders are left out.
  private func text(
    _ arguments: [String], in folder: String, of models: [SavedModel] = ExportTests.models
  ) -> String {
    do {
      let command = try ExportCommand.parse(arguments)
      return try command.export(models, runs: folder + "lightning_logs")
        .joined(separator: "\n").replacing(folder, with: "").replacing(Program.name, with: "levin")
    } catch {
      let text =
        "\(error)".hasPrefix("CommandError") ? ExportCommand.message(for: error) : "\(error)"
      return text.replacing(folder, with: "").replacing(Program.name, with: "levin")
    }
  }

  @Test func help() throws {
    for columns in [60, 120] {
      let text = RootCommand.helpMessage(for: ExportCommand.self, columns: columns)
      try GoldenText.expect(
        text.replacing(Program.name, with: "levin"), "cli/help-export-\(columns)")
    }
  }

  @Test func exported() throws {
    try withFolder { folder in
      try save(
        SampledModule(.init { $0.width = 7 }), named: "SampledModule", to: folder + "a.safetensors")
      #expect(
        text([folder + "a.safetensors", "-o", folder + "a.onnx"], in: folder) == """
          a.onnx: SampledModule of a.safetensors
            input: float32[batch, 4]
            output: float32[batch, 1]
          """)
      // The width is the checkpoint's.
      let size = try Data(contentsOf: URL(filePath: folder + "a.onnx")).count
      #expect(size > 4 * (4 * 7 + 7 + 7 + 1))
      try save(SampledModule(.init()), named: nil, to: folder + "b.ckpt")
      let arguments = ["--batch", "2", "--model", "SampledModule", "--overwrite"]
      #expect(
        text([folder + "b.ckpt", "-o", folder + "a.onnx"] + arguments, in: folder) == """
          a.onnx: SampledModule of b.ckpt
            input: float32[2, 4]
            output: float32[2, 1]
          """)
      // A run's folder stands for its newest checkpoint, and last for that of the newest run.
      let checkpoints = folder + "lightning_logs/version_0/checkpoints"
      try FileManager.default.createDirectory(
        atPath: checkpoints, withIntermediateDirectories: true)
      try save(SampledModule(.init()), named: nil, to: checkpoints + "/c.safetensors")
      let only = [Self.models[0]]
      for (index, name) in ["last", folder + "lightning_logs/version_0"].enumerated() {
        let output = ["-o", folder + "c\(index).onnx", "--input", "3,4"]
        #expect(
          text([name] + output, in: folder, of: only) == """
            c\(index).onnx: SampledModule of lightning_logs/version_0/checkpoints/c.safetensors
              input: float32[batch, 3, 4]
              output: float32[batch, 3, 1]
            """)
      }
    }
  }

  @Test func mistakes() throws {
    try withFolder { folder in
      try save(SampledModule(.init()), named: "SampledModule", to: folder + "sampled.safetensors")
      try save(SampledModule(.init()), named: nil, to: folder + "nameless.safetensors")
      try save(GammaModule(.init()), named: "GammaModule", to: folder + "gamma.safetensors")
      try save(NarrowRayModule(.init()), named: "NarrowRayModule", to: folder + "ray.safetensors")
      try Data("no checkpoint".utf8).write(to: URL(filePath: folder + "notes.txt"))
      try SampledModule(.init()).saveWeights(to: folder + "weights.pt")
      try Data("there".utf8).write(to: URL(filePath: folder + "there.onnx"))
      let cases: [[String]] = [
        ["nowhere.safetensors"], ["notes.txt"], ["weights.pt"], ["last"], ["ray.safetensors"],
        ["nameless.safetensors"], ["sampled.safetensors", "--model", "SampleModule"],
        ["ray.safetensors", "--model", "SampledModule"], ["gamma.safetensors"],
        ["gamma.safetensors", "--input", "4"], ["sampled.safetensors", "-o", "there.onnx"],
        ["sampled.safetensors", "-o", "no/folder.onnx"],
        ["sampled.safetensors", "--input", "1,28x28"], ["sampled.safetensors", "--input", "0"],
        ["sampled.safetensors", "--input", "99999999999,99999999999"],
        ["sampled.safetensors", "--dtype", "float8"], ["sampled.safetensors", "--batch", "0"],
      ]
      let lines = cases.map { arguments in
        let paths = arguments.map { $0.contains(".") || $0.contains("/") ? folder + $0 : $0 }
        return "levin export \(arguments.joined(separator: " "))\n  "
          + text(paths, in: folder).replacing("\n", with: "\n  ")
      }
      try GoldenText.expect(lines.joined(separator: "\n"), "cli/export-mistakes")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!left.contains("model.onnx"))
    }
  }

  /// Without the command line.
  @Test func ofAModule() throws {
    try withFolder { folder in
      let module = SampledModule(.init())
      try module.exportONNX(to: folder + "a.onnx")
      try module.exportONNX(to: folder + "b.onnx", example: .zeros([1, 4]))
      #expect(throws: ONNXError.self) { try GammaModule(.init()).exportONNX(to: folder + "c.onnx") }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
          "a.onnx", "b.onnx",
        ])
    }
  }
}
