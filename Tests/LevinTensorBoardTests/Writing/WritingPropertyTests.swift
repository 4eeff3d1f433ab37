import LevinTensorBoard
import Testing

extension WritingTests {
  /// Random values of random kinds are read back as written, in order.
  @Suite struct PropertyTests {
    /// Numbers that are the same in each run of the tests (SplitMix64).
    struct Generator: RandomNumberGenerator {
      var state: UInt64
      mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
      }
      mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1e3...1e3, using: &self) }
      }
    }

    /// A written value: its tag, step and time, and its expected content.
    struct Expected {
      var tag: String
      var step: Int
      var wallTime: Double
      var matches: (SummaryValue.Content) -> Bool
    }

    func logRandomly(_ writer: SummaryWriter, _ random: inout Generator) -> Expected {
      let step = Int.random(in: 0...1000, using: &random)
      let time = Double.random(in: 1...2e9, using: &random)
      let name = "\(Int.random(in: 0...3, using: &random))"
      let count = Int.random(in: 0...40, using: &random)
      func expected(
        _ tag: String, _ matches: @escaping (SummaryValue.Content) -> Bool
      ) -> Expected { Expected(tag: tag, step: step, wallTime: time, matches: matches) }
      func tensor(
        _ tag: String, _ shape: [Int], _ values: LoggedTensor.Values
      ) -> Expected {
        expected(tag) {
          guard case .tensor(let tensor) = $0 else { return false }
          return tensor.shape == shape && tensor.values == values
        }
      }
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        let value = random.floats(1)[0]
        writer.addScalar("s" + name, Double(value), step: step, wallTime: time)
        return expected("s" + name) { $0 == .scalar(value) }
      case 1:
        let value = random.floats(1)[0]
        writer.addScalar("t" + name, Double(value), step: step, wallTime: time, form: .tensor)
        return tensor("t" + name, [], .numbers([Double(value)]))
      case 2:
        let text = String((0..<count).map { _ in "aü漢🙂\n".randomElement(using: &random) ?? " " })
        writer.addText("x" + name, text, step: step, wallTime: time)
        return tensor("x" + name + "/text_summary", [1], .strings([Array(text.utf8)]))
      case 3:
        let channels = Int.random(in: 1...4, using: &random)
        let image = PixelImage(
          width: count + 1, height: 2, channels: channels,
          pixels: (0..<(count + 1) * 2 * channels).map { _ in .random(in: 0...255, using: &random) }
        )
        writer.addImage("i" + name, image, step: step, wallTime: time)
        return expected("i" + name) {
          guard case .image(let found) = $0 else { return false }
          return (try? found.pixels()) == image
        }
      case 4:
        let values = random.floats(count + 1).map { Double($0) }
        writer.addHistogram("h" + name, values, step: step, bins: .count(5), wallTime: time)
        return expected("h" + name) {
          guard case .histogram(let found) = $0 else { return false }
          return found.count == Double(values.count) && found.minimum == values.min()
            && found.maximum == values.max() && found.sum == values.reduce(0, +)
            && found.buckets.reduce(0) { $0 + $1.count } == found.count
        }
      case 5:
        let values = random.floats(count * 2)
        writer.addTensor("f" + name, values, shape: [2, count], step: step, wallTime: time)
        return tensor("f" + name, [2, count], .numbers(values.map { Double($0) }))
      case 6:
        let values = (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }
        writer.addTensor("n" + name, values, shape: [count], step: step, wallTime: time)
        return tensor("n" + name, [count], .integers(values.map { Int($0) }))
      default:
        writer.addAudio("a" + name, random.floats(count), step: step, wallTime: time)
        return expected("a" + name) {
          guard case .audio(let found) = $0 else { return false }
          return found.frames == count && found.encoded.count == 44 + 2 * count
        }
      }
    }

    @Test(arguments: 1...8) func whatIsReadIsWhatWasWritten(seed: UInt64) throws {
      var random = Generator(state: seed)
      try withTemporaryFolder { folder in
        let capacity = Int.random(in: 1...50, using: &random)
        let writer = try SummaryWriter(directory: folder, queueCapacity: capacity)
        var expected: [Expected] = []
        for _ in 0..<120 {
          expected.append(logRandomly(writer, &random))
          switch Int.random(in: 0..<30, using: &random) {
          case 0: try writer.flush()
          case 1: try writer.close()
          default: break
          }
        }
        try writer.close()
        let found = try Run.eventFiles(in: folder).flatMap { try values($0) }
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
          try #require(found.value.tag == expected.tag)
          try #require(found.event.step == expected.step)
          try #require(found.event.wallTime == expected.wallTime)
          try #require(expected.matches(found.value.content), "\(found.value)")
        }
        let run = try Run(directory: folder, purge: false)
        #expect(run.problems.isEmpty)
        for tag in run.tags {
          #expect(tag.count == expected.count { $0.tag == tag.name }, "\(tag.name)")
        }
      }
    }
  }
}
