public import LevinConfiguration

/// The kind of prediction, for classification metrics.
public enum ClassificationTask: Sendable, Hashable {
  /// 0 or 1: scores or labels of any shape.
  case binary
  /// One of a number of classes: scores `[batch, classes, …]`, or labels `[batch, …]`, for targets `[batch, …]`.
  case multiclass(Int)
  /// 0 or 1 for each of a number of labels: scores or labels `[batch, labels, …]`.
  case multilabel(Int)

  /// The kind of a task, in its options.
  public enum Kind: String, Sendable, Codable, CaseIterable { case binary, multiclass, multilabel }

  /// The kind.
  var kind: Kind {
    switch self {
    case .binary: .binary
    case .multiclass: .multiclass
    case .multilabel: .multilabel
    }
  }

  /// The number of classes or labels that are counted; 1 for a binary task.
  var count: Int {
    switch self {
    case .binary: 1
    case .multiclass(let count), .multilabel(let count): count
    }
  }

  var isMulticlass: Bool { if case .multiclass = self { true } else { false } }
}

/// How the values of classes are combined.
public enum Average: String, Sendable, Codable, CaseIterable {
  /// All decisions count equally: the counts of classes are added up first.
  case micro
  /// All classes count equally.
  case macro
  /// Each class is weighted by the number of its targets.
  case weighted
  /// A value for each class.
  case none
  /// The mean over the values of the rows of a multilabel task, as in scikit-learn.
  case samples
}

/// A task with its average; a binary task needs none.
public enum AveragedTask: Sendable, Hashable {
  /// 0 or 1: scores or labels of any shape.
  case binary
  /// One of a number of classes: scores `[batch, classes, …]`, or labels `[batch, …]`, for targets `[batch, …]`.
  case multiclass(Int, average: Average)
  /// 0 or 1 for each of a number of labels: scores or labels `[batch, labels, …]`.
  case multilabel(Int, average: Average)

  var task: ClassificationTask {
    switch self {
    case .binary: .binary
    case .multiclass(let count, _): .multiclass(count)
    case .multilabel(let count, _): .multilabel(count)
    }
  }

  /// The average; nil for a binary task, which has one class.
  var average: Average? {
    switch self {
    case .binary: nil
    case .multiclass(_, let average), .multilabel(_, let average): average
    }
  }
}

/// Options with a task, as the command line and files have them.
public protocol TaskOptions: HyperparameterSet {
  /// The kind of prediction.
  var task: ClassificationTask.Kind { get set }
  /// The number of classes or labels; a binary task needs none.
  var classCount: Int { get set }
  /// The target value that does not count.
  var ignoreIndex: Int? { get set }
}

extension TaskOptions {
  /// The defaults for a task, with changes.
  init(
    _ task: ClassificationTask, ignoring ignoreIndex: Int?,
    _ change: (inout Self) -> Void = { _ in }
  ) {
    self.init()
    (self.task, classCount, self.ignoreIndex) = (task.kind, task.count, ignoreIndex)
    change(&self)
  }

  /// The task.
  var fullTask: ClassificationTask {
    switch task {
    case .binary: .binary
    case .multiclass: .multiclass(classCount)
    case .multilabel: .multilabel(classCount)
    }
  }

  /// Throws ``ConfigError`` if a task has too few classes, or is not one of `kinds`.
  func requireTask(
    of kinds: [ClassificationTask.Kind] = ClassificationTask.Kind.allCases
  ) throws {
    guard kinds.contains(task) else {
      throw ConfigError(
        "task: found \(task); expected \(kinds.map(\.rawValue).joined(separator: " or "))",
        key: "task")
    }
    if task != .binary { try require("class_count", classCount, atLeast: 2) }
  }

  /// Throws ``ConfigError`` unless an average is one of `averages`; a binary task needs none.
  func require(average: Average?, of averages: [Average]) throws {
    if task == .binary { return }
    guard let average, averages.contains(average) else {
      throw ConfigError(
        "average: found \(average?.rawValue ?? "no value"); expected one of "
          + averages.map(\.rawValue).joined(separator: ", "), key: "average")
    }
  }
}
