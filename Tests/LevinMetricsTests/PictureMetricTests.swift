import LevinMetrics
import LevinTensor
import Testing

/// torchmetrics' values of metrics of pictures and masks.
@Suite struct PictureMetricTests {
  struct Case: Decodable, Sendable {
    let metric: String
    let masks: String?
    let background: Bool?
    let average: String?
    let global: Bool?
    let sigma: Double?
    let value: ClassificationTests.Case.Numbers
  }

  @Test func asTorchmetrics() throws {
    let cases: [Case] = OtherMetricTests.golden("pictures")
    #expect(cases.count == 43)
    for golden in cases {
      let what = "\(golden)"
      let value: Tensor
      switch golden.metric {
      case "dice":
        let metric = DiceScore(
          classCount: 4, average: try #require(Average(rawValue: golden.average ?? "")),
          includeBackground: golden.background ?? true, isGlobal: golden.global ?? false)
        value = fill(metric, masks: golden.masks)
      case "iou":
        let metric = MeanIoU(
          classCount: 4, includeBackground: golden.background ?? true,
          perClass: golden.global ?? false)
        value = fill(metric, masks: golden.masks)
      case "psnr": value = overPictures(PeakSignalNoiseRatio(dataRange: 1))
      default:
        value = overPictures(StructuralSimilarity(dataRange: 1, sigma: golden.sigma ?? 1.5))
      }
      #expect(value.shape == Shape(golden.value.shape), "\(what)")
      let found = value.to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
      for (a, b) in zip(found, golden.value.values.map(\.value)) {
        #expect(a.isNaN && b.isNaN || abs(a - b) < 2e-6 * max(1, abs(b)), "\(what): \(a), \(b)")
      }
    }
  }

  private func fill(_ metric: Metric, masks: String?) -> Tensor {
    var draw = Input.Draw(state: 900)
    for _ in 0..<2 {
      var (p, t) = (draw.below(4, [3, 5, 6]), draw.below(3, [3, 5, 6]))
      if masks == "one-hot" {
        (p, t) = (p.oneHot(4).permuted(0, 3, 1, 2), t.oneHot(4).permuted(0, 3, 1, 2))
      }
      metric.update(p, t)
    }
    return metric.compute()
  }

  private func overPictures(_ metric: Metric) -> Tensor {
    var draw = Input.Draw(state: 950)
    let x = draw.units([4, 2, 13, 17]).to(.float64)
    let y = (x + draw.units([4, 2, 13, 17]).to(.float64) * 0.3).clamped(0, 1)
    metric.update(x[0..<3], y[0..<3])
    metric.update(x[3..<4], y[3..<4])
    return metric.compute()
  }
}

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
    #expect(tracker.values.map { $0.item() } == [0.25, 0.75, 0.75, 0.5])
    #expect(tracker.best?.value == 0.75 && tracker.best?.step == 1)
    let least = MetricTracker(MeanMetric(), maximize: false)
    #expect(least.best == nil)
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
    let metric = Recall(.multiclass(2, average: .none))
    metric.update(Tensor([0, 1, 1] as [Int64]), Tensor([0, 0, 1] as [Int64]))
    #expect(
      metric.computeByClass(["cat", "dog"], prefix: "recall") == [
        "recall_cat": 0.5, "recall_dog": 1,
      ])
  }
}
