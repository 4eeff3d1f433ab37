import Foundation
import Levin
import Testing

extension TrainerTests {
  /// The order in which Lightning calls hooks, and in which Levin does.
  @Suite struct GoldenTraceTests {
    /// Where Levin differs by intention.
    static let differences: [String: String] = [
      "without validation step": "validation loaders without a validation step are an error",
      "interrupted by the keyboard": "an interruption is not an error of a step",
    ]

    /// Calls that only one of the two has, apart from their order among the others.
    static func isCompared(_ line: String) -> Bool {
      let name = line.split(separator: " ").first.map(String.init) ?? line
      return (!name.hasPrefix("L.") || name == "L.log_metrics") && !name.hasPrefix("E.")
        && !name.hasPrefix("K.") && !name.hasSuffix("state_dict")
    }

    /// Metrics in the order of the alphabet, without the epoch, which Lightning adds to each call.
    static func sorted(_ line: String) -> String {
      guard line.hasPrefix("L.log_metrics"), let at = line.range(of: " @ ") else { return line }
      let names = line[..<at.lowerBound].split(separator: " ").dropFirst().filter { $0 != "epoch" }
      return "L.log_metrics \(names.sorted().joined(separator: " "))\(line[at.lowerBound...])"
    }

    @Test func everySituation() async throws {
      let only = ProcessInfo.processInfo.environment["LEVIN_GOLDEN_RUN"]
      for record in try JSON(file: "traces.json")["traces"].list {
        let configuration = record["configuration"]
        let name = configuration["name"].text ?? ""
        guard Self.differences[name] == nil, only.map({ name.contains($0) }) ?? true else {
          continue
        }
        try await withTemporaryFolder { folder in
          var lines: [String] = []
          let runs =
            configuration["runs"].exists ? configuration["runs"].list : [JSON([String: Any]())]
          for (place, part) in runs.enumerated() {
            if place > 0 { lines.append("=== new trainer") }
            let base = configuration.value as? [String: Any] ?? [:]
            let described = JSON(base.merging(part.value as? [String: Any] ?? [:]) { $1 })
            let run = try await GoldenRun(described, folder: folder)
            for call in described["calls"].exists ? described["calls"].list : [JSON("fit")] {
              do {
                _ = try await run.call(call, folder: folder)
              } catch {
                run.script.trace.append("=== raised RuntimeError")
              }
            }
            lines += run.script.trace
          }
          // Where a hook was made to fail or to return something, its line was noted without the batch.
          let plain =
            configuration["module"]["raises"]["hook"].text
            ?? (configuration["module"]["minus_one_at"].exists ? "on_train_batch_start" : "-")
          func normal(_ line: String) -> String {
            line.hasPrefix("M.\(plain)") ? "M.\(plain)" : Self.sorted(line)
          }
          let found = lines.filter(Self.isCompared).map(normal)
          let expected = record["trace"].list.compactMap(\.text).filter(Self.isCompared).map(normal)
          if found != expected {
            let place =
              zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
              ?? min(found.count, expected.count)
            func around(_ lines: [String]) -> String {
              lines[max(0, place - 4)..<min(lines.count, place + 5)].joined(separator: "\n    ")
            }
            Issue.record(
              "\(name), at call \(place):\n  Levin:\n    \(around(found))\n  Lightning:\n    \(around(expected))"
            )
          }
        }
      }
    }
  }
}
