import Foundation
import LevinFormats
import LevinMetrics
import LevinTensor
import Testing

/// Values of torchmetrics (and scikit-learn's, for the average of samples) over many kinds of inputs.
@Suite struct ClassificationTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Numbers: Decodable, Sendable {
      let shape: [Int]
      let values: [Number]
    }
    let task: String
    let metric: String
    let options: [String: Option]
    let values: [String: Numbers]
    var testDescription: String { "\(task) \(metric) \(options)" }
  }

  /// A number, or "nan".
  struct Number: Decodable, Sendable {
    let value: Double
    init(_ value: Double) { self.value = value }
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = (try? container.decode(Double.self)) ?? .nan
    }
  }

  enum Option: Decodable, Sendable {
    case flag(Bool), number(Double), numbers([Double]), word(String), none
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .none
      } else if let value = try? container.decode(Bool.self) {
        self = .flag(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let values = try? container.decode([Double].self) {
        self = .numbers(values)
      } else {
        self = .word(try container.decode(String.self))
      }
    }
  }

  static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/metrics/classification.json.gz")
    do {
      let bytes = try Gzip.inflate(Array(Data(contentsOf: file)), path: file.path, limit: 1 << 24)
      return try JSONDecoder().decode([Case].self, from: Data(bytes))
    } catch { fatalError("\(file.path): \(error)") }
  }()

  /// The cases of curves, and all others.
  static let (curves, values) = (cases.filter(\.isCurve), cases.filter { !$0.isCurve })

  @Test(arguments: values) func asTorchmetrics(_ golden: Case) throws {
    for (kind, expected) in golden.values.sorted(by: { $0.key < $1.key }) {
      // Which of equal scores are among the largest is the first ones' here, and nobody's choice in PyTorch.
      if kind == "ties", golden.options["top_k"] != nil { continue }
      let input = Input(kind, of: golden.task)
      let metric = try golden.make(ignoring: input.ignored)
      let expected = golden.isUndefined(kind) ? .init(shape: [], values: [.init(0)]) : expected
      MetricWarning.$handler.withValue(MetricWarning { _ in }) {
        expectEqual(metric.evaluate(input.predictions, input.targets), expected, "\(kind), at once")
        // In batches, from the first and from the last.
        let count = input.targets.shape[0]
        let batches = stride(from: 0, to: count, by: 5).map { $0..<min($0 + 5, count) }
        for batches in golden.isSamplewise ? [batches] : [batches, batches.reversed()] {
          metric.reset()
          for rows in batches { metric.update(input.predictions[rows], input.targets[rows]) }
          expectEqual(metric.compute(), expected, "\(kind), in batches")
        }
      }
    }
  }

  @Test(arguments: curves) func curvesAsTorchmetrics(_ golden: Case) throws {
    for (kind, expected) in golden.values.sorted(by: { $0.key < $1.key }) {
      let input = Input(kind, of: golden.task)
      let metric = try #require(golden.make(ignoring: input.ignored) as? CurveMetric)
      let curves = MetricWarning.$handler.withValue(MetricWarning { _ in }) {
        let half = input.targets.shape[0] / 2
        metric.update(input.predictions[0..<half], input.targets[0..<half])
        metric.update(
          input.predictions[half..<input.targets.shape[0]],
          input.targets[half..<input.targets.shape[0]])
        return (metric as? ROC)?.curves ?? (metric as? PrecisionRecallCurve)?.curves ?? []
      }
      let numbers = curves.flatMap { $0.x + $0.y + $0.thresholds }
      expectEqual(Tensor(numbers), expected, kind)
    }
  }

  /// The functions of one batch, with a value for each sample.
  @Test func functionsOfSamples() throws {
    typealias Function = (Tensor, Tensor, AveragedTask) -> Tensor
    let functions: [String: Function] = [
      "accuracy": { accuracy($0, $1, $2, multidimAverage: .samplewise) },
      "precision": { precision($0, $1, $2, multidimAverage: .samplewise) },
      "recall": { recall($0, $1, $2, multidimAverage: .samplewise) },
      "specificity": { specificity($0, $1, $2, multidimAverage: .samplewise) },
      "hamming_distance": { hammingDistance($0, $1, $2, multidimAverage: .samplewise) },
      "stat_scores": { statScores($0, $1, $2, multidimAverage: .samplewise) },
      "f1_score": { f1Score($0, $1, $2, multidimAverage: .samplewise) },
      "fbeta_score": { fBetaScore($0, $1, $2, beta: 2, multidimAverage: .samplewise) },
    ]
    var count = 0
    for golden in Self.values where golden.isSamplewise {
      guard let function = functions[golden.metric], let wanted = golden.values["dimensions"] else {
        continue
      }
      let input = Input("dimensions", of: golden.task)
      MetricWarning.$handler.withValue(MetricWarning { _ in }) {
        expectEqual(
          function(input.predictions, input.targets, golden.averaged), wanted, "\(golden)")
      }
      count += 1
    }
    #expect(count >= 8 * 8)
  }

  private func expectEqual(_ found: Tensor, _ expected: Case.Numbers, _ what: String) {
    #expect(found.shape == Shape(expected.shape), "\(what)")
    let values = found.to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
    let wanted = expected.values.map(\.value)
    // One expectation a number would take most of the time.
    let isEqual = zip(values, wanted).allSatisfy { a, b in
      a.isNaN && b.isNaN || abs(a - b) < 2e-6 * max(1, abs(b))
    }
    if !isEqual { Issue.record("\(what): \(values), torchmetrics \(wanted)") }
  }
}

