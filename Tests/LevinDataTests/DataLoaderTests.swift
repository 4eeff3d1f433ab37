import LevinData
import LevinTensor
import Testing

/// Serialized, as the tests seed the default generator.
@Suite(.serialized) struct DataLoaderTests {
  struct Passes: Decodable {
    var epochs: [[[Int]]]
    var default_after: [Int]
  }

  private func randomInteger() -> Int { Int(Generator.default.random32() % 1_000_000) }

  @Test(
    arguments: [0, 1, 3],
    [
      "shuffled", "shuffled_generator", "shuffled_drop_last", "shuffled_after_break", "ordered",
      "ordered_generator",
    ])
  func twoPassesDrawWhatPyTorchDraws(workerCount: Int, name: String) throws {
    let golden = try #require(
      try Golden.load("shuffles.json", as: [String: Passes].self)[name])
    seedEverything(42)
    let loader = DataLoader(
      NumbersDataset(count: 10), batchSize: 4, shuffle: name.hasPrefix("shuffled"),
      workerCount: workerCount, dropLast: name == "shuffled_drop_last",
      generator: name.hasSuffix("generator") ? Generator(seed: 7) : nil)
    if name == "shuffled_after_break" { for _ in loader { break } }
    #expect([Array(loader), Array(loader)] == golden.epochs)
    #expect([randomInteger(), randomInteger()] == golden.default_after)
  }

  @Test func countsAreThoseOfThePasses() {
    let loader = DataLoader(NumbersDataset(count: 10), batchSize: 4)
    #expect(loader.count == 3)
    #expect((0..<3).map(loader.sampleCount(ofBatch:)) == [4, 4, 2])
    #expect(Array(loader).map(\.count) == [4, 4, 2])
    let whole = DataLoader(NumbersDataset(count: 10), batchSize: 4, dropLast: true)
    #expect(whole.count == 2)
    #expect(Array(whole).count == 2)
    #expect(Array(DataLoader(NumbersDataset(count: 0), batchSize: 4)).isEmpty)
    #expect(DataLoader(NumbersDataset(count: 3), batchSize: 4, dropLast: true).count == 0)
  }

  /// The largest numbers that the command line accepts.
  @Test func aBatchMayBeLargerThanAnyDataset() {
    for dropLast in [false, true] {
      let loader = DataLoader(
        NumbersDataset(count: 10), batchSize: .max, workerCount: .max, dropLast: dropLast)
      #expect(loader.count == (dropLast ? 0 : 1))
      #expect(Array(loader) == (dropLast ? [] : [Array(0..<10)]))
    }
    let single = DataLoader(NumbersDataset(count: 3), batchSize: 1, workerCount: .max)
    #expect(Array(single) == [[0], [1], [2]])
  }

  @Test func aSubsetIsFetchedFromItsSource() throws {
    let subset = Subset(NumbersDataset(count: 100), indices: [50, 7, 99, 3, 20])
    #expect(Array(DataLoader(subset, batchSize: 2)) == [[50, 7], [99, 3], [20]])
    let nested = Subset(subset, indices: [4, 0, 2])
    #expect(Array(DataLoader(nested, batchSize: 2)) == [[20, 50], [99]])
    let shuffled = DataLoader(
      subset, batchSize: 5, shuffle: true, generator: Generator(seed: 3))
    #expect(Set(Array(shuffled)[0]) == [50, 7, 99, 3, 20])
  }

  @Test(arguments: [0, 2])
  func anErrorEndsThePassInItsPlace(workerCount: Int) throws {
    let loader = DataLoader(
      NumbersDataset(count: 20, failsAt: 9), batchSize: 4, workerCount: workerCount)
    let iterator = loader.makeIterator()
    #expect(iterator.next() == [0, 1, 2, 3])
    #expect(iterator.next() == [4, 5, 6, 7])
    #expect(iterator.failure == nil)
    #expect(iterator.next() == nil)
    #expect(iterator.failure as? NumbersDataset.Failure == .init(index: 9))
    #expect(iterator.next() == nil)
    #expect(throws: NumbersDataset.Failure(index: 9)) { try iterator.nextBatch() }
  }

  @Test(arguments: [0, 2], ["ordered", "shuffled", "ordered, own", "shuffled, own"])
  func aPassGoesOnWhereItWasLeft(workerCount: Int, kind: String) throws {
    let (shuffle, own) = (kind.hasPrefix("shuffled"), kind.hasSuffix("own"))
    seedEverything(11)
    func loader(_ seed: UInt64) -> DataLoader<[Int]> {
      DataLoader(
        NumbersDataset(count: 30), batchSize: 4, shuffle: shuffle, workerCount: workerCount,
        generator: own ? Generator(seed: seed) : nil)
    }
    let first = loader(5)
    _ = Array(first)
    let iterator = first.makeIterator()
    for _ in 0..<3 { _ = iterator.next() }
    let position = iterator.position
    #expect(position.batchIndex == 3)
    var rest: [[Int]] = []
    while let batch = iterator.next() { rest.append(batch) }
    let nextPass = own ? Array(first) : []

    seedEverything(999)
    let second = loader(77)
    let resumed = second.makeIterator(resumingAt: position)
    var again: [[Int]] = []
    while let batch = resumed.next() { again.append(batch) }
    #expect(again == rest)
    #expect(rest.count == 5)
    if own && shuffle { #expect(Array(second) == nextPass) }
  }

  @Test func aBatchSizeOfZeroTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = DataLoader(NumbersDataset(count: 10), batchSize: 0)
    }
  }
}
