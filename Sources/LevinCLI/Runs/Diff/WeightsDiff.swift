internal import LevinFormats

/// The weights of the last checkpoints of two runs, compared tensor by tensor.
struct WeightsDiff: Sendable {

  /// The state of the comparison.
  enum State: Sendable {
    case compared
    /// Neither run has a checkpoint.
    case absent
    /// Only one run has a checkpoint.
    case onlyOne
    /// A checkpoint is damaged.
    case unreadable
  }

  var run: Int
  var state = State.compared
  /// The names of the two compared checkpoints, the last one of each run.
  var files: [String] = []
  var tensors: [TensorDiff] = []
  /// Why there was nothing to compare.
  var note: String?
  /// What is wrong with the checkpoints of the first and of the other run.
  var problems: [String?] = [nil, nil]

  /// Whether the runs are known to have different weights.
  var differs: Bool { state == .onlyOne || tensors.contains { !$0.isEqual } }

  init(_ first: RunOverview, _ other: RunOverview, run: Int) {
    self.run = run
    let runs = [first, other]
    let last = runs.map(\.checkpoints.last)
    if let left = last[0], let right = last[1] {
      files = [left.name, right.name]
      let found = [left, right].enumerated().map { number, checkpoint -> TensorFile? in
        do {
          return try TensorFile(path: checkpoint.path)
        } catch {
          problems[number] = "\(error)"
          return nil
        }
      }
      if let left = found[0], let right = found[1] {
        tensors = TensorDiff.all(left, right, names: ("the first run", "the other run"))
      } else {
        state = .unreadable
        note =
          problems.allSatisfy { $0 != nil }
          ? "both checkpoints are damaged" : "the checkpoint of one run is damaged"
      }
      return
    }
    guard let having = runs.first(where: { !$0.checkpoints.isEmpty }) else {
      state = .absent
      return
    }
    state = .onlyOne
    note = "only \(having.name) has a checkpoint"
  }
}
