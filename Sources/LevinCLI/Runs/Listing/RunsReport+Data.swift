internal import LevinTensorBoard

extension RunsReport {
  /// The report as JSON, with all digits.
  var json: JSONText { .array(runs.map { .object($0.json) }) }

  /// The report as CSV: one line per run.
  var csv: [String] {
    var header = ["version", "started", "length", "epochs", "steps"]
    if hasParameters { header.append("parameters") }
    header += differing
    for tag in metrics { header += [tag, tag + " best", tag + " best step"] }
    header += ["checkpoints"] + (hasSources ? ["weights from"] : []) + ["status"]
    return [CSVText.line(header)]
      + runs.map { run in
        var fields = [
          run.name, run.started.map(NumberText.exact) ?? "",
          run.length.map(NumberText.exact) ?? "", run.epochs.map(String.init) ?? "",
          run.steps.map(String.init) ?? "",
        ]
        if hasParameters { fields.append(run.info.parameters.map(String.init) ?? "") }
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

extension RunOverview {
  /// A run as in `levin runs --json`.
  var json: [(String, JSONText)] {
    [
      ("version", .string(name)), ("folder", .string(folder)),
      ("started", .optional(started) { .number($0) }),
      ("length", .optional(length) { .number($0) }),
      ("epochs", .optional(epochs) { .integer($0) }),
      ("steps", .optional(steps) { .integer($0) }),
      ("parameters", .optional(info.parameters) { .integer($0) }),
      (
        "hyperparameters",
        .object(hyperparameters.entries.map { ($0.name, hyperparameters.json($0.name) ?? .null) })
      ),
      ("metrics", .object(metrics.map { ($0.tag, $0.json) })),
      ("checkpoints", .array(checkpoints.map { .string($0.path) })),
      ("weights_from", .optional(info.weightsFrom) { .string($0) }),
      ("status", .string(info.status.rawValue)),
      ("problems", .array(problems.map { .string($0) })),
    ]
  }

  /// The same, with the last texts and the other tags of the run.
  func jsonWithTags() throws -> [(String, JSONText)] {
    var texts: [(String, JSONText)] = []
    for tag in run.tags where tag.kind == .text {
      guard let last = try run.texts(tag.name, last: 1).first else { continue }
      texts.append(
        (
          tag.name,
          .object([("step", .integer(last.step)), ("text", .string(last.value.text))])
        ))
    }
    let tags = run.tags.map { tag in
      JSONText.object([
        ("tag", .string(tag.name)), ("kind", .string(tag.kind.name)),
        ("points", .integer(tag.count)),
      ])
    }
    return json + [("texts", .object(texts)), ("tags", .array(tags))]
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
