import Foundation
import Levin
import Testing

@testable import LevinTrainer

extension TrainerTests {
  /// What Lightning's callbacks do in 150 configurations, and what Levin's do.
  @Suite struct GoldenCallbackTests {
    /// Where Levin differs by intention: the whole configuration, or some of what was recorded.
    static let differences: [String: (fields: Set<String>, why: String)] = [
      "ModelCheckpoint: template with a slash": (
        ["files", "paths"], "a slash in the name of a metric becomes '-' instead of a folder"
      ),
      "ModelCheckpoint: no time": (["state_key"], "a time is written as everywhere"),
      "ModelCheckpoint: a day": (["state_key"], "a time is written as everywhere"),
      "ModelCheckpoint: with enable_checkpointing false": (
        ["error"], "a callback that is given stays"
      ),
      "OnExceptionCheckpoint: the next fit resumes by itself": (
        ["all"], "a training resumes only from a checkpoint that it is given"
      ),
      "OnExceptionCheckpoint": (["files"], "a ModelCheckpoint is added, too"),
      "OnExceptionCheckpoint: no error": (["files"], "a ModelCheckpoint is added, too"),
      "ThroughputMonitor": (
        ["logged", "callback_metrics"],
        "times are not compared, and a validation is logged once, at its end"
      ),
      "ModelCheckpoint: none but the last": (
        ["saves"], "the last one is written after each epoch, so that none is lost"
      ),
      "ModelSummary: example input": (
        ["buffers", "logged", "callback_metrics"],
        "the example does not count among the batches that batch normalization has seen"
      ),
      "EarlyStopping: unknown mode": (["all"], "the compiler refuses it"),
      "ModelCheckpoint: unknown mode": (["all"], "the compiler refuses it"),
      "Timer: wrong interval": (["all"], "the compiler refuses it"),
      "Timer: beside max_time": (["all"], "both limits hold"),
      "StochasticWeightAveraging: batch normalization": (
        ["order", "logged", "rates", "global_step", "current_epoch", "callback_metrics"],
        "the statistics are computed without an epoch of their own"
      ),
    ]
    /// What CSVLogger and the profilers write has tests of its own.
    static let others = ["CSVLogger", "simple profiler"]

    @Test func everyConfiguration() async throws {
      let file = try JSON(file: "callbacks.json")
      let only = ProcessInfo.processInfo.environment["LEVIN_GOLDEN_RUN"]
      var names: Set<String> = []
      for run in file["runs"].list {
        let name = run["configuration"]["name"].text ?? ""
        guard !Self.others.contains(where: { name.hasPrefix($0) }) else { continue }
        names.insert(name)
        guard only.map({ name.contains($0) }) ?? true, Self.differences[name]?.fields != ["all"]
        else { continue }
        try await withTemporaryFolder { try await check(run, name, folder: $0) }
      }
      #expect(names.isSuperset(of: Self.differences.keys))
    }

