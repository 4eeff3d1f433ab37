import Foundation
import Levin
import Testing

@testable import LevinTrainer

extension TrainerTests {
  @Suite struct ProfilerTests {
    /// The rows of a report: actions and how often they were called.
    private func rows(_ report: String) -> [String: Int] {
      var found: [String: Int] = [:]
      for line in report.split(separator: "\n") where line.hasPrefix("|") {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        if let calls = Int(cells[2]) { found[cells[0]] = calls }
      }
      return found
    }

    /// Lightning's actions in Levin's words; nil for those that Levin does not have.
    private func levinName(_ action: String) -> String? {
      let parts = action.replacingOccurrences(of: "{'monitor': 'v', 'mode': 'min'}", with: "")
        .split(separator: ".").map(String.init)
      let absent = [
        "on_before_batch_transfer", "transfer_batch_to_device", "batch_to_device", "setup",
        "teardown",
      ]
      let method = parts.last ?? ""
      let words = method.split(separator: "_").map(String.init)
      let name = words[0] + words.dropFirst().map(\.capitalized).joined()
      switch parts[0] {
      case "[Callback]EarlyStopping": return "[Callback]EarlyStopping.\(name)"
      case "[LightningModule]Boring":
        return absent.dropLast(2).contains(method) ? nil : "[LightningModule]Boring.\(name)"
      case "[Strategy]SingleDeviceStrategy":
        let isStep = method.hasSuffix("_step") || method == "backward"
        return isStep ? "[LightningModule]Boring.\(name)" : nil
      case "[_TrainingEpochLoop]": return "[FitLoop].trainDataLoaderNext"
      case "[_EvaluationLoop]": return "[EvaluationLoop].\(name)"
      default: return name
      }
    }

    /// The actions of Lightning's simple profiler, and how often it counts each.
    @Test func simpleCountsWhatLightningCounts() async throws {
      let runs = try JSON(file: "callbacks.json")["runs"].list
      let record = try #require(
        runs.first { $0["configuration"]["name"].text == "simple profiler" })
      let members = record["configuration"].value as? [String: Any] ?? [:]
      let described = JSON(members.merging(["without_callback": true]) { $1 })
      try await withTemporaryFolder { folder in
        let run = try await GoldenRun(
          described, folder: folder,
          others: [EarlyStopping(monitor: "v")])
        for (call, golden) in zip(["fit", "test"], record["calls"].list) {
          _ = try await run.call(JSON(call), folder: folder)
          let report = run.trainer.profiler.summary() ?? ""
          var found: [String: Int] = [:]
          for (action, calls) in rows(report) {
            let plain = action.replacingOccurrences(of: "GoldenModule<Tensor>", with: "Boring")
              .replacing(/EarlyStopping\{.*\}/, with: "EarlyStopping")
            found[plain, default: 0] += calls
          }
          for row in golden["profile"]["rows"].list {
            guard let action = row[0].text, let name = levinName(action) else { continue }
            #expect(found[name] == row[1].int, "\(call): \(action)")
          }
          // The head, for the width of Levin's names.
          let width = rows(report).keys.map(\.count).max() ?? 0
          let wanted = golden["profile"]["head"].list.compactMap(\.text)
          let goldenWidth =
            (wanted[3].split(separator: "\t").first?.count ?? 0) - "|  ".count
          let head = report.components(separatedBy: "\n").prefix(wanted.count).map { line in
            line.hasPrefix("|  Total") ? String(line.prefix(while: { $0 != "-" })) : line
          }
          for (line, golden) in zip(head, wanted) {
            if golden.hasPrefix("---") {
              // Tabs make widths multiples of eight.
              let tab = { (count: Int) in (count + 3) / 8 }
              let more = 8 * (tab(width) - tab(goldenWidth))
              #expect(line == String(repeating: "-", count: golden.count + more))
            } else {
              let padded = golden.replacingOccurrences(
                of: String(repeating: " ", count: goldenWidth - "Action".count) + "\t",
                with: String(repeating: " ", count: width - "Action".count) + "\t")
              #expect(padded.hasPrefix(line) || golden.hasPrefix("|  Total"), "\(line)")
            }
          }
        }
      }
    }

    @Test func numbersHaveFiveDigitsAsInPython() {
      let cases: [(Double, String)] = [
        (1, "1.0"), (12345, "1.2345e+04"), (123456, "1.2346e+05"), (0.000012345678, "1.2346e-05"),
        (100, "100.0"), (99.99999, "100.0"), (1234.5678, "1234.6"), (0, "0.0"), (9999.97, "1e+04"),
      ]
      for (value, text) in cases { #expect(ActionTable.number(value) == text) }
    }

    @Test func aReportMayGoToAFileAndHasOnesOwnActions() async throws {
      final class Module: BoringModule {
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          try trainer?.profiler.profile("my part") {
            try super.trainingStep(batch, batchIndex: batchIndex)
          }
        }
      }
      try await withTemporaryFolder { folder in
        var configuration = TrainerConfiguration()
        configuration.maxEpochs = 2
        configuration.enableProgressBar = false
        configuration.enableModelSummary = false
        configuration.defaultRootDir = folder
        let trainer = Trainer(
          configuration, profiler: SimpleProfiler(fileName: "perf", extended: true))
        try await trainer.fit(Module(), dataModule: BoringData())
        let path = folder + "/lightning_logs/version_0/fit-perf.txt"
        let report = try String(contentsOfFile: path, encoding: .utf8)
        #expect(report.hasPrefix("FIT Profiler Report\n\n-----"))
        #expect(rows(report)["my part"] == 4)
        #expect(rows(report)["[Trainer].saveCheckpoint"] == 2)
        #expect((rows(report)["[Profiler]SimpleProfiler"] ?? 0) > 100)
        #expect(report.contains("Peak memory of tensors: "))
      }
    }

