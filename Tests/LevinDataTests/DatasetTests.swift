import LevinData
import LevinTensor
import Testing

@Suite struct DatasetTests {
  @Test func tensorRowsAreFetched() throws {
    let dataset = TensorDataset(
      Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]), Tensor([7, 8, 9] as [Int64]))
    let batch = try dataset.batch(at: [2, 0])
    #expect(batch.inputs.shape == [2, 2])
    #expect(batch.inputs.scalars(as: Float.self) == [5, 6, 1, 2])
    #expect(batch.targets.scalars(as: Int64.self) == [9, 7])
    let arrays = ArrayDataset(["a", "b", "c"]) { $0.joined() }
    #expect(try arrays.batch(at: [1, 1, 2]) == "bbc")
  }

  @Test func uniformNumbersFillTheirRange() {
    var random = SampleGenerator(seed: 1, sample: 2)
    let numbers = (0..<1000).map { _ in random.uniform(-2..<3) }
    #expect(numbers.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(numbers.filter { $0 < 0.5 }.count > 400 && numbers.filter { $0 < 0.5 }.count < 600)
    var near = SampleGenerator(seed: 1, sample: 3)
    var same = SampleGenerator(seed: 1, sample: 2)
    #expect(near.next() != same.next())
  }
}
