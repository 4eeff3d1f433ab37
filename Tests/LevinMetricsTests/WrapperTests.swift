import Foundation
import LevinMetrics
import LevinTensor
import Testing

@Suite struct WrapperTests {
  private func batch(right: Int, of count: Int) -> (Tensor, Tensor) {
    let targets = Tensor.zeros([count], dtype: .int64)
    return (Tensor((0..<count).map { Int64($0 < right ? 0 : 1) }), targets)
  }

  @Test func tracker() {
    let tracker = MetricTracker(Accuracy(.binary))
    for right in [1, 3, 3, 2] {
      let (p, t) = batch(right: right, of: 4)
      tracker.metric.update(p, t)
      tracker.finishStep()
    }
    #expect(tracker.values().map { $0.item() } == [0.25, 0.75, 0.75, 0.5])
    #expect(tracker.best()?.value == 0.75 && tracker.best()?.step == 1)
    let least = MetricTracker(MeanMetric(), maximize: false)
    #expect(least.best() == nil)
    // The least error is the best, without being told.
    let errors = MetricTracker(MeanSquaredError())
    for error in [3, 1, 2] as [Float] {
      errors.metric.update(Tensor([error]), Tensor([0] as [Float]))
      errors.finishStep()
    }
    #expect(errors.best()?.value == 1 && errors.best()?.step == 1)
  }

