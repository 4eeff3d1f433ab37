import Foundation
import LevinFormats
import LevinMetrics
import LevinTensor
import Testing

/// torchmetrics' values of metrics of numbers.
@Suite struct OtherMetricTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let metric: String
    let options: [String: ClassificationTests.Option]
    let shape: [Int]
    let values: [String: ClassificationTests.Case.Numbers]
    var testDescription: String { "\(metric) \(options) \(shape)" }
  }

  static let cases: [Case] = golden("others")

  static func golden<T: Decodable>(_ name: String) -> T {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/metrics/\(name).json.gz")
    do {
      let bytes = try Gzip.inflate(Array(Data(contentsOf: file)), path: file.path, limit: 1 << 24)
      return try JSONDecoder().decode(T.self, from: Data(bytes))
    } catch { fatalError("\(file.path): \(error)") }
  }

  static func inputs(_ kind: String, _ shape: Shape) -> (Tensor, Tensor) {
    let kinds = ["plain", "ties", "equal", "constant", "large", "positive"]
    var draw = Input.Draw(state: UInt32(500 + (kinds.firstIndex(of: kind) ?? 0)))
    var (x, y) = (draw.units(shape) * 4 - 2, draw.units(shape) * 4 - 2)
    switch kind {
    case "ties": (x, y) = (x.round(), y.round())
    case "equal": y = x
    case "constant": y = y.onesLike()
    case "large": (x, y) = (x + 100, y + 100)
    case "positive": (x, y) = (x.absolute() + 0.1, y.absolute() + 0.1)
    default: break
    }
    return (x, y)
  }

  static func inputs(_ kind: String, of golden: Case) -> (Tensor, Tensor) {
    let (x, y) = inputs(kind, Shape(golden.shape))
    return golden.metric == "perplexity" ? (x, (y[.ellipsis, 0].absolute() * 2).to(.int64)) : (x, y)
  }

  static func make(_ golden: Case) throws -> Metric {
    func word(_ key: String) -> String? {
      if case .word(let value) = golden.options[key] { value } else { nil }
    }
    func number(_ key: String) -> Int? {
      if case .number(let value) = golden.options[key] { Int(value) } else { nil }
    }
    let outputs = golden.shape.count == 2 ? golden.shape[1] : 1
    let multi = try word("multioutput").map { try #require(MultiOutput(rawValue: $0)) }
    let reduction = try word("reduction").map { try #require(RowReduction(rawValue: $0)) } ?? .mean
    let columns = number("outputs") ?? 1
    return switch golden.metric {
    case "mse": MeanSquaredError(outputs: columns)
    case "rmse": MeanSquaredError(squared: false, outputs: columns)
    case "mae": MeanAbsoluteError(outputs: columns)
    case "mape": MeanAbsolutePercentageError()
    case "pearson": PearsonCorrCoef(outputs: columns)
    case "spearman": SpearmanCorrCoef(outputs: columns)
    case "r2":
      R2Score(
        outputs: outputs, adjusted: number("adjusted") ?? 0, multiOutput: multi ?? .uniformAverage)
    case "explained_variance":
      ExplainedVariance(outputs: outputs, multiOutput: multi ?? .uniformAverage)
    case "kl":
      KLDivergence(logProbabilities: golden.options["log"] != nil, reduction: reduction)
    case "cosine": CosineSimilarityMetric(reduction)
    case "perplexity": Perplexity(ignoreIndex: number("ignore_index"))
    default: try #require(nil, "no such metric: \(golden.metric)")
    }
  }

  @Test(arguments: cases) func asTorchmetrics(_ golden: Case) throws {
    for (kind, expected) in golden.values {
      let (x, y) = Self.inputs(kind, of: golden)
      let metric = try Self.make(golden)
      MetricWarning.$handler.withValue(MetricWarning { _ in }) {
        let count = golden.shape[0]
        let middle = count / 2
        metric.update(x[0..<middle], y[0..<middle])
        metric.update(x[middle..<count], y[middle..<count])
        for value in [metric.evaluate(x, y), metric.compute()] {
          #expect(value.shape == Shape(expected.shape))
          let found = value.to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
          for (a, b) in zip(found, expected.values.map(\.value)) {
            #expect(
              a.isNaN && b.isNaN || abs(a - b) < 1e-5 * max(1, abs(b)),
              "\(kind): \(a), torchmetrics \(b)")
          }
        }
      }
    }
  }

  @Test func aggregation() {
    let values = Tensor([1, .nan, 3] as [Float])
    MetricWarning.$handler.withValue(MetricWarning { _ in }) {
      let mean = MeanMetric()
      mean.update(values, weight: Tensor([1, 1, 3] as [Float]))
      mean.update(6)
      // (1 + 9 + 6) / 5
      #expect(abs(mean.compute().item() - 3.2) < 1e-6)
      let (sum, least, most, all) = (SumMetric(), MinMetric(), MaxMetric(), CatMetric())
      for metric in [sum, least, most, all] { metric.update(values) }
      #expect((sum.compute().item(), least.compute().item(), most.compute().item()) == (4, 1, 3))
      #expect(all.compute().scalars(as: Float.self) == [1, 3])
    }
    let replaced = SumMetric(nanStrategy: .replace, replacement: 10)
    replaced.update(values)
    #expect(replaced.compute().item() == 14)
    let kept = MaxMetric(nanStrategy: .keep)
    kept.update(values)
    #expect(kept.compute().item().isNaN)
  }
}

