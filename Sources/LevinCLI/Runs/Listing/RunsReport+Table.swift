extension RunsReport {
  /// The report as a table: one line per run, with the best value of each metric over all runs emphasized.
  func table(_ page: Page) -> [String] {
    var table = TextTable(columns: [
      .init("version"), .init("started"), .init("length", isRight: true),
      .init("epochs", isRight: true), .init("steps", isRight: true),
    ])
    if hasParameters { table.columns.append(.init("parameters", isRight: true)) }
    table.columns += differing.map { .init($0, isRight: true) }
    let directions = metrics.map(MetricSummary.Direction.init)
    for (tag, direction) in zip(metrics, directions) {
      table.columns.append(.init("final", isRight: true, group: tag))
      guard let direction else { continue }
      table.columns.append(
        .init(direction == .lower ? "best ↓" : "best ↑", isRight: true, group: tag))
    }
    table.columns.append(.init("checkpoints", isRight: true))
    if hasSources { table.columns.append(.init("weights from")) }
    table.columns.append(.init("status"))
    let best = zip(metrics, directions).map(bestOfAll)
    table.rows = runs.map { run in
      var cells: [TextTable.Cell] = [
        .init(run.name, .bold),
        .init(run.started.map { NumberText.time($0, in: page.timeZone) } ?? "–"),
        .init(run.length.map(NumberText.duration) ?? "–"), count(run.epochs), count(run.steps),
      ]
      if hasParameters { cells.append(count(run.info.parameters)) }
      cells += differing.map { .init(run.hyperparameters[$0] ?? "–") }
      for (place, tag) in metrics.enumerated() {
        let metric = run.metric(tag)
        cells.append(.init(metric.map { NumberText.short($0.final) } ?? "–"))
        guard directions[place] != nil else { continue }
        let isBest = metric?.best != nil && metric?.best == best[place] && runs.count > 1
        cells.append(
          .init(metric?.best.map(NumberText.short) ?? "–", isBest ? .green : .plain))
      }
      cells.append(.init(String(run.checkpoints.count)))
      if hasSources { cells.append(.init(run.info.weightsFrom ?? "–")) }
      cells.append(.init(run.info.status.rawValue, run.info.status.style))
      return cells
    }
    return table.lines(page)
  }

  /// Whether any run records the size of its model.
  var hasParameters: Bool { runs.contains { $0.info.parameters != nil } }

  /// Whether any run names the run that its weights come from.
  var hasSources: Bool { runs.contains { $0.info.weightsFrom != nil } }

  private func count(_ value: Int?) -> TextTable.Cell { .init(value.map(String.init) ?? "–") }

  private func bestOfAll(_ tag: String, _ direction: MetricSummary.Direction?) -> Double? {
    let values = runs.compactMap { $0.metric(tag)?.best }
    return direction == .lower ? values.min() : values.max()
  }

  /// The first problem of each run, one per line.
  var problems: [String] {
    runs.flatMap { run -> [String] in
      guard let first = run.problems.first else { return [] }
      let more = run.problemCount - 1
      return [run.name + ": " + printable(first) + (more > 0 ? " (and \(more) more)" : "")]
    }
  }
}

extension RunInfo.Status {
  var style: Page.Style {
    switch self {
    case .running: .cyan
    case .finished: .green
    case .interrupted: .yellow
    case .failed, .died, .unreadable: .red
    case .unknown: .dim
    }
  }
}
