internal import LevinMetrics
internal import LevinSystem
public import LevinTensor

/// How the scores of a study's images are combined.
public enum ViewPooling: String, Sendable, Hashable, Codable, CaseIterable {
  /// The greatest, as in CheXpert's paper.
  case max
  /// The mean.
  case mean
}

/// How good the predictions of a pass are, by study: the score of a study is the greatest or the mean score of its images,
/// and its labels are those of the first of them (they are the same for all).
public struct ChestXRayEvaluation {
  /// The findings that were predicted.
  public let tasks: [ChestFinding]
  /// The scores of studies, `[studies, tasks]`.
  public let scores: Tensor
  /// The labels of studies, `[studies, tasks]`: 1, 0, or below 0 for one that does not count.
  public let labels: Tensor
  /// The values of each task.
  public let results: [Result]

  /// The values of a task.
  public struct Result: Sendable {
    /// The finding.
    public let task: ChestFinding
    /// The numbers of studies with and without the finding.
    public let positives, negatives: Int
    /// The area under the ROC curve; nil without studies of both kinds.
    public let auroc: Double?
    /// The share of correct decisions at a threshold of 0.5; nil if no study counts.
    public let accuracy: Double?
  }

  /// Traps unless there are a label for each score, a study for each row and a task for each column.
  ///
  /// - Parameters:
  ///   - scores: Probabilities `[images, tasks]`.
  ///   - labels: `[images, tasks]`.
  ///   - studies: The number of each image's study, `[images]` int64.
  public init(
    scores: Tensor, labels: Tensor, studies: Tensor, tasks: [ChestFinding],
    pooling: ViewPooling = .max
  ) {
    let width = tasks.count
    guard scores.shape == labels.shape, scores.rank == 2, scores.shape[1] == width,
      studies.shape == [scores.shape[0]]
    else {
      fail(
        "ChestXRayEvaluation",
        "scores \(scores.shape), labels \(labels.shape), studies \(studies.shape), \(width) tasks",
        expected: "[images, tasks] twice, and [images]")
    }
    var images: [Int64: [Int]] = [:]
    var order: [Int64] = []
    for (image, study) in studies.scalars(as: Int64.self).enumerated() {
      if images[study] == nil { order.append(study) }
      images[study, default: []].append(image)
    }
    let all = scores.to(.float32).scalars(as: Float.self)
    let groups = order.map { images[$0] ?? [] }
    let pooled = groups.flatMap { group in
      (0..<width).map { task in
        let values = group.map { all[$0 * width + task] }
        return switch pooling {
        case .max: values.max() ?? .nan
        case .mean: values.reduce(0, +) / Float(values.count)
        }
      }
    }
    let known = labels.to(.float32).scalars(as: Float.self)
    let targets = groups.flatMap { group in
      (0..<width).map { task in known[group[0] * width + task] }
    }
    self.tasks = tasks
    self.scores = Tensor(pooled, shape: [groups.count, width])
    self.labels = Tensor(targets, shape: [groups.count, width])
    results = tasks.enumerated().map { place, task in
      let rows = groups.indices.filter { targets[$0 * width + place] >= 0 }
      return Result(
        task: task, scores: rows.map { pooled[$0 * width + place] },
        labels: rows.map { targets[$0 * width + place] })
    }
  }

  /// The mean area of the tasks that have one; nil if none has.
  public var meanAUROC: Double? { mean(results.compactMap(\.auroc)) }

  /// The mean accuracy of the tasks that have one; nil if none has.
  public var meanAccuracy: Double? { mean(results.compactMap(\.accuracy)) }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The tasks without an area, and why; nil if there are none.
  public var undefined: String? {
    let reasons = results.filter { $0.auroc == nil }.map { result in
      let missing = result.positives > 0 ? "no negative" : "no positive"
      let count = result.positives + result.negatives
      return "\(result.task.rawValue) (\(missing) among \(count) studies)"
    }
    return reasons.isEmpty
      ? nil : "No AUROC, and left out of the mean: " + reasons.joined(separator: ", ")
  }

  /// The scores (float32) and the labels (int64) of the studies that count for a task.
  public func known(_ task: ChestFinding) -> (scores: Tensor, labels: Tensor) {
    guard let place = tasks.firstIndex(of: task) else {
      fail(
        "known(_:)", "the task \(task.rawValue)",
        expected: "one of \(tasks.map(\.rawValue).joined(separator: ", "))")
    }
    let labels = labels[0..., place]
    let kept = (labels .>= 0).nonzero().reshaped(to: [-1])
    return (
      scores[0..., place].indexSelected(0, kept), labels.indexSelected(0, kept).to(.int64)
    )
  }
}

extension ChestXRayEvaluation.Result {
  fileprivate init(task: ChestFinding, scores: [Float], labels: [Float]) {
    self.task = task
    positives = labels.count { $0 == 1 }
    negatives = labels.count - positives
    let (scores, labels) = (Tensor(scores), Tensor(labels.map { Int64($0) }))
    auroc =
      positives == 0 || negatives == 0
      ? nil : LevinMetrics.auroc(scores, labels, .binary).item()
    accuracy =
      positives + negatives == 0 ? nil : LevinMetrics.accuracy(scores, labels, .binary).item()
  }
}
