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
