import LevinData
import LevinTensor
import Testing

@Suite struct CollationTests {
  private func all<Batch>(_ dataset: Collated<Batch>) throws -> Batch {
    try dataset.batch(at: ArraySlice(0..<dataset.count))
  }

  @Test func numbersBecomeTensors() throws {
    #expect(try all(Collated(SampleArray([3, -1]))).dtype == .int64)
    #expect(try all(Collated(SampleArray([0.5, 1.5]))).dtype == .float64)
    #expect(try all(Collated(SampleArray([Float(0.5)]))).dtype == .float32)
    let flags = try all(Collated(SampleArray([true, false])))
    #expect(flags.scalars(as: Bool.self) == [true, false])
    #expect(try all(Collated(SampleArray(["a", "b"]))) == ["a", "b"])
  }

  @Test func tensorsAreStacked() throws {
    struct Rows: SampleDataset {
      let count = 3
      func sample(at index: Int) -> (Tensor, Int) {
        (Tensor([Float(index), 2], shape: [1, 2]), index * 10)
      }
    }
    let (rows, numbers) = try Collated(Rows()).batch(at: [2, 0])
    #expect(rows.shape == [2, 1, 2])
    #expect(rows.scalars(as: Float.self) == [2, 2, 0, 2])
    #expect(numbers.scalars(as: Int64.self) == [20, 0])
    let loader = DataLoader(Collated(Rows()), batchSize: 2)
    #expect(loader.map { $0.1.shape[0] } == [2, 1])
  }

  @Test func dictionariesAndArraysAreCollatedByElement() throws {
    let samples: [[String: [Int]]] = [["a": [1, 2], "b": [3]], ["a": [4, 5], "b": [6]]]
    let batch = try all(Collated(SampleArray(samples)))
    #expect(batch["a"]?.map { $0.scalars(as: Int64.self) } == [[1, 4], [2, 5]])
    #expect(batch["b"]?.map { $0.scalars(as: Int64.self) } == [[3, 6]])
  }

  struct Measurement: Collatable {
    var value: Float
    var name: String
    static func collate(_ samples: [Measurement]) -> (values: Tensor, names: [String]) {
      (Float.collate(samples.map(\.value)), samples.map(\.name))
    }
  }

  @Test func structsSayHow() throws {
    let samples = [Measurement(value: 1, name: "x"), Measurement(value: 2, name: "y")]
    let batch = try all(Collated(SampleArray(samples)))
    #expect(batch.values.scalars(as: Float.self) == [1, 2] && batch.names == ["x", "y"])
    let own = Collated(SampleArray(samples)) { $0.count }
    #expect(try own.batch(at: [0, 1, 1]) == 3)
  }

  @Test func whatDoesNotFitIsSaid() {
    struct Ragged: SampleDataset {
      let count = 3
      func sample(at index: Int) -> Tensor { Tensor.zeros([index + 1]) }
    }
    #expect(
      throws: CollationError(
        "tensors of a batch must have one shape and dtype, but found [1] float32 at 0 and [2] float32 at 1. "
          + "Crop or pad them (padSequence), or give a collate function.")
    ) { try all(Collated(Ragged())) }
    #expect(throws: CollationError("sample 1 of a batch has no b, which sample 0 has.")) {
      try all(Collated(SampleArray([["b": 1], ["a": 1]])))
    }
  }

  @Test(arguments: [0, 2]) func anErrorNamesItsSample(workerCount: Int) {
    struct Broken: Error, CustomStringConvertible {
      let description = "cat.jpg: byte 7: the JPEG file is cut short"
    }
    struct Pictures: SampleDataset {
      let count = 10
      func sample(at index: Int) throws -> Int {
        if index == 6 { throw Broken() }
        return index
      }
    }
    let pass = DataLoader(Collated(Pictures()), batchSize: 4, workerCount: workerCount)
      .makeIterator()
    #expect(pass.next()?.scalars(as: Int64.self) == [0, 1, 2, 3])
    #expect(pass.next() == nil)
    #expect(pass.failure.map { "\($0)" } == "sample 6: cat.jpg: byte 7: the JPEG file is cut short")
  }

  @Test func listsOfTensors() throws {
    let dataset = TensorListDataset(
      Tensor([1, 2, 3] as [Float]), Tensor([4, 5, 6] as [Int64]), Tensor([true, false, true]))
    let batch = try dataset.batch(at: [2, 1])
    #expect(batch[0].scalars(as: Float.self) == [3, 2])
    #expect(batch[1].scalars(as: Int64.self) == [6, 5])
    #expect(batch[2].scalars(as: Bool.self) == [true, false])
    let twice = ConcatDataset([dataset, dataset])
    let joined = try twice.batch(at: [0, 5, 1])
    #expect(joined[1].scalars(as: Int64.self) == [4, 6, 5])
  }

  @Test func groupsStayTogether() {
    let patients = (0..<60).map { $0 / 4 % 15 }
    let dataset = NumbersDataset(count: 60)
    let parts = groupedSplit(
      dataset, by: patients, fractions: [0.6, 0.2, 0.2], generator: Generator(seed: 1))
    #expect(parts.map(\.count) == [36, 12, 12])
    let found = parts.map { Set($0.indices.map { patients[$0] }) }
    #expect(found[0].isDisjoint(with: found[1]) && found[1].isDisjoint(with: found[2]))
    #expect(parts.flatMap(\.indices).sorted() == Array(0..<60))
    // The groups of the first part are those that torch's split of 15 things puts there.
    let groups = randomSplit(
      NumbersDataset(count: 15), fractions: [0.6, 0.2, 0.2], generator: Generator(seed: 1))
    #expect(found.map { $0.sorted() } == groups.map { $0.indices.sorted() })
  }

  @Test func classesAreShared() {
    // 50, 30, and three classes of 2 samples.
    let labels = (0..<86).map { $0 < 50 ? 0 : $0 < 80 ? 1 : 2 + ($0 - 80) / 2 }
    let parts = stratifiedSplit(
      NumbersDataset(count: 86), by: labels, fractions: [0.8, 0.2], generator: Generator(seed: 1))
    #expect(parts.flatMap(\.indices).sorted() == Array(0..<86))
    func count(_ part: Int, _ label: Int) -> Int {
      parts[part].indices.filter { labels[$0] == label }.count
    }
    #expect(count(0, 0) == 40 && count(1, 0) == 10 && count(0, 1) == 24 && count(1, 1) == 6)
    // Of six left-over samples, five and one.
    #expect(parts.map(\.count) == [69, 17])
    #expect(parts[0].indices == parts[0].indices.sorted())
    #expect(parts[0].indices.prefix(45) != Array(0..<45)[...])
  }
}