    private func check(_ record: JSON, _ name: String, folder: String) async throws {
      let configuration = record["configuration"]
      let parts = configuration["runs"].exists ? record["runs"].list : [record]
      let skipped = Self.differences[name]?.fields ?? []
      for (place, part) in parts.enumerated() {
        let described = GoldenRunTests.merged(configuration, configuration["runs"][place])
        let run: GoldenRun
        do {
          run = try await GoldenRun(described, folder: folder)
        } catch is GoldenCallbacks.Unknown {
          Issue.record("\(name): there is no such callback")
          return
        } catch {
          #expect(
            part["error"].exists || part["calls"][0]["error"].exists,
            "\(name): refused with \(error)")
          continue
        }
        let calls = described["calls"].exists ? described["calls"].list : [JSON("fit")]
        guard !part["error"].exists else {
          // Lightning refuses some things when it makes the trainer.
          guard !skipped.contains("error") else { continue }
          await #expect(throws: (any Error).self, "\(name): \(part["error"][1].text ?? "")") {
            _ = try await run.call(calls[0], folder: folder)
          }
          continue
        }
        for (call, golden) in zip(calls, part["calls"].list) {
          var found: [[String: Double]] = []
          var failure: (any Error)?
          do { found = try await run.call(call, folder: folder) } catch { failure = error }
          let place = "\(name), \(golden["call"].text ?? "")"
          GoldenRunTests.compare(run, golden, found, failure, place, skipping: skipped)
          compare(run, golden, place, folder: folder, skipping: skipped)
        }
      }
    }

    private func compare(
      _ run: GoldenRun, _ golden: JSON, _ place: String, folder: String,
      skipping skipped: Set<String>
    ) {
      func isWanted(_ field: String) -> Bool { !skipped.contains(field) && golden[field].exists }
      if isWanted("files") {
        let wanted = golden["files"].list.compactMap { $0.text.map(Self.path) }
        #expect(Self.files(in: folder) == wanted.sorted(), "\(place)")
      }
      if golden["trainable"].exists {
        for (name, wanted) in golden["trainable"].members {
          let parameter = run.module.parameter(at: name)
          #expect(parameter?.requiresGradient == wanted.bool, "\(place), \(name)")
        }
        let groups = run.groups.map { "\($0.count) \(Float($0.rate))" }
        let wanted = golden["groups"].list.map {
          "\($0[0].int ?? 0) \(Float($0[1].number ?? 0))"
        }
        #expect(groups == wanted, "\(place)")
      }
      if isWanted("buffers") {
        for (name, wanted) in golden["buffers"].members {
          let found = run.module.buffer(at: name)?.value.to(.float64).scalars(as: Double.self) ?? []
          let wanted = wanted.value is [Any] ? wanted.list : [wanted]
          #expect(
            found.count == wanted.count
              && zip(found, wanted).allSatisfy { abs($0 - ($1.number ?? .nan)) < 1e-5 },
            "\(place), \(name): \(found)")
        }
      }
      compareSummary(run, golden, place)
      compareThroughput(run, golden, place)
      let saves = golden["saves"].list.filter { $0[0].text == "save" }
      if isWanted("files"), !skipped.contains("saves"), let callback = run.callbacks.first,
        run.others.contains(where: { $0 is ModelCheckpoint })
      {
        #expect(callback.saves == saves.compactMap { $0[2].int }, "\(place), saves")
      }
      for (callback, state) in zip(run.others, golden["callbacks"].list) {
        compare(callback, state, place, folder: folder, skipping: skipped)
      }
    }

    /// The names of what is logged of a training, and when.
    private func compareThroughput(_ run: GoldenRun, _ golden: JSON, _ place: String) {
      guard run.others.contains(where: { $0 is ThroughputMonitor }) else { return }
      let found = run.logger.calls.filter { $0.metrics.contains { $0.name == "train/time" } }
      let wanted = golden["logged"].list.filter {
        $0[1].list.contains { $0[0].text == "train/time" }
      }
      #expect(
        found.map { "\($0.step) \($0.metrics.map(\.name).joined(separator: " "))" }
          == wanted.map {
            "\($0[0].int ?? -1) \($0[1].list.compactMap { $0[0].text }.joined(separator: " "))"
          }, "\(place)")
    }

    /// The table that Lightning prints, line by line; it has a column of FLOPs even where there are none.
    private func compareSummary(_ run: GoldenRun, _ golden: JSON, _ place: String) {
      let depth = run.others.lazy.compactMap { ($0 as? ModelSummary)?.options.maxDepth }.first ?? 1
      let texts = golden["messages"].list.compactMap { $0[1].text }
      guard let wanted = texts.first(where: { $0.contains("Total params") }) else { return }
      let example = try? run.module.exampleInput.map { try ExampleRun(of: run.module, $0) }
      let found = ModelSummary.text(of: run.module, example, maxDepth: depth, width: .max)
      func cells(_ text: String) -> [[String]] {
        text.split(separator: "\n").filter { !$0.contains("Total F") && !$0.hasPrefix("---") }.map {
          var cells = $0.split(separator: "|").map { String($0.trimming(" ")) }
          if cells.count == 6 { cells.removeLast() }
          return cells.count == 1 ? cells[0].split(separator: " ").map(String.init) : cells
        }
      }
      #expect(cells(found) == cells(wanted), "\(place)")
    }

    private func compare(
      _ callback: Callback, _ golden: JSON, _ place: String, folder: String,
      skipping skipped: Set<String>
    ) {
      if golden["state_key"].exists, !skipped.contains("state_key") {
        #expect(callback.stateKey == golden["state_key"].text, "\(place)")
      }
      func path(_ found: String?, _ key: String) {
        let wanted = golden[key].text.map(Self.path) ?? ""
        #expect((found.map { Self.relative($0, to: folder) } ?? "") == wanted, "\(place), \(key)")
      }
      func number(_ found: Double?, _ key: String) {
        let wanted = golden[key].number
        #expect(
          found.map { GoldenRunTests.isClose($0, wanted) } ?? (wanted?.isFinite != true),
          "\(place), \(key): \(found.map { "\($0)" } ?? "nil"), \(wanted.map { "\($0)" } ?? "nil")")
      }
      switch callback {
      case let callback as ModelCheckpoint where !skipped.contains("paths"):
        path(callback.bestModelPath, "best_model_path")
        path(callback.lastModelPath, "last_model_path")
        path(callback.kthBestModelPath, "kth_best_model_path")
        number(callback.bestModelScore, "best_model_score")
        number(callback.currentScore, "current_score")
        number(callback.kthValue, "kth_value")
        let models = golden["best_k_models"].members
        #expect(
          Set(callback.bestKModels.keys.map { Self.relative($0, to: folder) })
            == Set(models.map { Self.path($0.key) }), "\(place)")
      case let callback as EarlyStopping:
        #expect(callback.waitCount == golden["wait_count"].int, "\(place)")
        #expect(callback.stoppedEpoch ?? 0 == golden["stopped_epoch"].int, "\(place)")
        number(callback.bestScore, "best_score")
        let reasons: [EarlyStopping.Reason: String] = [
          .patienceExhausted: "PATIENCE_EXHAUSTED", .stoppingThreshold: "STOPPING_THRESHOLD",
          .divergenceThreshold: "DIVERGENCE_THRESHOLD", .nonFiniteMetric: "NON_FINITE_METRIC",
        ]
        #expect(
          (callback.stoppingReason.flatMap { reasons[$0] } ?? "NOT_STOPPED")
            == golden["stopping_reason"].text, "\(place)")
      case let callback as LearningRateFinder where golden["lrs"].exists:
        func same(_ found: [Double], _ key: String) {
          let wanted = golden[key].list.compactMap(\.number)
          #expect(
            found.count == wanted.count
              && zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) + 1e-12 },
            "\(place), \(key): \(found)")
        }
        same(callback.rates, "lrs")
        same(callback.losses, "losses")
        number(callback.suggestion, "suggestion")
      case let callback as BatchSizeFinder:
        if let found = callback.optimalBatchSize {
          #expect(found == golden["optimal_batch_size"].int, "\(place)")
        }
      case let callback as StochasticWeightAveraging:
        #expect(callback.averagedCount == golden["n_averaged"].int ?? 0, "\(place)")
      case let callback as WeightAveraging:
        for (key, prefix) in [("state_dict", ""), ("current_model_state", "current")]
        where golden[key].exists {
          let file = Self.files(in: folder).last { $0.hasSuffix(".safetensors") } ?? ""
          let found = try? Self.weights(at: folder + "/" + file, prefix: prefix)
          let wanted = golden[key].list.compactMap(\.number)
          #expect(
            found?.count == wanted.count
              && zip(found ?? [], wanted).allSatisfy { abs($0 - $1) < 2e-5 }, "\(place), \(key)")
        }
        #expect(callback.averagedModel != nil, "\(place)")
      default: break
      }
    }

    /// The weights of a checkpoint, or those that a training goes on with.
    private static func weights(at path: String, prefix: String) throws -> [Double] {
      let checkpoint = try Checkpoint(path: path)
      let tensors =
        prefix.isEmpty
        ? checkpoint.weights.map(\.tensor)
        : checkpoint.weights.compactMap { checkpoint.tensors["current_model_state.\($0.name)"] }
      return tensors.flatMap { $0.to(.float64).scalars(as: Double.self) }
    }

    /// Lightning's path of a checkpoint as Levin's, relative to the folder.
    private static func path(_ golden: String) -> String {
      golden.replacing("memory/version_0/", with: "").replacing(".ckpt", with: ".safetensors")
    }

    private static func relative(_ path: String, to folder: String) -> String {
      path.replacing(folder + "/", with: "")
    }

    /// All files below a folder, sorted, links with their targets.
    private static func files(in folder: String) -> [String] {
      let manager = FileManager.default
      return (manager.subpaths(atPath: folder) ?? []).compactMap { name in
        let path = folder + "/" + name
        if let target = try? manager.destinationOfSymbolicLink(atPath: path) {
          return "\(name) -> \(target)"
        }
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
          return nil
        }
        return name
      }.sorted()
    }
  }
}

extension Substring {
  fileprivate func trimming(_ character: Character) -> Substring {
    var text = drop { $0 == character }
    while text.last == character { text.removeLast() }
    return text
  }
}
