extension RunPage {
  /// What fits in `rows` lines: the run's status and all its curves, smaller if there are many, then as much of the
  /// rest as there is room for.
  func window(_ page: Page, rows: Int) throws -> [String] {
    var lines = header(page)
    let heights = stride(from: CurvePlot.defaultRows, through: 3, by: -1)
    if let curves = heights.lazy.map({ curves(page, rows: $0) })
      .first(where: { lines.count + $0.count <= rows })
    {
      lines += curves
    } else {
      lines += shortList(page, rows: rows - lines.count)
    }
    for part in [damage(page), settings(page), try texts(page), try others(page)]
    where lines.count + part.count <= rows { lines += part }
    return Array(lines.prefix(max(1, rows)))
  }

  /// The metrics without their curves; the last line counts those that do not fit.
  private func shortList(_ page: Page, rows: Int) -> [String] {
    let all = list(metrics, page)
    guard all.count > rows, rows > 1 else { return all }
    let missing = all.count - rows + 1
    return all.prefix(rows - 1) + [page.paint("… and \(missing) more metrics", .dim)]
  }
}
