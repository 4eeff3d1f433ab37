internal import Levin

extension CheXpertModule {
  /// A table in Markdown with a row for each picture of a grid, and a column for each task.
  func table(_ values: Tensor) -> String {
    let numbers = values.to(.float32).scalars(as: Float.self)
    let width = hyperparameters.tasks.count
    let isBinary = numbers.allSatisfy { [LabelPolicy.ignored, 0, 1].contains($0) }
    var lines = [
      ["picture"] + hyperparameters.tasks.map(\.rawValue),
      Array(repeating: "---", count: width + 1),
    ]
    for row in 0..<values.shape[0] {
      let cells = numbers[row * width..<(row + 1) * width]
      lines.append(["\(row + 1)"] + cells.map { isBinary ? Self.label($0) : Self.probability($0) })
    }
    return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private static func label(_ value: Float) -> String {
    value == LabelPolicy.ignored ? "–" : value == 1 ? "1" : "0"
  }

  /// Two decimals.
  private static func probability(_ value: Float) -> String {
    guard value.isFinite else { return "\(value)" }
    let hundredths = Int((100 * value).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
