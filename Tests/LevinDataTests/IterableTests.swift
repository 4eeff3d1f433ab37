import LevinData
import LevinTensor
import Testing

@Suite struct IterableTests {
  private func batches<Batch>(
    _ loader: BatchLoader<Batch>, at position: LoaderPosition? = nil
  ) throws -> [Batch] {
    let pass = loader.makeBatches(resumingAt: position)
    var all: [Batch] = []
    while let batch = try pass.nextBatch() { all.append(batch) }
    #expect(try pass.nextBatch() == nil)
    return all
  }

  @Test func samplesComeInBatches() throws {
    let numbers = SampleSequence { 0..<7 }
    let loader = IterableLoader(numbers, batchSize: 3) { $0 }
    for _ in 0..<2 { #expect(try batches(loader) == [[0, 1, 2], [3, 4, 5], [6]]) }
    let whole = IterableLoader(numbers, batchSize: 3, dropLast: true) { $0 }
    #expect(try batches(whole) == [[0, 1, 2], [3, 4, 5]])
    let tensors = IterableLoader(numbers, batchSize: 4)
    #expect(try batches(tensors).map { $0.scalars(as: Int64.self) } == [[0, 1, 2, 3], [4, 5, 6]])
    #expect(loader.batchCount == nil)
  }

  @Test func aPassGoesOnWhereItWasLeft() throws {
    let loader = IterableLoader(SampleSequence { 0..<7 }, batchSize: 3) { $0 }
    let pass = loader.makeBatches()
    _ = try pass.nextBatch()
    let position = pass.position
    #expect(try batches(loader, at: position) == [[3, 4, 5], [6]])
  }

  @Test func chainsAreReadOneAfterAnother() throws {
    let chain = ChainDataset<Int>([
      SampleSequence { 0..<2 }, SampleSequence { [] }, SampleSequence { [10, 11, 12] },
    ])
    #expect(try batches(IterableLoader(chain, batchSize: 2) { $0 }) == [[0, 1], [10, 11], [12]])
    #expect(try batches(IterableLoader(ChainDataset<Int>([])) { $0 }).isEmpty)
  }

  @Test func anErrorIsThrown() throws {
    struct Failing: IterableDataset {
      struct Failure: Error {}
      func makeSamples() throws -> () throws -> Int? {
        var left = 3
        return {
          left -= 1
          if left == 0 { throw Failure() }
          return left
        }
      }
    }
    let pass = IterableLoader(Failing(), batchSize: 1) { $0 }.makeBatches()
    #expect(try pass.nextBatch() == [2])
    #expect(try pass.nextBatch() == [1])
    #expect(throws: Failing.Failure.self) { try pass.nextBatch() }
  }
}