  /// torchmetrics' `higher_is_better` of each class.
  @Test func whichValuesAreBetter() throws {
    let task = AveragedTask.multiclass(3, average: .macro)
    let classes = ClassificationTask.multiclass(3)
    let metrics: [String: Metric] = [
      "Accuracy": Accuracy(task), "Precision": Precision(task), "Recall": Recall(task),
      "F1Score": F1Score(task), "FBetaScore": FBetaScore(task, beta: 2),
      "Specificity": Specificity(task), "StatScores": StatScores(task),
      "ConfusionMatrix": ConfusionMatrix(classes), "AUROC": AUROC(task), "ROC": ROC(classes),
      "AveragePrecision": AveragePrecision(task),
      "PrecisionRecallCurve": PrecisionRecallCurve(classes), "CohenKappa": CohenKappa(classes),
      "MatthewsCorrCoef": MatthewsCorrCoef(classes), "HammingDistance": HammingDistance(task),
      "JaccardIndex": JaccardIndex(task), "CalibrationError": CalibrationError(classes),
      "HingeLoss": HingeLoss(classes), "ExactMatch": ExactMatch(classes),
      "MeanSquaredError": MeanSquaredError(), "MeanAbsoluteError": MeanAbsoluteError(),
      "MeanAbsolutePercentageError": MeanAbsolutePercentageError(), "R2Score": R2Score(),
      "ExplainedVariance": ExplainedVariance(), "PearsonCorrCoef": PearsonCorrCoef(),
      "SpearmanCorrCoef": SpearmanCorrCoef(), "KLDivergence": KLDivergence(),
      "CosineSimilarity": CosineSimilarityMetric(.mean), "MeanMetric": MeanMetric(),
      "SumMetric": SumMetric(), "MinMetric": MinMetric(), "MaxMetric": MaxMetric(),
      "CatMetric": CatMetric(), "DiceScore": DiceScore(classCount: 3, average: .micro),
      "MeanIoU": MeanIoU(classCount: 3),
      "PeakSignalNoiseRatio": PeakSignalNoiseRatio(dataRange: 1),
      "StructuralSimilarityIndexMeasure": StructuralSimilarity(dataRange: 1),
      "Perplexity": Perplexity(),
    ]
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/metrics/higher-is-better.json")
    let wanted = try JSONDecoder().decode([String: Bool?].self, from: Data(contentsOf: file))
    #expect(metrics.keys.sorted() == wanted.keys.sorted())
    for (name, metric) in metrics { #expect(metric.higherIsBetter == wanted[name], "\(name)") }
    #expect(Running(MeanSquaredError()).higherIsBetter == false)
    let collection = MetricCollection(["error": MeanSquaredError()], prefix: "val/")
    #expect(collection.higherIsBetter("val/error") == false)
    #expect(collection.higherIsBetter("error") == nil)
    #expect(ClasswiseWrapper(Accuracy(.multiclass(3, average: .none))).higherIsBetter("") == true)
    #expect(MinMaxMetric(Accuracy(.binary)).higherIsBetter("") == nil)
  }

  @Test func extremes() {
    let metric = MinMaxMetric(Accuracy(.binary))
    for (right, expected) in [(1, (0.25, 0.25, 0.25)), (4, (0.625, 0.25, 0.625))] {
      let (p, t) = batch(right: right, of: 4)
      metric.update(p, t)
      #expect(metric.compute() == expected)
    }
  }

  @Test func byClass() {
    let (predictions, targets) = (Tensor([0, 1, 1] as [Int64]), Tensor([0, 0, 1] as [Int64]))
    func values(_ labels: [String]?, _ prefix: String?, _ postfix: String?) -> [String: Double] {
      let metric = ClasswiseWrapper(
        Recall(.multiclass(2, average: .none)), labels: labels, prefix: prefix, postfix: postfix)
      #expect(metric.batchValuesByName == nil)
      let ofBatch = metric(predictions, targets).mapValues { $0.item() }
      #expect(metric.valuesByName.mapValues { $0.item() } == ofBatch)
      #expect(metric.batchValuesByName?.mapValues { $0.item() } == ofBatch)
      return ofBatch
    }
    // torchmetrics' names, in which the class is called MulticlassRecall.
    #expect(values(["cat", "dog"], nil, nil) == ["recall_cat": 0.5, "recall_dog": 1])
    #expect(values(nil, nil, nil) == ["recall_0": 0.5, "recall_1": 1])
    #expect(values(nil, "val/", nil) == ["val/0": 0.5, "val/1": 1])
    #expect(values(["a", "b"], nil, "_recall") == ["a_recall": 0.5, "b_recall": 1])
  }

  @Test func trackerOfACollection() {
    let tracker = MetricTracker(
      MetricCollection(["right": Accuracy(.binary), "missed": HammingDistance(.binary)]))
    for right in [1, 3, 2] {
      let (p, t) = batch(right: right, of: 4)
      tracker.metric.update(p, t)
      tracker.finishStep()
    }
    #expect(tracker.best("right")?.step == 1)
    #expect(tracker.best("missed")?.value == 0.25)
    #expect(tracker.best("missed", maximize: true)?.value == 0.75)
    #expect(tracker.best("other") == nil)
  }

  /// torchmetrics' values of a window of three batches, and of each batch.
  @Test func running() {
    let metric = Running(MeanSquaredError(), window: 3)
    let expected: [(Float, Float)] = [
      (2, 2), (2.5, 2.25), (4, 2.8333333), (6.5, 4.3333335), (10, 6.8333335), (14.5, 10.333333),
    ]
    for (index, (ofBatch, ofWindow)) in expected.enumerated() {
      let value = metric(Tensor([Float(index), 2]), Tensor([0, 0] as [Float]))
      #expect(value.item() == Double(ofBatch))
      #expect(abs(metric.compute().item() - Double(ofWindow)) < 1e-6)
    }
    #expect(metric.updateCount == 6)
    let loss = Running(MeanMetric(), window: 2)
    for value in [1.0, 5, 7] { loss.update(value) }
    #expect(loss.compute().item() == 6)
  }

  /// torchmetrics' values with the same random numbers.
  @Test func bootstrapper() {
    let expected: [(Bootstrapper.Sampling, [Double], [Double], Double)] = [
      (
        .poisson, [0.5898268, 0.1693161, 0.4886364, 0.6369048],
        [0.5714286, 0.5, 0.8333333, 0.4545455], 0.9544757604598999
      ),
      (
        .multinomial, [0.5, 0.0680414, 0.4791667, 0.5208333], [0.5833333, 0.4166667, 0.5, 0.5],
        0.9578309655189514
      ),
    ]
    let predictions = Tensor((0..<12).map { Int64($0 % 3) })
    let targets = Tensor((0..<12).map { Int64($0 * 5 / 3 % 3) })
    for (sampling, summary, values, next) in expected {
      let generator = Generator(seed: 42)
      let metric = Bootstrapper(
        Accuracy(.multiclass(3, average: .micro)), count: 4, quantiles: [0.25, 0.75],
        sampling: sampling, generator: generator)
      metric.update(predictions[0..<8], targets[0..<8])
      metric.update(predictions[8..<12], targets[8..<12])
      let estimate = metric.compute()
      let numbers =
        [estimate.mean.item(), estimate.standardDeviation.item()]
        + estimate.quantiles.scalars(as: Float.self).map { Double($0) }
      for (found, wanted) in zip(numbers, summary) { #expect(abs(found - wanted) < 1e-6) }
      for (found, wanted) in zip(estimate.values.scalars(as: Float.self), values) {
        #expect(abs(Double(found) - wanted) < 1e-6)
      }
      #expect(Double(generator.uniformFloat()) == next)
      #expect(
        metric.valuesByName.keys.sorted() == ["mean", "quantile_0.25", "quantile_0.75", "std"])
    }
  }

  /// What a training needs of each: the values by name, a reset, and a state that goes on in another object.
  @Test func asATrainingSeesThem() throws {
    func make() -> [any LoggableMetric] {
      [
        Accuracy(.binary), AUROC(.binary),
        MetricCollection(["f1": F1Score(.binary), "recall": Recall(.binary)], prefix: "val/"),
        ClasswiseWrapper(Recall(.multiclass(2, average: .none))),
        MinMaxMetric(Accuracy(.binary)), Running(AUROC(.binary), window: 2),
        Bootstrapper(Accuracy(.binary), count: 3, generator: Generator(seed: 3)),
      ]
    }
    var draw = Input.Draw(state: 4)
    let batches = (0..<5).map { _ in (draw.units([16]), draw.below(2, [16])) }
    func update(_ metric: any LoggableMetric, _ batch: (Tensor, Tensor)) {
      switch metric {
      case let metric as Metric: metric(batch.0, batch.1)
      case let metric as MetricCollection: metric(batch.0, batch.1)
      case let metric as MinMaxMetric: metric(batch.0, batch.1)
      case let metric as ClasswiseWrapper:
        metric((batch.0 * 2).floor().to(.int64), batch.1)
      case let metric as Bootstrapper: metric.update(batch.0, batch.1)
      default: Issue.record("\(type(of: metric))")
      }
    }
    for (first, second) in zip(make(), make()) {
      for batch in batches[..<3] {
        update(first, batch)
        _ = first.valuesByName
      }
      try second.loadState(first.state)
      #expect(second.batchValuesByName == nil)
      for batch in batches[3...] {
        update(first, batch)
        update(second, batch)
      }
      #expect(bits(second.valuesByName) == bits(first.valuesByName))
      #expect(bits(second.batchValuesByName) == bits(first.batchValuesByName))
      #expect(first.updateCount == 5 && second.updateCount == 5)
      first.reset()
      #expect(first.updateCount == 0 && first.batchValuesByName == nil)
      #expect(throws: MetricStateError.self) { try second.loadState([:]) }
      #expect(second.updateCount == 5)
    }
  }

  private func bits(_ values: [String: Tensor]?) -> [String: UInt64]? {
    values?.mapValues { $0.item().bitPattern }
  }

  @Test func namesOfACollection() {
    let collection = MetricCollection(
      ["f1": F1Score(.binary), "recall": Recall(.binary)], prefix: "val/", postfix: "_1")
    let (p, t) = batch(right: 1, of: 4)
    #expect(collection(p, t).keys.sorted() == ["val/f1_1", "val/recall_1"])
    #expect(collection.compute().keys.sorted() == ["val/f1_1", "val/recall_1"])
    #expect(
      collection.state.keys.sorted() == [
        "f1.counts", "f1.update_count", "recall.counts", "recall.update_count",
      ])
  }
}
