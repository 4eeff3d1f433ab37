import Foundation
import LevinMetrics
import LevinTensor
import Testing

/// The mean distance of points `[batch, dimensions]`.
final class MeanDistance: Metric {
  init() { super.init([.sum("distance", of: [], .float64), .sum("count", of: [], .int64)]) }

  override func measure(_ predictions: Tensor, _ targets: Tensor) -> [Tensor] {
    let distances = (predictions - targets).to(.float64).norm(dimension: 1)
    return [distances.sum(), Tensor(Int64(targets.shape[0]))]
  }

  override func value(of states: [Tensor]) -> Tensor { (states[0] / states[1]).to(.float32) }
}

/// The share of negative predictions that are correct (negative predictive value).
final class NegativePredictiveValue: CountingMetric {
  override func score(_ counts: Counts) -> Double {
    ratio(counts.trueNegatives, counts.trueNegatives + counts.falseNegatives)
  }
}

/// What docs/adding-a-metric.md shows works.
@Suite struct OwnMetricTests {
  @Test func distances() {
    let predictions = Tensor([[3, 4], [0, 1]] as [[Float]])
    let targets = Tensor.zeros([2, 2])
    let metric = MeanDistance()
    let ofBatch = metric(predictions, targets)
    let ofAll = metric.compute()
    metric.reset()
    #expect((ofBatch.item(), ofAll.item(), metric.updateCount) == (3, 3, 0))
  }

  @Test func formulas() {
    let value = NegativePredictiveValue(.multiclass(3, average: .none)).evaluate(
      Tensor([0, 1, 2, 2] as [Int64]), Tensor([0, 2, 2, 1] as [Int64]))
    // Not predicted: 3 of class 0, all rightly; 3 of class 1, of which one is; 2 of class 2, of which one is.
    #expect(value.scalars(as: Float.self) == [1, 2 / 3, 1 / 2])
  }

  /// The page shows the code of this file.
  @Test func thePageShowsThis() throws {
    let here = URL(filePath: #filePath)
    let page = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/adding-a-metric.md")
    let own = Set(try String(contentsOf: here, encoding: .utf8).split(separator: "\n").map(trimmed))
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
    #expect(blocks.count == 4)
    for block in blocks.dropFirst() {
      let code = block.components(separatedBy: "```")[0]
      for line in code.split(separator: "\n") { #expect(own.contains(trimmed(line)), "\(line)") }
    }
  }

  private func trimmed(_ line: Substring) -> String { line.trimmingCharacters(in: .whitespaces) }
}
