extension RunDiff {
  /// For people.
  func lines(_ page: Page) -> [String] {
    var lines = header(page)
    lines += settings("hyperparameters that differ", hyperparameters, page)
    lines += settings("configuration that differs", configuration, page)
    lines += metrics(page)
    lines += textLines(page) + imageLines(page) + missingLines(page) + weightLines(page)
    let unknown = runs.filter { $0.info.settings.entries.isEmpty }.map { printable($0.name) }
    if !isEqual, !unknown.isEmpty {
      lines += ["", "causes unknown: no run.json in " + unknown.joined(separator: ", ")]
    }
    lines += settings("possible causes", causes, page)
    lines += settings("differs, does not count", circumstances, page)
    return lines + ["", verdict(page)]
  }

  private func header(_ page: Page) -> [String] {
    runs.map { run in
      let facts = [
        run.started.map { NumberText.time($0, in: page.timeZone) },
        run.length.map(NumberText.duration), run.steps.map { "\($0) steps" },
        "status " + run.info.status.rawValue,
      ].compactMap { $0 }
      return page.paint(printable(run.name), .bold) + "  " + facts.joined(separator: " · ")
    }
  }

  private func title(_ text: String, _ page: Page) -> [String] { ["", page.paint(text, .bold)] }

  private func settings(_ name: String, _ diffs: [SettingsDiff], _ page: Page) -> [String] {
    guard !diffs.isEmpty else { return [] }
    var table = TextTable(columns: [.init("")] + runs.map { .init($0.name) })
    table.rows = diffs.map { diff in
      [.init(diff.name, diff.counts ? .plain : .dim)]
        + diff.values.map { value in
          let text = value.map { $0.isEmpty ? "''" : $0 } ?? "–"
          return .init(
            page.width == nil ? text : shortened(text, to: 60), diff.counts ? .yellow : .dim)
        }
    }
    return title(name, page) + table.lines(page)
  }

