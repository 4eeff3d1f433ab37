internal import ArgumentParser
internal import LevinFormats

/// `levin weights diff A B`: compares two files of tensors.
struct WeightsDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the tensors of two files by name.",
    discussion: """
      The files may be in different formats and types. The exit status is 0 when all tensors are equal, 1 when one differs or is \
      in one file only, 2 when a file cannot be read.
      """)

  @Argument(help: "A file of tensors.", completion: .file())
  var first: String
  @Argument(help: "Another one.", completion: .file())
  var other: String

  func run() throws {
    let diffs = try Output.reportingErrors {
      TensorDiff.all(
        try TensorFile(path: first), try TensorFile(path: other), names: (first, other))
    }
    try Output.page(TensorDiff.page(diffs, .current()))
    if !diffs.allSatisfy(\.isEqual) { throw ExitCode(1) }
  }
}

extension TensorDiff {
  /// A table of the tensors that differ, and how many are equal.
  static func page(_ diffs: [TensorDiff], _ page: Page) -> [String] {
    let differing = diffs.filter { !$0.isEqual }
    guard !differing.isEmpty else {
      return [page.paint("all \(plural(diffs.count, "tensor")) are equal", .green)]
    }
    return table(differing).lines(page) + [
      "",
      page.paint("\(plural(differing.count, "tensor")) of \(diffs.count) differ", .yellow),
    ]
  }

  /// The tensors, one a row.
  static func table(_ diffs: [TensorDiff]) -> TextTable {
    var table = TextTable(columns: [
      .init("tensor"), .init("distance", isRight: true), .init("relative", isRight: true),
      .init("greatest", isRight: true),
    ])
    table.rows = diffs.map { tensor in
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
    return table
  }
}
