import Foundation
import LevinFormats
import LevinTensor
import Testing

@Suite struct RandomTests {
  struct Golden: Decodable {
    let permutation_1000_sha256: String
    let permutation_10: [Int]
    let rand_700: String
    let uniform_5: [Double]
    let rand_float64_4: [Double]
  }

  /// The first outputs of MT19937 seeded with 42.
  @Test func twister() {
    let generator = Generator(seed: 42)
    #expect(
      (0..<5).map { _ in generator.random32() }
        == [1_608_637_542, 3_421_126_067, 4_083_286_876, 787_846_414, 3_143_890_026])
  }

  @Test func equalsPyTorch() throws {
    let golden = try EngineGolden.load("random", as: Golden.self)
    let permutation = Generator(seed: 42).permutation(1000).flatMap { index in
      withUnsafeBytes(of: Int64(index).littleEndian) { Array($0) }
    }
    #expect(SHA256.hexadecimal(of: permutation) == golden.permutation_1000_sha256)
    #expect(Generator(seed: 7).permutation(10) == golden.permutation_10)
    // 700 numbers cross a twist of the 624 words
    let rand = Tensor.rand([700], generator: Generator(seed: 3)).withUnsafeBytes { Array($0) }
    #expect(SHA256.hexadecimal(of: rand) == golden.rand_700)
    let uniform = Tensor.uniform([5], -0.3, 0.7, generator: Generator(seed: 3))
    #expect(uniform.scalars(as: Float.self) == golden.uniform_5.map { Float($0) })
    let generator = Generator(seed: 3)
    #expect((0..<4).map { _ in generator.uniformDouble() } == golden.rand_float64_4)
  }

  /// Numbers drawn together equal numbers drawn one by one, and leave the generator in the same state.
  @Test(arguments: [1, 16, 623, 624, 625, 5000, 10_007])
  func drawsTogetherAsOneByOne(count: Int) {
    let (together, alone) = (Generator(seed: 11), Generator(seed: 11))
    let uniform = Tensor.uniform([count], -2, 3, generator: together).scalars(as: Float.self)
    #expect(uniform == (0..<count).map { _ in Float(-2).addingProduct(alone.uniformFloat(), 5) })
    #expect(together.state == alone.state)
    let order = Tensor.randperm(count, generator: together).scalars(as: Int64.self)
    #expect(order.map { Int($0) } == alone.permutation(count))
    #expect(together.state == alone.state)
    guard count >= 16 else { return }
    let normal = Tensor.normal([count], mean: 1, deviation: 2, generator: together).scalars(
      as: Float.self)
    var draws = (0..<count).map { _ in alone.uniformFloat() }
    var exact = [Double](repeating: 0, count: count)
    func turn(_ start: Int) {
      for i in start..<start + 8 {
        let radius = (-2 * log(1 - Double(draws[i]))).squareRoot()
        let angle = 2 * Double.pi * Double(draws[i + 8])
        (exact[i], exact[i + 8]) = (1 + 2 * radius * cos(angle), 1 + 2 * radius * sin(angle))
      }
    }
    for start in stride(from: 0, through: count - 16, by: 16) { turn(start) }
    if count % 16 != 0 {
      for i in count - 16..<count { draws[i] = alone.uniformFloat() }
      turn(count - 16)
    }
    #expect(zip(normal, exact).allSatisfy { abs(Double($0) - $1) < 6e-6 })
    #expect(together.state == alone.state)
  }

  @Test func seedsCountTheirLow32Bits() {
    #expect(Generator(seed: 5).random32() == Generator(seed: 1 << 33 + 5).random32())
  }

  @Test func stateGoesOnWhereItWasTaken() throws {
    let generator = Generator(seed: 9)
    for _ in 0..<1000 { _ = generator.random32() }
    let state = generator.state
    let expected = (0..<700).map { _ in generator.random32() }
    let other = Generator(seed: 1)
    try other.restore(state)
    #expect((0..<700).map { _ in other.random32() } == expected)
    #expect(other.initialSeed == 9)
    #expect(throws: GeneratorStateError.self) { try other.restore([1, 2, 3]) }
  }
}

/// Draws of scripts/golden/make_random.py, each after `torch.manual_seed(42)`, and the uniform number that follows them.
@Suite struct DrawTests {
  private struct Golden: Decodable {
    let name: String
    let exact: Bool
    let values: [Double]
    let next: Double
  }

  private func draw(_ name: String, _ g: Generator) throws -> Tensor {
    let weights = Tensor([0.5, 1, 0, 3, 2] as [Float])
    return switch name {
    case "rand": .rand([20], generator: g)
    case "rand64": .rand([20], dtype: .float64, generator: g)
    case "uniform": .uniform([20], -2, 3, generator: g)
    case "randn7": .randn([7], generator: g)
    case "randn16": .randn([16], generator: g)
    case "randn37": .randn([37], generator: g)
    case "randn37of64": .randn([37], dtype: .float64, generator: g)
    case "randn7of64": .randn([7], dtype: .float64, generator: g)
    case "normal": .normal([40], mean: 3, deviation: 0.5, generator: g)
    case "randint": .randint(-5..<12, [20], generator: g)
    case "randintWide": .randint(0..<(1 << 40), [20], generator: g)
    case "randperm": .randperm(20, generator: g)
    case "bernoulli": Tensor.linspace(0, 1, count: 20).bernoulli(generator: g)
    case "bernoulli64": Tensor.linspace(0, 1, count: 20, dtype: .float64).bernoulli(generator: g)
    case "multinomial": weights.multinomial(20, replacement: true, generator: g)
    case "multinomialOnce": weights.multinomial(1, replacement: true, generator: g)
    case "multinomialDistinct": weights.multinomial(4, generator: g)
    case "multinomialRows":
      Tensor.stacked([weights, weights.flipped(0)]).multinomial(3, generator: g).flattened()
    default: throw Unknown(name: name)
    }
  }