/// Numbers that the script of the golden data draws, too.
struct Input {
  let predictions: Tensor
  let targets: Tensor
  let ignored: Int?
  static let kinds = [
    "probabilities", "logits", "labels", "ties", "ignored", "absent", "one", "perfect", "wrong",
    "dimensions", "few", "confident",
  ]

  struct Draw {
    var state: UInt32
    mutating func next() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 16
    }
    mutating func units(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.elementCount).map { _ in Float(next()) / 65536 }, shape: shape)
    }
    mutating func below(_ limit: UInt32, _ shape: Shape) -> Tensor {
      Tensor((0..<shape.elementCount).map { _ in Int64(next() % limit) }, shape: shape)
    }
  }

  init(_ kind: String, of task: String) {
    let isClasses = task == "multiclass"
    let extra = ["binary": [], "multiclass": [4], "multilabel": [3]][task] ?? []
    let limit: UInt32 = isClasses ? 4 : 2
    let flat = isClasses ? [] : extra
    var draw = Draw(state: UInt32(100 + (Self.kinds.firstIndex(of: kind) ?? 0)))
    let rest = kind == "dimensions" ? [2, 3] : []
    let batch = kind == "few" ? 3 : 24
    var scores = draw.units(Shape([batch] + extra + rest))
    if kind == "logits" {
      scores = scores * 8 - 4
    } else if isClasses {
      scores = scores / scores.sum(dimension: 1, keepDimension: true)
    }
    if kind == "ties" { scores = (draw.units(Shape([batch] + extra)) * 4).floor() / 4 }
    if kind == "confident" { scores = scores.squared().squared() }
    var target = draw.below(limit, Shape([batch] + flat + rest))
    if kind == "absent" {
      switch task {
      case "binary": target = target.zerosLike()
      case "multiclass": target = target.clamped(atMost: 2)
      default:
        target = draw.below(2, Shape([batch] + flat))
        target[.all, 1] = Tensor.zeros([batch], dtype: .int64)
      }
    }
    if kind == "one" { target = target.onesLike() }
    if kind == "labels" { scores = draw.below(limit, Shape([batch] + flat)) }
    if kind == "perfect" { scores = target }
    if kind == "wrong" { scores = (target + 1).remainder(dividingBy: Tensor(Int64(limit))) }
    if kind == "ignored" {
      for row in stride(from: 0, to: batch, by: 5) {
        target[row] = target[row].fullLike(-1)
      }
    }
    (predictions, targets, ignored) = (scores, target, kind == "ignored" ? -1 : nil)
  }
}

extension ClassificationTests.Case {
  var isCurve: Bool { metric == "roc" || metric == "precision_recall_curve" }
  var isSamplewise: Bool { word("multidim_average") == "samplewise" }

  /// Where a correlation has no value, which torchmetrics replaces by terms of its smallest number; here it is 0.
  func isUndefined(_ kind: String) -> Bool {
    guard metric == "matthews_corrcoef" else { return false }
    return task == "binary" && ["absent", "few", "one"].contains(kind)
      || task == "multilabel" && kind == "one"
  }

