import Foundation
import Levin

/// One trainer with a module, loaders and callbacks, made from a golden configuration.
final class GoldenRun {
  let script: GoldenScript
  let trainer: Trainer
  let callbacks: [GoldenCallback]
  /// The callbacks of the configuration.
  let others: [Callback]
  let module: LightningModuleBase
  /// The optimizer's groups at the end of a training: the number of parameters and the learning rate.
  var groups: [(count: Int, rate: Double)] { callbacks.first?.groups ?? [] }
  let logger: CallLogger
  private let runCall: (String, String?) async throws -> [[String: Double]]
  private let parameters: () -> [Double]

  /// The calls of a logger, each with its metrics.
  final class CallLogger: Logger {
    var calls: [(step: Int, metrics: [(name: String, value: Double)])] = []
    var onCall: (String) -> Void = { _ in }
    func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
      calls.append((step, metrics))
      onCall("L.log_metrics \(metrics.map(\.name).joined(separator: " ")) @ \(step)")
    }
    func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {}
    func finalize(_ status: RunStatus) {
      onCall("L.finalize \(status == .finished ? "success" : "failed")")
    }
  }

  static func configuration(_ flags: JSON, root: String?) throws -> TrainerConfiguration {
    var tree = ConfigValue(encoding: TrainerConfiguration())
    for (key, value) in flags.members
    where !["deterministic", "callbacks"].contains(key) && !(key == "logger" && value.text != nil) {
      let found: ConfigValue =
        if !value.exists {
          .null
        } else if let bool = value.bool {
          .bool(bool)
        } else if let whole = value.int {
          ["gradient_clip_val"].contains(key) ? .float(Double(whole)) : .integer(whole)
        } else if let number = value.number {
          .float(number)
        } else if let days = value["days"].int {
          .string("0\(days):00:00:00")
        } else {
          .string(value.text ?? "")
        }
      if found == .null, tree[key] != .null, key != "check_val_every_n_epoch" { continue }
      tree[key] = found
    }
    var configuration = try TrainerConfiguration(decoding: tree)
    try configuration.validate()
    configuration.enableProgressBar = false
    configuration.enableModelSummary = false
    configuration.enableCheckpointing = flags["enable_checkpointing"].bool ?? false
    configuration.defaultRootDir = root
    return configuration
  }

  /// - Parameters:
  ///   - loggers: More loggers than the one that notes the calls.
  ///   - others: Callbacks in place of those that the configuration names.
  convenience init(
    _ described: JSON, folder: String, loggers: [any Logger] = [], others: [Callback]? = nil
  ) async throws {
    let script = GoldenScript(described)
    let isCombined = described["data"].members.contains { stage, loaders in
      (loaders["combined"].exists && (stage == "train" || loaders["combined"].text != "sequential"))
        || (stage == "train" && loaders.value is [Any])
    }
    if isCombined {
      try self.init(
        script, folder, loggers, others,
        tensors: { batch in
          batch.sorted { $0.key < $1.key }.map(\.value)
        }
      ) { stage, description in
        let isList = description.value is [Any]
        guard description["combined"].exists || isList else {
          return try GoldenData.loader(stage, description).map {
            [CombinedLoader(["all": $0], mode: .sequential)]
          } ?? []
        }
        let described = isList ? description : description["loaders"]
        let parts =
          described.value is [Any]
          ? described.list.enumerated().map { ("\($0.offset)", $0.element) } : described.members
        let loaders = try parts.enumerated().map { place, part in
          try GoldenData.loader(stage, part.1, place: place) ?? SequenceLoader { [] }
        }
        let mode = CombinedLoader<Tensor>.Mode(rawValue: description["combined"].text ?? "")
        return [
          CombinedLoader(
            [parts[0].0: loaders[0], parts[1].0: loaders[1]],
            mode: mode ?? .maxSizeCycle)
        ]
      }
    } else {
      try self.init(script, folder, loggers, others, tensors: { [$0] as [Tensor] }) {
        stage, description in
        let list: [JSON] =
          if description["combined"].exists {
            description["loaders"].members.isEmpty
              ? description["loaders"].list : description["loaders"].members.map(\.value)
          } else if description.value is [Any] {
            description.list
          } else {
            [description]
          }
        return try list.enumerated().compactMap { place, one in
          try GoldenData.loader(stage, one, place: place)
        }
      }
    }
  }

  private init<Batch>(
    _ script: GoldenScript, _ folder: String, _ loggers: [any Logger], _ given: [Callback]?,
    tensors: @escaping (Batch) -> [Tensor],
    _ make: @escaping (String, JSON) throws -> [BatchLoader<Batch>]
  ) throws {
    self.script = script
    let described = script.configuration
    seedEverything(42)
    let module = GoldenModule(script, tensors: tensors)
    let data =
      described["data"]["batch_size"].exists
      ? SizedDataModule(script, make: make) : GoldenDataModule(script, make: make)
    module.data = data
    let names = described["watchers"].exists ? described["watchers"].list.compactMap(\.text) : ["C"]
    let callbacks =
      described["without_callback"].bool == true
      ? [] : names.map { GoldenCallback(script, name: $0) }
    others =
      try given
      ?? described["callbacks"].list.map {
        try GoldenCallbacks.make($0["name"].text ?? "", $0["arguments"], folder: folder)
      }
    self.module = module
    logger = CallLogger()
    logger.onCall = { script.trace.append($0) }
    trainer = Trainer(
      try Self.configuration(described["trainer"], root: folder), callbacks: others + callbacks,
      logger: logger, loggers: loggers)
    data.willLoad = { stage, count in
      guard stage != "train" else { return }
      module.hasSeveralLoaders = count > 1
      for callback in callbacks { callback.hasSeveralLoaders = count > 1 }
    }
    self.callbacks = callbacks
    let trainer = trainer
    let byModule = described["loaders_by"].text == "module"
    parameters = { module.parameters.flatMap { $0.value.to(.float64).scalars(as: Double.self) } }
    runCall = { call, path in
      let source = byModule ? nil : data
      switch call {
      case "fit": try await trainer.fit(module, dataModule: source, checkpointPath: path)
      case "validate":
        return try await trainer.validate(
          module, dataModule: source, checkpointPath: path, verbose: false)
      case "test":
        return try await trainer.test(
          module, dataModule: source, checkpointPath: path, verbose: false)
      default: _ = try await trainer.predict(module, dataModule: source, checkpointPath: path)
      }
      return []
    }
  }

  var weights: [Double] { parameters() }

  /// Runs one of the configuration's calls, from what its description says.
  func call(_ described: JSON, folder: String) async throws -> [[String: Double]] {
    let name = described.text ?? described["call"].text ?? ""
    script.trace.append("=== \(name)")
    for callback in callbacks { (callback.order, callback.rates, callback.saves) = ([], [], []) }
    logger.calls = []
    return try await runCall(name, described["ckpt_path"].text.map { Self.path($0, in: folder) })
  }

  /// Lightning's name of a checkpoint as Levin's.
  private static func path(_ golden: String, in folder: String) -> String {
    guard golden.hasSuffix(".ckpt") else { return golden }
    let name = golden.split(separator: "/").last.map(String.init) ?? golden
    let place = golden.hasPrefix("there/") ? "/there/" : "/checkpoints/"
    return folder + place + name.dropLast(5) + ".safetensors"
  }
}