  private struct Unknown: Error {
    let name: String
  }

  @Test func drawsAreTorchsAndLeaveItsState() throws {
    for golden in try EngineGolden.load("draws", as: [Golden].self) {
      let generator = Generator(seed: 42)
      let values = try draw(golden.name, generator).to(.float64).scalars(as: Double.self)
      let next = Double(generator.uniformFloat())
      #expect(values.count == golden.values.count, "\(golden.name)")
      let off = zip(values, golden.values).map { abs($0 - $1) }.max() ?? 1
      #expect(off <= (golden.exact ? 0 : 1e-6), "\(golden.name)")
      #expect(next == golden.next, "\(golden.name)")
    }
  }

  @Test func aKeptNormalNumberIsPartOfTheState() throws {
    let generator = Generator(seed: 3)
    _ = Tensor.randn([3], generator: generator)
    let state = generator.state
    let expected = Tensor.randn([3], generator: generator).scalars(as: Float.self)
    let other = Generator(seed: 9)
    try other.restore(state)
    #expect(Tensor.randn([3], generator: other).scalars(as: Float.self) == expected)
  }

  @Test func drawsWithoutReplacementAreDistinctAndFollowTheWeights() {
    let generator = Generator(seed: 5)
    let weights = Tensor([1, 0, 3, 6] as [Float])
    var first = [0, 0, 0, 0]
    for _ in 0..<4000 {
      let drawn = weights.multinomial(3, generator: generator).scalars(as: Int64.self)
      #expect(Set(drawn).count == 3 && !drawn.contains(1))
      first[Int(drawn[0])] += 1
    }
    // Expected 400, 0, 1200, 2400; five deviations are at most 155.
    #expect(abs(first[0] - 400) < 100 && abs(first[2] - 1200) < 155 && abs(first[3] - 2400) < 155)
  }
}

/// A hundred thousand draws of each distribution: mean, variance, and the largest distance of the distribution functions
/// (Kolmogorov and Smirnov), which exceeds 1.95 / √n once in a thousand seeds.
@Suite struct DistributionTests {
  private let count = 100_000

  private func check(
    _ draws: Tensor, mean: Double, variance: Double, _ distribution: (Tensor) -> Tensor
  ) {
    let x = draws.to(.float64)
    let deviation = (variance / Double(count)).squareRoot()
    #expect(abs(x.mean().item() - mean) < 4 * deviation)
    // No distribution here has a larger fourth moment than the normal one.
    #expect(abs(x.variance().item() / variance - 1) < 4 * (2 / Double(count)).squareRoot())
    let steps = (Tensor.arange(count) + 0.5).to(.float64) / count
    let distance = (distribution(x.sorted().values) - steps).absolute().max().item()
    #expect(distance < 1.95 / Double(count).squareRoot())
  }

  @Test func uniform() {
    let draws = Tensor.uniform([count], -2, 3, generator: Generator(seed: 1))
    check(draws, mean: 0.5, variance: 25.0 / 12) { ($0 + 2) / 5 }
  }

  @Test(arguments: [DType.float32, .float64]) func normal(_ dtype: DType) {
    let draws = Tensor.normal(
      [count], mean: 1, deviation: 2, dtype: dtype, generator: Generator(seed: 2))
    check(draws, mean: 1, variance: 4) { ((($0 - 1) / (2 * 2.0.squareRoot())).erf() + 1) / 2 }
  }

  @Test func normalDrawnOneByOne() {
    let generator = Generator(seed: 3)
    let draws = Tensor.concatenated(
      (0..<(count / 10)).map { _ in Tensor.randn([10], generator: generator) })
    check(draws, mean: 0, variance: 1) { (($0 / 2.0.squareRoot()).erf() + 1) / 2 }
  }

  /// Counts of discrete draws: χ² of ten kinds exceeds 27.9 once in a thousand seeds.
  private func checkCounts(_ draws: Tensor, _ probabilities: [Double]) {
    let counts = draws.to(.int64).binCount(minimumLength: probabilities.count)
    let expected = Tensor(probabilities) * Double(draws.elementCount)
    let distances = (counts.to(.float64) - expected).squared() / expected
    #expect(distances.sum().item() < 27.9)
  }

  @Test func integers() {
    checkCounts(
      .randint(0..<10, [count], generator: Generator(seed: 4)),
      [Double](repeating: 0.1, count: 10))
  }

  @Test func bernoulli() {
    let draws = Tensor.full([count], 0.3).bernoulli(generator: Generator(seed: 5))
    checkCounts(draws, [0.7, 0.3])
  }

  @Test func multinomial() {
    let weights = Tensor([1, 2, 3, 4] as [Float])
    checkCounts(
      weights.multinomial(count, replacement: true, generator: Generator(seed: 6)),
      [0.1, 0.2, 0.3, 0.4])
  }

  /// The first draw without replacement has the distribution of the weights.
  @Test func multinomialWithoutReplacement() {
    let weights = Tensor([1, 2, 3, 4] as [Float]).expanded(to: [count / 10, 4])
    let draws = weights.multinomial(2, generator: Generator(seed: 7))
    checkCounts(draws[.all, 0], [0.1, 0.2, 0.3, 0.4])
    #expect((draws[.all, 0] .== draws[.all, 1]).any().item() == 0)
  }

  @Test func permutation() {
    // Where 0 ends up, in permutations of 10.
    let generator = Generator(seed: 8)
    let places = (0..<20_000).map { _ in generator.permutation(10).firstIndex(of: 0) ?? -1 }
    checkCounts(Tensor(places), [Double](repeating: 0.1, count: 10))
  }
}
