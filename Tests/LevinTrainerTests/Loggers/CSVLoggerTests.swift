import Foundation
import Levin
import Testing

extension TrainerTests {
  @Suite struct CSVLoggerTests {
    private func text(_ folder: String, version: Int = 0) throws -> String {
      try String(
        contentsOfFile: folder + "/lightning_logs/version_\(version)/metrics.csv", encoding: .utf8)
    }

    /// Rows of cells; the golden files have quotes only around one name.
    private func cells(_ text: String) -> [[String]] {
      text.replacingOccurrences(of: "\"g,h\"", with: "g;h").components(separatedBy: "\r\n")
        .map { $0.components(separatedBy: ",") }
    }

    /// Lightning's metrics.csv, byte for byte but for the last bits of losses.
    @Test func everyGoldenFile() async throws {
      var count = 0
      for record in try JSON(file: "callbacks.json")["runs"].list {
        let described = record["configuration"]
        guard let name = described["name"].text, name.hasPrefix("CSVLogger") else { continue }
        count += 1
        try await withTemporaryFolder { folder in
          let monitor: [Callback] =
            described["callbacks"].list.isEmpty ? [] : [LearningRateMonitor(interval: .step)]
          let run = try await GoldenRun(
            described, folder: folder, loggers: [CSVLogger(saveDir: folder)], others: monitor)
          let calls = described["calls"].exists ? described["calls"].list : [JSON("fit")]
          for (call, golden) in zip(calls, record["calls"].list) {
            _ = try await run.call(call, folder: folder)
            let (found, wanted) = (cells(try text(folder)), cells(golden["csv"].text ?? ""))
            #expect(found.map(\.count) == wanted.map(\.count), "\(name)")
            for (row, wantedRow) in zip(found, wanted) {
              for (cell, wantedCell) in zip(row, wantedRow) where cell != wantedCell {
                guard let a = Double(cell), let b = Double(wantedCell), cell.contains(".") else {
                  Issue.record("\(name): \(row), Lightning: \(wantedRow)")
                  continue
                }
                #expect(abs(a - b) <= 1e-5 * abs(b), "\(name): \(row), Lightning: \(wantedRow)")
              }
            }
          }
        }
      }
      #expect(count == 4)
    }

    @Test func numbersAreWrittenAsPythonDoes() async throws {
      try await withTemporaryFolder { folder in
        let logger = CSVLogger(saveDir: folder, name: "")
        let values: [(Double, String)] = [
          (1e16, "1e+16"), (-1.25e16, "-1.25e+16"), (1.7e16, "1.7e+16"),
          (1e15, "1000000000000000.0"),
          (1e-5, "1e-05"), (0.0001, "0.0001"), (-.infinity, "-inf"), (-0.0, "-0.0"),
          (1e100, "1e+100"),
        ]
        for (index, value) in values.enumerated() {
          try logger.logMetrics([("x", value.0)], step: index)
        }
        let lines = try String(contentsOfFile: folder + "/version_0/metrics.csv", encoding: .utf8)
        let expected = values.enumerated().map { "\($0.offset),\($0.element.1)\r\n" }.joined()
        #expect(lines == "step,x\r\n" + expected)
      }
    }

    @Test func namesThatNeedQuotesSurviveANewColumn() async throws {
      try await withTemporaryFolder { folder in
        let logger = CSVLogger(saveDir: folder, name: "", prefix: "p")
        try logger.logMetrics([("a \"b\"", 1), ("c,d\ne", 2)], step: 0)
        try logger.logMetrics([("b", 3)], step: 1)
        let lines = try String(contentsOfFile: folder + "/version_0/metrics.csv", encoding: .utf8)
        #expect(
          lines
            == "\"p-a \"\"b\"\"\",p-b,\"p-c,d\ne\",step\r\n1.0,,2.0,0\r\n,3.0,,1\r\n")
      }
    }

    /// A training that resumes removes the rows that it writes again, and leaves the file of one that never stopped.
    @Test(arguments: [3, 5, 7, 10])
    func aResumedTrainingHasTheRowsOfAWholeOne(step: Int) async throws {
      final class Module: BoringModule {
        override func onTrainEpochEnd() throws { log("late", Double(currentEpoch)) }
      }
      func run(_ folder: String, from path: String? = nil) async throws -> String {
        let data = BoringData()
        data.trainCount = 20
        let module = Module()
        module.layer.weight.assign(.ones([2, 4]))
        module.layer.bias?.assign(.ones([2]))
        let trainer = Trainer.quiet(
          maxEpochs: 3, root: folder,
          callbacks: [ModelCheckpoint(saveTopK: -1, everyNTrainSteps: step)],
          logger: CSVLogger(saveDir: folder))
        try await trainer.fit(module, dataModule: data, checkpointPath: path)
        return try text(folder)
      }
      try await withTemporaryFolder { folder in
        let whole = try await run(folder)
        let run0 = folder + "/lightning_logs/version_0"
        let epoch = (step - 1) / 5
        // Half a line, as a killed process may leave it.
        try (whole + "1,").write(toFile: run0 + "/metrics.csv", atomically: true, encoding: .utf8)
        let again = try await run(
          folder, from: run0 + "/checkpoints/epoch=\(epoch)-step=\(step).safetensors")
        #expect(again == whole)
        #expect(names(in: folder + "/lightning_logs") == ["version_0"])
      }
    }

    @Test func anEarlierFileInAChosenFolderIsReplaced() async throws {
      try await withTemporaryFolder { folder in
        for value in [1.0, 2.0] {
          let logger = CSVLogger(saveDir: folder, name: "n", version: "mine")
          try logger.logMetrics([("x", value)], step: 0)
        }
        let lines = try String(contentsOfFile: folder + "/n/mine/metrics.csv", encoding: .utf8)
        #expect(lines == "step,x\r\n0,2.0\r\n")
      }
    }
  }
}