@Suite struct MetricTests {
  private let predictions = Tensor([0, 1, 2, 2, 1, 0, 2] as [Int64])
  private let targets = Tensor([0, 1, 1, 2, 1, 2, 2] as [Int64])

  /// A call gives the batch's value, and compute that of all.
  @Test func batchesAndAll() {
    let metric = Accuracy(.multiclass(4, average: .micro))
    #expect(metric(predictions[0..<3], targets[0..<3]).item() == Double(Float(2.0 / 3)))
    #expect(metric(predictions[3..<7], targets[3..<7]).item() == 0.75)
    #expect(metric.compute().item() == Double(Float(5.0 / 7)))
    #expect(metric.updateCount == 2)
    metric.reset()
    metric.update(predictions[0..<2], targets[0..<2])
    #expect(metric.compute().item() == 1)
    let other = Accuracy(.multiclass(4, average: .micro))
    other.update(predictions[2..<7], targets[2..<7])
    metric.merge(other)
    #expect(metric.compute().item() == Double(Float(5.0 / 7)))
  }

  @Test func collectionsShareWhatIsCounted() throws {
    func make() -> MetricCollection {
      MetricCollection([
        "accuracy": Accuracy(.multiclass(4, average: .micro)),
        "precision": Precision(.multiclass(4, average: .micro)),
        "f1": F1Score(.multiclass(4, average: .macro)),
        "recall": Recall(.multiclass(4, average: .macro)),
        "matrix": ConfusionMatrix(.multiclass(4)),
      ])
    }
    let (collection, other) = (make(), make())
    let first = collection(predictions[0..<3], targets[0..<3])
    #expect(first["accuracy"]?.item() == Double(Float(2.0 / 3)))
    try other.loadState(collection.state)
    for collection in [collection, other] {
      collection.update(predictions[3..<7], targets[3..<7])
      let values = collection.compute()
      for (name, metric) in make().metrics {
        #expect(
          values[name]?.to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
            == metric.evaluate(predictions, targets).to(.float64).reshaped(to: [-1])
            .scalars(as: Double.self), "\(name)")
      }
    }
    collection.reset()
    #expect(collection["f1"]?.updateCount == 0)
  }

  @Test func warningsNameTheClass() throws {
    nonisolated(unsafe) var warnings: [String] = []
    let scores = Tensor([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]] as [[Float]])
    let targets = Tensor([0, 1] as [Int64])
    MetricWarning.$handler.withValue(MetricWarning { warnings.append($0) }) {
      _ = auroc(scores, targets, .multiclass(3, average: .none))
      _ = averagePrecision(scores, targets, .multiclass(3, average: .macro))
      _ = Accuracy(.binary).compute()
      let labels = Tensor([0, 2, 2] as [Int64])
      _ = confusionMatrix(labels, labels, .multiclass(4), normalize: .true)
      _ = confusionMatrix(
        Tensor([[1, 0], [1, 0]] as [[Int64]]), Tensor([[0, 0], [1, 0]] as [[Int64]]),
        .multilabel(2), normalize: .pred)
    }
    #expect(
      warnings == [
        "AUROC, class 2: no positive targets, so the true positive rate is 0",
        "AveragePrecision: the value of class 2 is NaN, and is left out of the macro average",
        "Accuracy: the value was asked for before any batch",
        "ConfusionMatrix: no targets of class 1; class 3, whose fractions are 0",
        "ConfusionMatrix: no predictions of label 0, class 0; label 1, class 1, whose fractions are 0",
      ])
  }

  @Test func curves() throws {
    let roc = ROC(.binary)
    roc.update(Tensor([0.1, 0.4, 0.4, 0.8] as [Float]), Tensor([0, 0, 1, 1] as [Int64]))
    let curve = try #require(roc.curves.first)
    #expect(curve.x == [0, 0, 0.5, 1] && curve.y == [0, 0.5, 1, 1])
    #expect(curve.thresholds.map { Float($0) } == [1, 0.8, 0.4, 0.1])
    #expect(roc.compute().scalars(as: Float.self) == [0.875])
  }

  /// 5000 scores with many ties: wins and half of the ties, counted one by one.
  @Test func manyScores() {
    var state: UInt32 = 7
    func draw() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 16
    }
    let scores = (0..<5000).map { _ in Float(draw() % 500) / 499 }
    let targets = (0..<5000).map { _ in Int64(draw() % 3 == 0 ? 1 : 0) }
    var (higher, equal) = ([Int](repeating: 0, count: 500), [Int](repeating: 0, count: 500))
    for (score, target) in zip(scores, targets) where target == 0 {
      equal[Int((score * 499).rounded())] += 1
    }
    for level in 1..<500 { higher[level] = higher[level - 1] + equal[level - 1] }
    var wins = 0.0
    for (score, target) in zip(scores, targets) where target == 1 {
      let level = Int((score * 499).rounded())
      wins += Double(higher[level]) + Double(equal[level]) / 2
    }
    let positives = targets.reduce(0, +)
    let expected = wins / Double(positives) / Double(5000 - positives)
    let found = auroc(Tensor(scores), Tensor(targets), .binary).item()
    #expect(abs(found - expected) < 1e-6)
  }

  @Test func mistakes() async throws {
    let target = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = accuracy(
        Tensor([0, 1] as [Int64]), Tensor([0, 4] as [Int64]), .multiclass(3, average: .micro))
    }
    #expect(
      String(decoding: try #require(target).standardErrorContent, as: UTF8.self)
        .contains("Accuracy: found a target of 4; expected a class in 0..<3"))
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = F1Score(.multilabel(3, average: .macro)).evaluate(
        .zeros([2, 4]), .zeros([2, 4], dtype: .int64))
    }
    #expect(
      String(decoding: try #require(shapes).standardErrorContent, as: UTF8.self)
        .contains(
          "F1Score: found predictions [2, 4] and targets [2, 4]; expected both [batch, 3, …]"))
  }

  @Test func statesThatDoNotFit() {
    func problem(_ change: (inout [String: Tensor]) -> Void) -> String? {
      let metric = Accuracy(.multiclass(3, average: .macro))
      var state = metric.state
      change(&state)
      do {
        try metric.loadState(state)
        return nil
      } catch { return "\(error)" }
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0["counts"] = nil } == "the state of Accuracy lacks counts")
    #expect(
      problem { $0["counts"] = .zeros([4, 4], dtype: .int64) }
        == "the state of Accuracy has counts of shape [4, 4] and dtype int64; expected [3, 4] and int64"
    )
    #expect(
      problem { $0["more"] = .zeros([1]) }
        == "the state of Accuracy has more, which it does not know")
  }
}
