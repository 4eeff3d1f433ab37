import LevinFormats
import LevinTensor
import LevinVision
import Testing

@Suite struct StrokesTests {
  private func bytes(_ strokes: Strokes) -> [UInt8] {
    (0..<strokes.count).flatMap { Array(strokes.images.bytes(of: $0)) }
  }

  @Test func theSameSeedDrawsTheSameDigitsHoweverManyAreDrawn() {
    // More than the grain of 256, so that several threads draw.
    let many = Strokes(train: true, transform: Compose(), count: 600)
    let few = Strokes(train: true, transform: Compose(), count: 40)
    #expect(Array(bytes(many).prefix(40 * 784)) == bytes(few))
    #expect(Array(many.images.labels.prefix(40)) == few.images.labels)
    // Their look when they were first inspected.
    #expect(
      SHA256.hexadecimal(of: bytes(few))
        == "24252123f3c7c5ebb69f4e01002d94a859ee5bc3f706a810720879404872c4c3")
    let other = Strokes(train: true, transform: Compose(), count: 40, seed: 1)
    #expect(bytes(other) != bytes(few))
  }

  @Test func digitsToTestWithAreOthersThanThoseToTrainWith() {
    let train = Strokes(train: true, transform: Compose(), count: 200)
    let test = Strokes(train: false, transform: Compose(), count: 200)
    let seen = Set((0..<200).map { Array(train.images.bytes(of: $0)) })
    #expect(seen.count == 200)
    #expect((0..<200).allSatisfy { !seen.contains(Array(test.images.bytes(of: $0))) })
  }

  @Test func digitsAreWhiteOnBlackInsideTheFrameAndOfAllClasses() {
    let strokes = Strokes(train: false, transform: Compose(), count: 500)
    #expect(Set(strokes.images.labels) == Set(0...9))
    for index in 0..<500 {
      let image = Array(strokes.images.bytes(of: index))
      let inked = image.count { $0 > 127 }
      #expect((15..<350).contains(inked), "digit \(index) has \(inked) bright pixels")
      #expect(image.max() ?? 0 > 150)
      // Soft edges: gray pixels between black and white.
      #expect(image.contains { $0 > 20 && $0 < 120 })
      let border = (0..<784).filter { [0, 27].contains($0 % 28) || [0, 27].contains($0 / 28) }
      #expect(border.count { image[$0] > 127 } < 30, "digit \(index) leaves the frame")
    }
  }
}
