internal import LevinTensorBoard

extension RunPage {
  /// The last values of all other tags: histograms, sounds, graphs and so on.
  func others(_ page: Page) throws -> [String] {
    var table = TextTable(columns: [
      .init("other values"), .init("kind"), .init("step", isRight: true), .init("last value"),
    ])
    for tag in overview.run.tags {
      switch tag.kind {
      case .scalar, .text, .image, .hyperparameters: continue
      default:
        let last = try ValueText.values(of: tag, in: overview.run, last: 1).last
        table.rows.append([
          .init(tag.name), .init(ValueText.kind(tag.kind)),
          .init(last.map { String($0.step) } ?? "–"), .init(last?.text ?? "–"),
        ])
      }
    }
    return table.rows.isEmpty ? [] : [""] + table.lines(page)
  }
}
