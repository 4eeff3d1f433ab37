import Foundation
import Levin
import Testing

extension TrainerTests {
  /// What Lightning logs, returns and trains under many flags, and what Levin does.
  @Suite struct GoldenRunTests {
    /// Where Levin differs by intention: the whole configuration, or some of what was recorded.
    static let differences: [String: (fields: Set<String>, why: String)] = [
      "no validation step": (["all"], "validation loaders without a validation step are an error"),
      "accumulate_grad_batches 0": (["all"], "it is refused; Lightning divides by zero"),
      "accumulate_grad_batches 3": (["all"], "the last window is divided by what it holds"),
      "accumulate_grad_batches 16 of 8": (["all"], "the last window is divided by what it holds"),
      "one cycle over the estimated steps, accumulation 3": (
        ["all"], "the last window is divided by what it holds"
      ),
      "combined training loaders: sequential": (["error"], "Levin has it for training too"),
      "log: epoch and step as keys": (["all"], "a metric named epoch is refused"),
      "log: refused, a text": (["error"], "the compiler refuses it"),
      "log: refused, nothing": (["error"], "the compiler refuses it"),
      "log: refused, a wrong reduction": (["error"], "the compiler refuses it"),
      "log: refused, one key for several loaders": (
        ["error"], "addLoaderIndex: false combines the loaders"
      ),
      "barebones with logging": (["all"], "a bare trainer leaves logging out"),
      "resume in the middle of an epoch": (["all"], "Levin goes on with the next batch"),
      "resume with fewer epochs": (["error"], "an error says that nothing is left to train"),
    ]

    @Test func everyConfiguration() async throws {
      let file = try JSON(file: "runs.json")
      let only = ProcessInfo.processInfo.environment["LEVIN_GOLDEN_RUN"]
      for run in file["runs"].list {
        let name = run["configuration"]["name"].text ?? ""
        guard only.map({ name.contains($0) }) ?? true, Self.differences[name]?.fields != ["all"]
        else { continue }
        try await withTemporaryFolder { try await check(run, name, folder: $0) }
      }
    }

    private func check(_ record: JSON, _ name: String, folder: String) async throws {
      let configuration = record["configuration"]
      let parts = configuration["runs"].exists ? record["runs"].list : [record]
      for (place, part) in parts.enumerated() {
        let described = Self.merged(configuration, configuration["runs"][place])
        let run: GoldenRun
        do {
          run = try await GoldenRun(described, folder: folder)
        } catch {
          #expect(part["error"].exists, "\(name): refused with \(error)")
          continue
        }
        let calls = described["calls"].exists ? described["calls"].list : [JSON("fit")]
        for (call, golden) in zip(calls, part["calls"].list) {
          var found: [[String: Double]] = []
          var failure: (any Error)?
          do { found = try await run.call(call, folder: folder) } catch { failure = error }
          Self.compare(
            run, golden, found, failure, "\(name), \(golden["call"].text ?? "")",
            skipping: Self.differences[name]?.fields ?? [])
        }
        if part["error"].exists {
          Issue.record("\(name): Lightning refuses this: \(part["error"][1])")
        }
      }
    }

    static func merged(_ whole: JSON, _ part: JSON) -> JSON {
      let base = whole.value as? [String: Any] ?? [:]
      return JSON(base.merging(part.value as? [String: Any] ?? [:]) { $1 })
    }

    static func compare(
      _ run: GoldenRun, _ golden: JSON, _ found: [[String: Double]], _ failure: (any Error)?,
      _ place: String, skipping skipped: Set<String>
    ) {
      func isWanted(_ field: String) -> Bool { !skipped.contains(field) && golden[field].exists }
      if !skipped.contains("error") {
        #expect(
          (failure != nil) == golden["error"].exists,
          "\(place): \(failure.map { "\($0)" } ?? "no error"), Lightning: \(golden["error"][1].text ?? "none")"
        )
      }
      guard failure == nil, !golden["error"].exists else { return }
      let callback = run.callbacks.first
      if isWanted("order") {
        #expect(callback?.order.joined(separator: " ") == golden["order"].text, "\(place)")
      }
      if isWanted("logged") {
        let lines = run.logger.calls.map { call in
          "\(call.step): " + call.metrics.map(\.name).sorted().joined(separator: " ")
        }
        let expected = golden["logged"].list.map { call in
          "\(call[0].int ?? -1): "
            + call[1].list.compactMap { $0[0].text }.sorted().joined(separator: " ")
        }
        #expect(lines == expected, "\(place)")
        for (call, wanted) in zip(run.logger.calls, golden["logged"].list) {
          for pair in wanted[1].list {
            guard let value = call.metrics.first(where: { $0.name == pair[0].text })?.value else {
              continue
            }
            #expect(
              isClose(value, pair[1].number), "\(place): \(pair[0].text ?? "") at \(call.step)")
          }
        }
      }
      if isWanted("rates") {
        let rates = golden["rates"].list.map { $0.list.compactMap(\.number) }
        #expect(callback?.rates.count == rates.count, "\(place)")
        for (found, wanted) in zip(callback?.rates ?? [], rates) {
          #expect(
            zip(found, wanted).allSatisfy { isClose($0, $1) }, "\(place): \(found), \(wanted)")
        }
      }
      if isWanted("weights") {
        let wanted = golden["weights"].list.compactMap(\.number)
        let found = run.weights
        // A training that diverges multiplies the differences in the last bits.
        let scale = max(wanted.map(abs).max() ?? 0, 1)
        #expect(
          found.count == wanted.count
            && zip(found, wanted).allSatisfy { abs($0 - $1) <= 2e-5 * scale },
          "\(place)")
      }
      if isWanted("global_step") {
        #expect(run.trainer.globalStep == golden["global_step"].int, "\(place)")
      }
      if isWanted("current_epoch") {
        #expect(run.trainer.currentEpoch == golden["current_epoch"].int, "\(place)")
      }
      if isWanted("should_stop") {
        #expect(run.trainer.shouldStop == golden["should_stop"].bool, "\(place)")
      }
      if isWanted("callback_metrics") {
        same(run.trainer.callbackMetrics, golden["callback_metrics"], "\(place), callback metrics")
      }
      if isWanted("returned"), golden["call"].text != "predict" {
        let wanted = golden["returned"].list
        #expect(found.count == wanted.count, "\(place)")
        for (found, wanted) in zip(found, wanted) { same(found, wanted, "\(place), returned") }
      }
    }

    /// Levin's callback metrics also have the last values of validation steps.
    private static func same(_ found: [String: Double], _ wanted: JSON, _ place: String) {
      #expect(Set(wanted.members.map(\.key)).isSubset(of: found.keys), "\(place)")
      for (key, value) in wanted.members {
        if let found = found[key] { #expect(isClose(found, value.number), "\(place): \(key)") }
      }
    }

    /// Equal up to the last bits of float32 sums in another order.
    static func isClose(_ a: Double, _ b: Double?) -> Bool {
      guard let b else { return false }
      if a.isNaN || b.isNaN || a.isInfinite || b.isInfinite { return "\(a)" == "\(b)" }
      return abs(a - b) <= 2e-6 + 1e-5 * abs(b)
    }
  }
}
