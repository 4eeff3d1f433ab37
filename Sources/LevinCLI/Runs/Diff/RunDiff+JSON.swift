extension RunDiff {
  /// The result as JSON, for programs: everything that was compared.
  var json: JSONText {
    .object([
      ("equal", .bool(isEqual)), ("complete", .bool(isComplete)),
      (
        "runs",
        .array(
          runs.enumerated().map { number, run in
            .object([
              ("name", .string(run.name)), ("folder", .string(run.folder)),
              ("status", .string(run.info.status.rawValue)),
              ("started", .optional(run.started) { .number($0) }),
              ("length", .optional(run.length) { .number($0) }),
              (
                "problems",
                .array(problems.filter { $0.run == number }.map { .string($0.message) })
              ),
            ])
          })
      ),
      ("hyperparameters", .array(hyperparameters.map(setting))),
      ("config", .array(config.map(setting))),
      ("causes", .array(causes.map(setting))),
      ("circumstances", .array(circumstances.map(setting))),
      ("metrics", .array(curves.map(curve))),
      ("texts", .array(texts.map(text))),
      (
        "images",
        .array(
          images.map {
            .object([
              ("tag", .string($0.tag)), ("step", .integer($0.step)),
              ("run", .string(runs[$0.run].name)), ("difference", .string($0.reason)),
            ])
          })
      ),
      (
        "missing",
        .array(
          missing.map {
            .object([
              ("tag", .string($0.tag)), ("run", .string(runs[$0.run].name)),
              ("steps_only_in_first", .array($0.onlyInFirst.map { .integer($0) })),
              ("steps_only_in_other", .array($0.onlyInOther.map { .integer($0) })),
            ])
          })
      ),
      ("weights", .array(weights.map(weight))),
    ])
  }

  private func setting(_ diff: SettingsDiff) -> JSONText {
    .object([
      ("name", .string(diff.name)),
      ("values", .array(diff.json)), ("counts", .bool(diff.counts)),
    ])
  }

  private func curve(_ diff: CurveDiff) -> JSONText {
    func difference(_ value: (MetricSummary) -> Double?) -> JSONText {
      guard let first = diff.first.flatMap(value), let other = diff.other.flatMap(value) else {
        return .null
      }
      return .number(other - first)
    }
    return .object([
      ("tag", .string(diff.tag)), ("run", .string(runs[diff.run].name)),
      ("equal", .bool(diff.isEqual)), ("counts", .bool(diff.counts)),
      ("first", .optional(diff.first) { $0.json }), ("other", .optional(diff.other) { $0.json }),
      ("difference_final", difference { $0.final }), ("difference_best", difference { $0.best }),
      ("differs_from_step", .optional(diff.partsAt) { .integer($0) }),
      ("differs_widely_from_step", .optional(diff.partsWidelyAt) { .integer($0) }),
      ("points_only_in_first", .integer(diff.onlyInFirst)),
      ("points_only_in_other", .integer(diff.onlyInOther)),
    ])
  }

  private func text(_ diff: TextDiff) -> JSONText {
    .object([
      ("tag", .string(diff.tag)), ("step", .integer(diff.step)),
      ("run", .string(runs[diff.run].name)), ("items", .integer(diff.itemCount)),
      (
        "changes",
        .optional(diff.changes) { changes in
          .array(
            changes.map {
              .object([
                ("item", .integer($0.index)), ("from", .string($0.from)), ("to", .string($0.to)),
              ])
            })
        }
      ),
    ])
  }

  private func weight(_ diff: WeightsDiff) -> JSONText {
    .object([
      ("run", .string(runs[diff.run].name)), ("files", .array(diff.files.map { .string($0) })),
      ("compared", .bool(diff.state == .compared)), ("differs", .bool(diff.differs)),
      ("note", .optional(diff.note) { .string($0) }),
      (
        "tensors",
        .array(
          diff.tensors.map {
            .object([
              ("name", .string($0.name)), ("equal", .bool($0.isEqual)),
              ("obstacle", .optional($0.obstacle) { .string($0) }),
              ("distance", .number($0.distance)), ("relative", .number($0.relative)),
              ("greatest", .number($0.greatest)),
            ])
          })
      ),
    ])
  }
}
