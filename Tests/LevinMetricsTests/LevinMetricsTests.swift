import LevinMetrics
import LevinTensor
import Testing

@Suite struct AccuracyTests {
  /// torchmetrics: multiclass accuracy, micro average, of these predictions is 5/7.
  @Test func ofIndices() {
    let value = accuracy(
      Tensor([0, 1, 2, 2, 1, 0, 2] as [Int64]), Tensor([0, 1, 1, 2, 1, 2, 2] as [Int64]),
      classCount: 4)
    #expect(value.item() == Double(Float(5.0 / 7)))
    #expect(value.rank == 0)
  }

  @Test func ofScoresTheFirstOfEqualsCounts() {
    let scores = Tensor([1, 1, 0, 0, 2, 1] as [Float], shape: [2, 3])
    #expect(accuracy(scores, Tensor([0, 2] as [Int64]), classCount: 3).item() == 0.5)
  }
}
