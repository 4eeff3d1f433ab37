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
    let base: Double?
    let dimensions: [Int]?
    let reduction: String?
    let gaussian: Bool?
    let size: Int?
    let constants: [Double]?
    let volume: Bool?
    /// The range of values; null: as found in the pictures.
    let range: Double?
    let value: ClassificationTests.Case.Numbers
  }

  @Test func asTorchmetrics() throws {
    let cases: [Case] = OtherMetricTests.golden("pictures")
    #expect(cases.count == 54)
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
      case "psnr":
        value = overPictures(
          [4, 2, 13, 17],
          PeakSignalNoiseRatio(
            dataRange: golden.base == nil ? 1 : 2, base: golden.base ?? 10,
            dimensions: golden.dimensions,
            reduction: try #require(RowReduction(rawValue: golden.reduction ?? "mean"))))
      default:
        value = overPictures(
          golden.volume == true ? [2, 2, 11, 12, 13] : [4, 2, 13, 17],
          StructuralSimilarity(
            dataRange: golden.range, gaussianKernel: golden.gaussian ?? true,
            sigma: golden.sigma ?? 1.5,
            kernelSize: golden.size ?? 11, k1: golden.constants?[0] ?? 0.01,
            k2: golden.constants?[1] ?? 0.03,
            reduction: try #require(RowReduction(rawValue: golden.reduction ?? "mean"))))
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

  private func overPictures(_ shape: Shape, _ metric: Metric) -> Tensor {
    var draw = Input.Draw(state: shape.rank == 5 ? 980 : 950)
    let x = draw.units(shape).to(.float64)
    let y = (x + draw.units(shape).to(.float64) * 0.3).clamped(0, 1)
    // The range of a batch is that of all pictures if they are in one.
    guard
      (metric as? StructuralSimilarity)?.options.dataRange != nil
        || !(metric is StructuralSimilarity)
    else { return metric.evaluate(x, y) }
    let last = shape[0] - 1
    metric.update(x[0..<last], y[0..<last])
    metric.update(x[last..<last + 1], y[last..<last + 1])
    return metric.compute()
  }
}