    @Test func withoutAProfilerNothingIsMeasured() async throws {
      let trainer = Trainer.quiet(maxEpochs: 1)
      try await trainer.fit(BoringModule(), dataModule: BoringData())
      #expect(trainer.profiler is PassThroughProfiler)
      #expect(trainer.profiler.summary() == nil)
      let three = trainer.profiler.profile("x") { 3 }
      #expect(three == 3)
    }

    /// An event of a trace.
    struct Event: Decodable {
      let name, ph: String
      let cat: String?
      let ts, dur: Double?
      let args: [String: Argument]?
      enum Argument: Decodable, Equatable {
        case text(String), number(Double)
        init(from decoder: any Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let number = try? container.decode(Double.self) {
            self = .number(number)
          } else {
            self = .text(try container.decode(String.self))
          }
        }
      }
    }

    @Test func aTraceHasStepsOperationsLoadingAndLogging() async throws {
      /// Keeps its weights, so that the optimizer must copy them.
      final class Keeping: BoringModule {
        var kept: [Tensor] = []
        override func trainingStep(_ batch: Tensor, batchIndex: Int) throws -> Tensor? {
          kept = [layer.weight.value]
          return try super.trainingStep(batch, batchIndex: batchIndex)
        }
      }
      try await withTemporaryFolder { folder in
        var configuration = TrainerConfiguration()
        configuration.maxEpochs = 2
        configuration.logEveryNSteps = 1
        configuration.enableProgressBar = false
        configuration.enableModelSummary = false
        configuration.defaultRootDir = folder
        let profiler = AdvancedProfiler(fileName: "perf")
        let trainer = Trainer(configuration, profiler: profiler)
        try await trainer.fit(Keeping(), dataModule: BoringData())
        let run = folder + "/lightning_logs/version_0"
        let path = try #require(profiler.tracePath)
        #expect(path == run + "/fit-perf.json")
        let events = try JSONDecoder().decode(
          [Event].self, from: Data(contentsOf: URL(filePath: path)))
        func count(_ name: String, _ category: String) -> Int {
          events.count { $0.name == name && $0.cat == category && $0.ph == "X" }
        }
        #expect(count("runTrainingBatch", "loop") == 4)
        #expect(count("[LightningModule]Keeping.trainingStep", "step") == 4)
        #expect(count("[FitLoop].trainDataLoaderNext", "loading") == 4)
        #expect(count("[Logger].logMetrics", "logging") == 6)
        #expect(count("[Trainer].saveCheckpoint", "checkpoint") == 2)
        // A linear layer in each training and each validation step (two of those are the sanity check).
        #expect(count("linear(weight:bias:relu:)", "operation") == 10)
        #expect(events.contains { $0.cat == "backward" })
        let linear = try #require(events.first { $0.name == "linear(weight:bias:relu:)" })
        #expect(linear.args?["module"] == .text("Linear \"layer\""))

        // All that takes time nests: what overlaps is within.
        let spans = events.compactMap { event in
          event.dur.flatMap { length in event.ts.map { ($0, $0 + length) } }
        }.sorted { ($0.0, -$0.1) < ($1.0, -$1.1) }
        var open: [(Double, Double)] = []
        for span in spans {
          while let last = open.last, last.1 <= span.0 { open.removeLast() }
          if let last = open.last { #expect(span.1 <= last.1 + 0.001) }
          open.append(span)
        }

        // The weights that the step kept were copied once a step.
        let copies = events.filter { $0.name == "copy on write" }
        #expect(copies.count == 4)
        #expect(copies.allSatisfy { $0.args?["holder"] == .text("layer.weight") })
        let report = try String(contentsOfFile: run + "/fit-perf.txt", encoding: .utf8)
        #expect(
          report.contains(
            "128 B in 4 copies of layer.weight, in [LightningModule]Keeping.optimizerStep"))
        #expect(rows(report)["[Operation]linear(weight:bias:relu:)"] == 10)
      }
    }

    @Test func aProfilerOfOnesOwnGetsActions() async throws {
      final class Own: Profiler {
        var depth = 0
        var names: Set<String> = []
        var kinds: Set<ProfiledAction.Kind> = []
        override func start(_ action: ProfiledAction) {
          depth += 1
          names.insert(action.name)
          kinds.insert(action.kind)
        }
        override func stop(_ action: ProfiledAction) { depth -= 1 }
      }
      let own = Own()
      let trainer = Trainer(maxEpochs: 1, profiler: own) {
        $0.enableProgressBar = false
        $0.enableModelSummary = false
        $0.logger = false
        $0.enableCheckpointing = false
      }
      try await trainer.fit(BoringModule(), dataModule: BoringData())
      #expect(own.depth == 0)
      #expect(own.names.contains("[LightningModule]BoringModule.onTrainBatchEnd"))
      #expect(own.kinds == [.hook, .step, .loop, .loading, .logging])
    }
  }
}