  private func metrics(_ page: Page) -> [String] {
    let shown = curves.filter { !$0.isPlaceholder && (!$0.isEqual || $0.tag != "epoch") }
    guard !shown.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init("metric"), .init("run"), .init("final", isRight: true), .init("best", isRight: true),
      .init("at step", isRight: true), .init("Δ final", isRight: true),
      .init("Δ best", isRight: true), .init("differs from", isRight: true),
      .init("by > 1 % from", isRight: true),
    ])
    let hasLonely = shown.contains { $0.onlyInFirst + $0.onlyInOther > 0 }
    if hasLonely { table.columns.append(.init("points not in both", isRight: true)) }
    var last: String?
    for curve in shown.sorted(by: { MetricSummary.comesBefore($0.tag, $1.tag) }) {
      if curve.tag != last {
        table.rows.append(
          [.init(curve.tag), .init(runs[0].name)] + values(curve.first)
            + Array(repeating: .init(""), count: hasLonely ? 5 : 4))
      }
      last = curve.tag
      var row: [TextTable.Cell] =
        [.init(""), .init(runs[curve.run].name)] + values(curve.other) + [
          .init(difference(curve.first?.final, curve.other?.final)),
          .init(difference(curve.first?.best, curve.other?.best)),
          .init(
            curve.partsAt.map { "step \($0)" } ?? (curve.isEqual ? "equal" : "–"),
            curve.isEqual ? .green : .plain),
          .init(curve.partsWidelyAt.map { "step \($0)" } ?? "–"),
        ]
      if hasLonely {
        let lonely = curve.onlyInFirst + curve.onlyInOther
        row.append(.init(lonely == 0 ? "–" : String(lonely)))
      }
      table.rows.append(row)
    }
    return title("metrics", page) + table.lines(page)
  }

  private func values(_ metric: MetricSummary?) -> [TextTable.Cell] {
    [
      .init(metric.map { NumberText.short($0.final) } ?? "–"),
      .init(metric?.best.map(NumberText.short) ?? "–"),
      .init(metric?.bestStep.map(String.init) ?? "–"),
    ]
  }

  private func difference(_ first: Double?, _ other: Double?) -> String {
    guard let first, let other else { return "–" }
    let difference = other - first
    return (difference > 0 ? "+" : "") + NumberText.short(difference)
  }

  private func textLines(_ page: Page) -> [String] {
    guard !texts.isEmpty else { return [] }
    return title("texts that differ", page)
      + texts.flatMap { text -> [String] in
        let place =
          "\(printable(text.tag)) at step \(text.step) in \(printable(runs[text.run].name)): "
        guard let changes = text.changes else { return ["  " + place + "another text"] }
        let items = changes.map {
          "item \($0.index): \(printable($0.from)) → \(printable($0.to))"
        }
        return ["  " + place + "\(changes.count) of \(text.itemCount) items changed"]
          + wrap(items.joined(separator: ", "), (page.width ?? 100) - 4).map { "    " + $0 }
      }
  }

  private func imageLines(_ page: Page) -> [String] {
    guard !images.isEmpty else { return [] }
    return title("pictures that differ", page)
      + images.map {
        "  \(printable($0.tag)) at step \($0.step) in \(printable(runs[$0.run].name)): \($0.reason)"
      }
  }

  private func missingLines(_ page: Page) -> [String] {
    guard !missing.isEmpty else { return [] }
    func steps(_ steps: [Int], _ run: Int) -> String? {
      guard !steps.isEmpty else { return nil }
      let shown = steps.prefix(8).map(String.init) + (steps.count > 8 ? ["…"] : [])
      return (steps.count == 1 ? "step " : "steps ") + shown.joined(separator: ", ") + " only in "
        + printable(runs[run].name)
    }
    return title("texts and pictures that only one run has", page)
      + missing.map {
        "  \(printable($0.tag)): "
          + [steps($0.onlyInFirst, 0), steps($0.onlyInOther, $0.run)].compactMap { $0 }
          .joined(separator: "; ")
      }
  }

  private func weightLines(_ page: Page) -> [String] {
    var lines: [String] = []
    for weights in weights {
      if let note = weights.note {
        lines += ["  not compared: " + printable(note)]
        continue
      }
      guard !weights.tensors.isEmpty else { continue }
      lines.append(
        "  \(printable(runs[weights.run].name)): \(printable(weights.files[1])) against \(printable(weights.files[0]))"
      )
      if weights.isEqual {
        lines.append("  all \(weights.tensors.count) tensors are equal")
        continue
      }
      var table = TextTable(columns: [
        .init("tensor"), .init("distance", isRight: true), .init("relative", isRight: true),
        .init("greatest", isRight: true),
      ])
      table.rows = weights.tensors.map { tensor in
        if let obstacle = tensor.obstacle {
          return [.init(tensor.name), .init(obstacle), .init(""), .init("")]
        }
        if tensor.isEqual {
          return [.init(tensor.name), .init("equal", .green), .init(""), .init("")]
        }
        return [
          .init(tensor.name), .init(NumberText.short(tensor.distance)),
          .init(NumberText.short(tensor.relative * 100) + " %"),
          .init(NumberText.short(tensor.greatest)),
        ]
      }
      lines += table.lines(page).map { "  " + $0 }
    }
    return lines.isEmpty ? [] : title("weights", page) + lines
  }

  private func verdict(_ page: Page) -> String {
    guard isEqual else { return page.paint("the runs differ", .yellow) }
    let parts = [
      ("hyperparameter", runs[0].hyperparameters.entries.count), ("curve", curves.count),
      ("text", comparedTexts), ("picture", comparedImages),
      ("tensor", weights.reduce(0) { $0 + $1.tensors.count }),
    ].filter { $0.1 > 0 }.map { "\($1) \($0)\($1 == 1 ? "" : "s")" }
    return page.paint("the runs are equal", .green) + ": " + parts.joined(separator: ", ")
  }
}
