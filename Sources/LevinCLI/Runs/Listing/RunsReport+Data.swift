internal import Foundation

extension RunsReport {
  /// For programs: everything, with all digits.
  var json: JSONText {
    .array(
      runs.map { run in
        .object([
          ("version", .string(run.name)), ("folder", .string(run.folder)),
          ("started", .optional(run.started) { .number($0) }),
          ("length", .optional(run.length) { .number($0) }),
          ("epochs", .optional(run.epochs) { .integer($0) }),
          ("steps", .optional(run.steps) { .integer($0) }),
          (
            "hyperparameters",
            .object(
              run.hyperparameters.entries.map {
                ($0.name, run.hyperparameters.json($0.name) ?? .null)
              })
          ),
          ("metrics", .object(run.metrics.map { ($0.tag, $0.json) })),
          ("checkpoints", .array(run.checkpoints.map { .string($0.path) })),
          ("weights_from", .optional(run.info.weightsFrom) { .string($0) }),
          ("status", .string(run.info.status.rawValue)),
          ("problems", .array(run.problems.map { .string($0) })),
        ])
      })
  }

  /// For spreadsheets: one line a run.
  var csv: [String] {
    var header = ["version", "started", "length", "epochs", "steps"] + differing
    for tag in metrics { header += [tag, tag + " best", tag + " best step"] }
    header += ["checkpoints"] + (hasSources ? ["weights from"] : []) + ["status"]
    return [CSVText.line(header)]
      + runs.map { run in
        var fields = [
          run.name, run.started.map(NumberText.exact) ?? "",
          run.length.map(NumberText.exact) ?? "", run.epochs.map(String.init) ?? "",
          run.steps.map(String.init) ?? "",
        ]
        fields += differing.map { run.hyperparameters[$0] ?? "" }
        for tag in metrics {
          let metric = run.metric(tag)
          fields += [
            metric.map { NumberText.exact($0.final) } ?? "",
            metric?.best.map(NumberText.exact) ?? "", metric?.bestStep.map(String.init) ?? "",
          ]
        }
        fields.append(String(run.checkpoints.count))
        if hasSources { fields.append(run.info.weightsFrom ?? "") }
        return CSVText.line(fields + [run.info.status.rawValue])
      }
  }
}

extension MetricSummary {
  var json: JSONText {
    .object([
      ("final", .number(final)), ("final_step", .integer(finalStep)),
      ("best", .optional(best) { .number($0) }),
      ("best_step", .optional(bestStep) { .integer($0) }), ("points", .integer(count)),
    ])
  }
}