  private func number(_ key: String) -> Double? {
    if case .number(let value) = options[key] { value } else { nil }
  }
  private func word(_ key: String) -> String {
    if case .word(let value) = options[key] { value } else { "" }
  }

  var averaged: AveragedTask {
    let average = Average(rawValue: word("average")) ?? .macro
    return switch task {
    case "binary": .binary
    case "multiclass": .multiclass(4, average: average)
    default: .multilabel(3, average: average)
    }
  }

  func make(ignoring ignored: Int?) throws -> Metric {
    let average = Average(rawValue: word("average"))
    let plain: ClassificationTask =
      switch task {
      case "binary": .binary
      case "multiclass": .multiclass(4)
      default: .multilabel(3)
      }
    let threshold = number("threshold") ?? 0.5
    let topK = number("top_k").map { Int($0) } ?? 1
    let zero = number("zero_division") ?? 0
    var thresholds: [Double]?
    switch options["thresholds"] {
    case .number(let count): thresholds = CurveMetric.evenly(Int(count))
    case .numbers(let values): thresholds = values
    default: break
    }
    let multidim = isSamplewise ? MultidimAverage.samplewise : .global
    let normalization = CurveMetric.Normalization(rawValue: word("normalization")) ?? .automatic
    let isSquared = if case .flag(true) = options["squared"] { true } else { false }
    return switch metric {
    case "accuracy":
      Accuracy(
        averaged, threshold: threshold, topK: topK, ignoreIndex: ignored, multidimAverage: multidim)
    case "precision":
      Precision(
        averaged, threshold: threshold, topK: topK, ignoreIndex: ignored, zeroDivision: zero,
        multidimAverage: multidim)
    case "recall":
      Recall(
        averaged, threshold: threshold, topK: topK, ignoreIndex: ignored, zeroDivision: zero,
        multidimAverage: multidim)
    case "specificity":
      Specificity(averaged, topK: topK, ignoreIndex: ignored, multidimAverage: multidim)
    case "f1_score":
      F1Score(
        averaged, threshold: threshold, topK: topK, ignoreIndex: ignored, zeroDivision: zero,
        multidimAverage: multidim)
    case "fbeta_score":
      FBetaScore(
        averaged, beta: try #require(number("beta")), topK: topK, ignoreIndex: ignored,
        multidimAverage: multidim)
    case "hamming_distance":
      HammingDistance(averaged, ignoreIndex: ignored, multidimAverage: multidim)
    case "stat_scores": StatScores(averaged, ignoreIndex: ignored, multidimAverage: multidim)
    case "roc":
      ROC(
        plain, average: average, thresholds: thresholds, normalization: normalization,
        ignoreIndex: ignored)
    case "precision_recall_curve":
      PrecisionRecallCurve(
        plain, average: average, thresholds: thresholds, normalization: normalization,
        ignoreIndex: ignored)
    case "jaccard_index": JaccardIndex(averaged, ignoreIndex: ignored, zeroDivision: zero)
    case "confusion_matrix":
      ConfusionMatrix(
        plain, normalize: try #require(.init(rawValue: word("normalize"))), ignoreIndex: ignored)
    case "cohen_kappa":
      CohenKappa(
        plain, weights: try #require(.init(rawValue: word("weights"))), ignoreIndex: ignored)
    case "matthews_corrcoef": MatthewsCorrCoef(plain, ignoreIndex: ignored)
    case "auroc":
      AUROC(
        averaged, thresholds: thresholds, maxFPR: number("max_fpr"), normalization: normalization,
        ignoreIndex: ignored)
    case "average_precision":
      AveragePrecision(
        averaged, thresholds: thresholds, normalization: normalization, ignoreIndex: ignored)
    case "calibration_error":
      CalibrationError(
        plain, norm: try #require(.init(rawValue: word("norm"))),
        binCount: Int(try #require(number("n_bins"))), ignoreIndex: ignored)
    case "hinge_loss":
      HingeLoss(
        plain, squared: isSquared,
        mode: word("multiclass_mode") == "one-vs-all" ? .oneVsAll : .crammerSinger,
        ignoreIndex: ignored)
    case "exact_match": ExactMatch(plain, ignoreIndex: ignored, multidimAverage: multidim)
    default: try #require(nil, "no such metric: \(metric)")
    }
  }
}
