import Foundation

/// The generated pages of the documentation.
struct Pages {
  let results: Results
  let catalogue: Catalogue

  /// The names and texts of the files.
  var all: [(name: String, text: String)] {
    [("conformance.md", conformance), ("pytorch-names.md", names)]
  }

  private static let note =
    "<!-- Written by `levin-conformance --docs docs Tests/Golden/conformance`; do not edit. -->\n"

  private var conformance: String {
    let counted = results.entries.filter(\.isCounted)
    var lines = [
      "# Conformance", "", Self.note,
      "PyTorch tests itself with the samples of `torch.testing._internal`: `op_db` holds"
        + " \(catalogue.entries.count) entries. Those that Levin offers are replayed through its public interface:"
        + " values, dtypes, shapes and gradients, each case also with its inputs in another memory layout;"
        + " calls that PyTorch refuses must end with a message that names the operation and what was wrong.",
      "",
      "    " + results.text.replacingOccurrences(of: "\n", with: "\n    "), "",
      "These are the committed cases (`Tests/Golden/conformance`, made by `scripts/golden/make_conformance.py` with"
        + " torch 2.13). `scripts/conformance --all --seed N --sizes odd` generates and replays others.",
      "",
      "## Left out by rule", "",
    ]
    for (index, rule) in exclusions.enumerated() {
      let count = results.entries.compactMap { $0.excluded[index] }.reduce(0, +)
      lines.append("- \(rule.reason): \(count) cases")
    }
    if let errors = results.errors {
      lines.append("")
      for (index, rule) in errorExclusions.enumerated() {
        lines.append("- of the refused calls: \(rule.reason): \(errors.excluded[index] ?? 0)")
      }
    }
    lines += ["", "## Entries", "", "| entry | cases | passed |", "| --- | --- | --- |"]
    lines += counted.map { "| `\($0.entry.fullName)` | \($0.cases) | \($0.passed) |" }
    lines += [
      "", "## Optimizers", "",
      "The configurations of `optim_db`, ten steps each: parameters and state, also from PyTorch's state after five.",
      "Within 1e-6 of the largest number in float32 or four times PyTorch's own deviation, 1e-12 in float64, 1e-9 for LBFGS,"
        + " and for Muon, whose steps are rounded to bfloat16, 0.02 of the learning rate a step.",
      "",
      "| optimizer | cases | passed |", "| --- | --- | --- |",
    ]
    lines += results.optimizers.map { "| `\($0.entry.name)` | \($0.cases) | \($0.passed) |" }
    let missing = catalogue.entries.filter { operation(for: $0) == nil }.map { "`\($0.fullName)`" }
    lines += ["", "## Not offered: \(missing.count) entries", "", missing.joined(separator: " ")]
    return lines.joined(separator: "\n") + "\n"
  }

  private var names: String {
    var lines = [
      "# From PyTorch's names to Levin's", "", Self.note,
      "`torch.NAME` or `x.NAME` in PyTorch, and the same in Levin. Operations with an underscore"
        + " (`add_`) are the same with an assignment: `x += y`, `x = x.exp()`; memory that nothing else holds is written in place."
        + " Dimensions may be negative; `keepdim` is `keepDimension:`.", "",
      "| PyTorch | Levin |", "| --- | --- |",
    ]
    lines += operations.sorted { $0.name < $1.name }.map { operation in
      "| `\(operation.name)` | `\(operation.spelling.replacingOccurrences(of: "|", with: "\\|"))` |"
    }
    lines += optimizers.map { "| `optim.\($0.name)` | `\($0.spelling)` |" }
    return lines.joined(separator: "\n") + "\n"
  }
}
