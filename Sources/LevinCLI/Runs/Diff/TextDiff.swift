internal import LevinTensorBoard

/// A text of the first run, compared with the one of the same tag and step in another.
struct TextDiff: Sendable {
  /// A changed item of a list: between `tensor([7, 2, 1])` and `tensor([7, 9, 1])`, item 1 changed from `2` to `9`.
  struct Change: Sendable, Hashable {
    var index: Int
    var from: String
    var to: String
  }

  var tag: String
  var step: Int
  var run: Int
  /// The changed items; nil unless the texts are lists of the same length.
  var changes: [Change]?
  var itemCount = 0

  /// The texts that differ; `missing` gets the steps that only one run has.
  static func all(
    _ first: Run, _ other: Run, run: Int
  ) throws -> (compared: Int, differing: [TextDiff], missing: [MissingSteps]) {
    var compared = 0
    var differing: [TextDiff] = []
    var missing: [MissingSteps] = []
    let readers = (ValueReader(first), ValueReader(other))
    // The origin of a test's weights does not count as a difference, and run.json has it, too.
    for tag in union(first, other, .text) where tag != "levin/checkpoint/text_summary" {
      let left = first.valuesByStep(tag, .text).compactMapValues(\.last)
      let right = other.valuesByStep(tag, .text).compactMapValues(\.last)
      missing += MissingSteps(tag, run: run, Set(left.keys), Set(right.keys)).map { [$0] } ?? []
      for step in left.keys.sorted() {
        guard let a = left[step], let b = right[step],
          let a = try readers.0.value(tag, at: a).text?.text,
          let b = try readers.1.value(tag, at: b).text?.text
        else { continue }
        compared += 1
        if let diff = TextDiff(tag, step, a, b, run: run) { differing.append(diff) }
      }
    }
    return (compared, differing, missing)
  }

  /// Returns nil if the texts are equal, or are the same list in another form.
  init?(_ tag: String, _ step: Int, _ left: String, _ right: String, run: Int) {
    guard left != right else { return nil }
    self.tag = tag
    self.step = step
    self.run = run
    let (a, b) = (Self.items(left), Self.items(right))
    guard let a, let b, a.count == b.count else { return }
    itemCount = a.count
    let changed = zip(a, b).enumerated().filter { !FlatSettings.isSame($1.0, $1.1) }
    if changed.isEmpty { return nil }
    changes = changed.map { Change(index: $0, from: $1.0, to: $1.1) }
  }

  /// The items of a printed tensor or list, in the forms of PyTorch, NumPy and Swift: what is between its outermost
  /// brackets.
  ///
  /// Nil for other texts.
  static func items(_ text: String) -> [String]? {
    guard let start = text.firstIndex(of: "["), let end = text.lastIndex(of: "]"), start < end
    else { return nil }
    let head = text[..<start].filter { !$0.isWhitespace }
    let tail = text[text.index(after: end)...]
    guard ["", "tensor(", "Tensor(", "array("].contains(head), tail.count < 80 else { return nil }
    return text[text.index(after: start)..<end]
      .split { $0.isWhitespace || ",[]\"'".contains($0) }.map(String.init)
  }

  /// Tags of a kind that at least one of the runs has.
  static func union(_ first: Run, _ other: Run, _ kind: Run.Tag.Kind) -> [String] {
    let names = Set(first.tagNames(kind)).union(other.tagNames(kind))
    return MetricSummary.sorted(Array(names)) { $0 }
  }
}
