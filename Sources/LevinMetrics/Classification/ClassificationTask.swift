/// The kind of prediction, for classification metrics.
public enum ClassificationTask: Sendable, Hashable {
  /// 0 or 1: scores or labels of any shape.
  case binary
  /// One of a number of classes: scores `[batch, classes, …]`, or labels `[batch, …]`, for targets `[batch, …]`.
  case multiclass(Int)
  /// 0 or 1 for each of a number of labels: scores or labels `[batch, labels, …]`.
  case multilabel(Int)

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

  /// The average; micro for a binary task, which has one class.
  var average: Average {
    switch self {
    case .binary: .micro
    case .multiclass(_, let average), .multilabel(_, let average): average
    }
  }
}
