import LevinData
import LevinTensor
import Testing

/// Serialized, as the tests seed the default generator; with the other tests that do, in one suite.
extension DataLoaderTests {
  struct Sampling: Decodable {
    struct Passes: Decodable {
      var epochs: [[[Int]]]
      var default_after: Int
      var own_after: Int?
    }
    struct Distributed: Decodable {
      var count, replicas: Int
      var shuffle, drop_last: Bool
      var ranks: [[Int]]
    }
    struct Batches: Decodable {
      var epochs: [[[Int]]]
      var after: Int
    }
    struct Padding: Decodable {
      var batch_first: Bool
      var side: PaddingSide
      var shape: [Int]
      var values: [Float]
    }
    struct Draw: Decodable {
      var index, number: Int
      var flip: Bool
      var permutation: [Int]
      var factor, normal: Double
      init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        index = try parts.decode(Int.self)
        flip = try parts.decode(Bool.self)
        number = try parts.decode(Int.self)
        permutation = try parts.decode([Int].self)
        factor = try parts.decode(Double.self)
        normal = try parts.decode(Double.self)
      }
    }
    var samplers: [String: Passes]
    var distributed: [Distributed]
    var batches: Batches
    var padding: [Padding]
    var draws: [[Draw]]
    var concat: [[Int]]
  }

  static func sampling() throws -> Sampling {
    try Golden.load("sampling.json", as: Sampling.self)
  }

  private static func sampler(_ name: Substring, _ generator: Generator?) -> any Sampler<Int> {
    let weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0.0, 1.5, 0.2, 0.05]
    return switch name {
    case "sequential": SequentialSampler(count: 10)
    case "random": RandomSampler(sampleCount: 10, generator: generator)
    case "random_more": RandomSampler(sampleCount: 10, count: 23, generator: generator)
    case "random_twice": RandomSampler(sampleCount: 10, count: 20, generator: generator)
    case "random_fewer": RandomSampler(sampleCount: 10, count: 7, generator: generator)
    case "random_replacement":
      RandomSampler(sampleCount: 10, count: 45, replacement: true, generator: generator)
    case "subset": SubsetRandomSampler([1, 3, 5, 7, 9], generator: generator)
    case "weighted": WeightedRandomSampler(weights: weights, count: 12, generator: generator)
    case "weighted_one": WeightedRandomSampler(weights: weights, count: 1, generator: generator)
    default:
      WeightedRandomSampler(weights: weights, count: 8, replacement: false, generator: generator)
    }
  }

  private func drawn(_ generator: Generator = .default) -> Int {
    Int(generator.random32() % 1_000_000)
  }

  @Test(arguments: [0, 2]) func everySamplerDrawsWhatTorchDraws(workerCount: Int) throws {
    let samplers = try Self.sampling().samplers
    #expect(samplers.count == 19)
    for (name, golden) in samplers {
      let own = name.hasSuffix("_own") ? Generator(seed: 7) : nil
      seedEverything(42)
      let sampler = Self.sampler(name.dropLast(own == nil ? 0 : 4), own)
      let loader = DataLoader(
        NumbersDataset(count: 10), batchSize: 4, sampler: sampler, workerCount: workerCount)
      #expect([Array(loader), Array(loader)] == golden.epochs, "\(name)")
      #expect(drawn() == golden.default_after, "\(name)")
      if let own { #expect(drawn(own) == golden.own_after, "\(name)") }
      #expect(loader.count == golden.epochs[0].count)
    }
  }

  @Test func batchSamplersDrawWhatTorchDraws() throws {
    let golden = try Self.sampling().batches
    seedEverything(3)
    let sampler = BatchSampler(RandomSampler(sampleCount: 10), batchSize: 3)
    let loader = DataLoader(NumbersDataset(count: 10), batchSampler: sampler)
    #expect([Array(loader), Array(loader)] == golden.epochs)
    #expect(drawn() == golden.after)
    let short = BatchSampler(SequentialSampler(count: 10), batchSize: 3, dropLast: true)
    #expect(short.order(drawingFrom: .default) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    let large = BatchSampler(SequentialSampler(count: 3), batchSize: .max)
    #expect(large.order(drawingFrom: .default) == [[0, 1, 2]])
  }

  @Test func everyProcessHasTorchsShare() throws {
    for golden in try Self.sampling().distributed {
      let shares = (0..<golden.replicas).map { rank in
        let sampler = DistributedSampler(
          sampleCount: golden.count, replicaCount: golden.replicas, rank: rank,
          shuffle: golden.shuffle, seed: 5, dropLast: golden.drop_last)
        let loader = DataLoader(
          NumbersDataset(count: golden.count), batchSize: 100, sampler: sampler)
        loader.setEpoch(2)
        return loader.flatMap { $0 }
      }
      #expect(shares == golden.ranks, "\(golden)")
    }
  }

  /// One's own sampler of batches: of growing sizes, each pass in another order.
  struct Growing: Sampler {
    let count = 3
    func order(drawingFrom generator: Generator) -> [[Int]] {
      let all = generator.permutation(6)
      return [[all[0]], [all[1], all[2]], Array(all[3...])]
    }
  }

  @Test(arguments: [0, 2]) func ownSamplersResume(workerCount: Int) throws {
    func loader() -> DataLoader<[Int]> {
      DataLoader(
        NumbersDataset(count: 6), batchSampler: Growing(), workerCount: workerCount)
    }
    seedEverything(8)
    let pass = loader().makeIterator()
    let first = pass.next()
    #expect(first?.count == 1)
    let position = pass.position
    let rest = [pass.next(), pass.next()]
    #expect(rest.map { $0?.count } == [2, 3])
    #expect(pass.next() == nil)
    seedEverything(9)
    let resumed = loader().makeIterator(resumingAt: position)
    #expect([resumed.next(), resumed.next()] == rest)
    #expect(resumed.next() == nil)
    #expect(loader().sampleCount(ofBatch: 1) == nil)
  }

  @Test func aSamplerMayNotLeaveItsDataset() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Array(
        DataLoader(NumbersDataset(count: 3), sampler: SubsetRandomSampler([0, 3])))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains("sample 3 drawn by the sampler; expected one of 0..<3, the dataset's samples"))
  }

  /// Samples with random augmentation.
  struct Random: SampleDataset {
    let count = 6
    func sample(at index: Int) -> [Double] { [] }
    func sample(at index: Int, using random: inout SampleGenerator) -> [Double] {
      let flip = random.unit() < 0.5
      let number = random.integer(in: 0..<10)
      let permutation = random.permutation(4)
      let factor = random.uniform(from: 0.7, to: 1.4)
      return [Double(index), flip ? 1 : 0, Double(number), Double(factor), random.normal()]
        + permutation.map { Double($0) }
    }
  }

  @Test func augmentationCanDrawFromTorchsStream() throws {
    seedEverything(42)
    let loader = DataLoader(
      Collated(Random()) { $0 }, batchSize: 4, shuffle: true, draws: .torch)
    for golden in try Self.sampling().draws {
      let samples = loader.flatMap { $0 }
      #expect(samples.count == golden.count)
      for (found, expected) in zip(samples, golden) {
        #expect(found[0] == Double(expected.index))
        #expect(found[1] == (expected.flip ? 1 : 0))
        #expect(found[2] == Double(expected.number))
        #expect(found[3] == expected.factor)
        #expect(abs(found[4] - expected.normal) < 1e-6)
        #expect(found[5...].map { Int($0) } == expected.permutation)
      }
    }
  }

  @Test func torchsStreamIsThatOfOneThread() async {
    await #expect(processExitsWith: .failure) {
      _ = DataLoader(NumbersDataset(count: 3), workerCount: 1, draws: .torch)
    }
  }

  @Test func concatenatedDatasetsShuffleAsTorchs() throws {
    func part(_ count: Int, _ first: Int) -> any Dataset<[Int]> {
      ArrayDataset(Array(first..<first + count)) { $0 }
    }
    let joined = ConcatDataset([part(3, 0), part(0, 100), part(4, 10)]) { $0.flatMap { $0 } }
    seedEverything(11)
    let batches = Array(DataLoader(joined, batchSize: 3, shuffle: true))
    // torch's datasets both count from 0.
    #expect(batches.map { $0.map { $0 % 10 } } == (try Self.sampling().concat))
    #expect(batches.flatMap { $0 }.sorted() == [0, 1, 2, 10, 11, 12, 13])
    #expect(joined.count == 7)
  }

  @Test func sequencesArePaddedAsTorchs() throws {
    let golden = try Self.sampling().padding
    #expect(golden.count == 4)
    let sequences = [3, 1, 2].map { count in
      Tensor((0..<2 * count).map { Float($0 + 1) }, shape: [count, 2])
    }
    for example in golden {
      let padded = padSequence(
        sequences, batchFirst: example.batch_first, paddingValue: -7, side: example.side)
      #expect(Array(padded.shape) == example.shape)
      #expect(padded.scalars(as: Float.self) == example.values)
    }
  }
}
