internal import LevinTrainer

extension RunDiff {
  /// The result as text.
  func lines(_ page: Page) -> [String] {
    var lines = header(page)
    lines += settings("hyperparameters that differ", hyperparameters, page)
    lines += settings("config that differs", config, page)
    lines += metrics(page)
    lines += textLines(page) + imageLines(page) + missingLines(page) + weightLines(page)
    lines += unknownLines(page)
    lines += settings("possible causes", causes, page)
    lines += settings("differs, but does not count", circumstances, page)
    return lines + damageLines(page) + [""] + verdict(page)
  }

  private func header(_ page: Page) -> [String] {
    runs.flatMap { run in
      let facts = [
        run.started.map { NumberText.time($0, in: page.timeZone) },
        run.length.map(NumberText.duration), run.steps.map { "\($0) steps" },
        "status " + run.info.status.rawValue,
      ].compactMap { $0 }
      return page.facts(run.name, facts)
    }
  }

  /// What was not compared because some runs do not have it.
  private func unknownLines(_ page: Page) -> [String] {
    func names(_ file: String, _ settings: (RunOverview) -> FlatSettings) -> String? {
      let without = runs.filter { settings($0).entries.isEmpty && !$0.unreadable.contains(file) }
      return without.isEmpty ? nil : without.map(\.name).joined(separator: ", ")
    }
    var lines: [String] = []
    if runs.contains(where: { !$0.configuration.entries.isEmpty }),
      let without = names("config.yaml", \.configuration)
    {
      lines +=
        [""] + page.hangingIndent(printable("config not compared: no config.yaml in " + without))
    }
    if differs, let without = names("run.json", \.info.settings) {
      lines += [""] + page.hangingIndent(printable("causes unknown: no run.json in " + without))
    }
    return lines
  }

  /// The number of problems that are printed for one run.
  private static let damageLimit = 4

  private func damageLines(_ page: Page) -> [String] {
    guard !problems.isEmpty else { return [] }
    return [""]
      + page.damage(
        runs.indices.flatMap { run -> [String] in
          let own = problems.filter { $0.run == run }.map(\.message)
          guard own.count > Self.damageLimit else { return own }
          let more = own.count - Self.damageLimit
          return own.prefix(Self.damageLimit) + ["\(runs[run].name): \(more) more"]
        })
  }

  private func title(_ text: String, _ page: Page) -> [String] { ["", page.paint(text, .bold)] }

  private func settings(_ name: String, _ diffs: [SettingsDiff], _ page: Page) -> [String] {
    guard !diffs.isEmpty else { return [] }
    func shown(_ value: String?) -> String { value.map { $0.isEmpty ? "''" : $0 } ?? "–" }
    func table(_ diffs: [SettingsDiff]) -> TextTable {
      var table = TextTable(columns: [.init("")] + runs.map { .init($0.name) })
      table.rows = diffs.map { diff in
        [.init(diff.name, diff.counts ? .plain : .dim)]
          + diff.values.map { .init(shown($0), diff.counts ? .yellow : .dim) }
      }
      return table
    }
    // Shortened, two values could look the same: long ones are printed in full, one below the other.
    let longest = page.width == nil ? Int.max : 60
    var short = diffs.filter { $0.values.allSatisfy { displayWidth(shown($0)) <= longest } }
    if !table(short).fits(page) { short = [] }
    let names = Set(short.map(\.name))
    return title(name, page) + (short.isEmpty ? [] : table(short).lines(page))
      + diffs.filter { !names.contains($0.name) }.flatMap { diff in
        page.hangingIndent(printable(diff.name))
          + zip(runs, diff.values).flatMap { run, value in
            page.hangingIndent(printable(run.name + "  " + shown(value)), indent: 2)
          }
      }
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
    for curve in MetricSummary.sorted(shown, by: \.tag) {
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

  /// If more items of a text changed, only their number is printed.
  private static let itemLimit = 8

  private func textLines(_ page: Page) -> [String] {
    guard !texts.isEmpty else { return [] }
    return title("texts that differ", page)
      + texts.flatMap { text -> [String] in
        let place =
          "\(printable(text.tag)) at step \(text.step) in \(printable(runs[text.run].name)): "
        guard let changes = text.changes else {
          return page.hangingIndent(place + "another text", indent: 2)
        }
        let count = "\(changes.count) of \(text.itemCount) items changed"
        guard changes.count <= Self.itemLimit else {
          return page.hangingIndent(place + count, indent: 2)
        }
        let items = changes.map {
          "item \($0.index): \(printable($0.from)) → \(printable($0.to))"
        }
        return page.hangingIndent(place + count, indent: 2)
          + wrap(items.joined(separator: ", "), (page.width ?? 100) - 4).map { "    " + $0 }
      }
  }

  private func imageLines(_ page: Page) -> [String] {
    guard !images.isEmpty else { return [] }
    return title("pictures that differ", page)
      + images.flatMap {
        page.hangingIndent(
          "\(printable($0.tag)) at step \($0.step) in \(printable(runs[$0.run].name)): \($0.reason)",
          indent: 2)
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
      + missing.flatMap {
        page.hangingIndent(
          "\(printable($0.tag)): "
            + [steps($0.onlyInFirst, 0), steps($0.onlyInOther, $0.run)].compactMap { $0 }
            .joined(separator: "; "), indent: 2)
      }
  }

  private func weightLines(_ page: Page) -> [String] {
    var lines: [String] = []
    for weights in weights {
      if let note = weights.note {
        lines += page.hangingIndent(
          (weights.differs ? "" : "not compared: ") + printable(note), indent: 2)
        continue
      }
      guard !weights.tensors.isEmpty else { continue }
      lines += page.hangingIndent(
        printable(
          "\(runs[weights.run].name): \(weights.files[1]) against \(weights.files[0])"), indent: 2)
      if !weights.differs {
        lines.append("  all \(weights.tensors.count) tensors are equal")
        continue
      }
      let shown = TensorDiff.most(weights.tensors)
      lines += TensorDiff.table(shown).lines(page.narrowed(by: 2)).map { "  " + $0 }
      if shown.count < weights.tensors.count {
        lines += page.hangingIndent(
          "\(weights.tensors.count - shown.count) more differ less; \(Program.name) weights diff, with "
            + "the two files, lists all", indent: 2)
      }
    }
    return lines.isEmpty ? [] : title("weights", page) + lines
  }

  private func verdict(_ page: Page) -> [String] {
    if differs {
      return page.hangingIndent(
        "the runs differ" + (isComplete ? "" : "; not all could be compared")
      )
      .map { page.paint($0, .yellow) }
    }
    let hasConfig = runs.allSatisfy { !$0.configuration.entries.isEmpty }
    let parts = [
      ("hyperparameter", runs[0].hyperparameters.entries.count),
      ("config key", hasConfig ? runs[0].configuration.entries.count : 0), ("curve", curves.count),
      ("text", comparedTexts), ("picture", comparedImages),
      ("tensor", weights.reduce(0) { $0 + $1.tensors.count }),
    ].filter { $0.1 > 0 }.map { plural($1, $0) }
    let head = isComplete ? "the runs are equal" : "not all could be compared"
    let rest =
      (parts.isEmpty ? "" : isComplete ? ": " : "; equal as far as read: ")
      + parts.joined(separator: ", ")
    return page.hangingIndent(head + rest).map { line in
      guard line.hasPrefix(head) else { return line }
      return page.paint(head, isComplete ? .green : .yellow) + line.dropFirst(head.count)
    }
  }
}
