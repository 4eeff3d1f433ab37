import Foundation
import LevinTensorBoard
import Testing

/// Rarer forms of values, written by hand from the fields of TensorFlow's messages.
@Suite struct ReadingValuesTests {
  private static let number = field(1, Array("number".utf8))

  /// The value of a file with one tensor under the tag `x`, of a plugin.
  private func value(_ tensor: [UInt8], plugin: String = "") throws -> SummaryValue {
    let metadata = field(9, field(1, field(1, Array(plugin.utf8))))
    return try withTemporaryFolder { folder in
      let value = field(1, [0x78]) + metadata + field(8, tensor)
      try write(frame(field(5, field(1, value))), to: folder + "/tfevents")
      let run = try Run(directory: folder)
      #expect(run.points("x").count == 1 && run.problems.isEmpty)
      return try ValueReader(run).value("x", at: 0)
    }
  }

  /// Numbers that a `Double` would round.
  @Test func longIntegers() throws {
    let bits: [UInt64] = [1 << 53 + 1, UInt64.max - 4, 1 << 63 + 5]
    let words = bits.flatMap { littleEndian($0) }
    let signed = try value([0x08, 9] + field(4, words))
    #expect(signed.tensor?.values == .integers(bits.map { Int(truncatingIfNeeded: $0) }))
    let unsigned = try value([0x08, 23] + field(4, words))
    #expect(unsigned.tensor?.values == .unsigned(bits.map { UInt($0) }))
    // 2⁵³ + 1 as a varint.
    let varint: [UInt8] = [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]
    let field10: [UInt8] = [10 << 3 | 2, UInt8(varint.count)] + varint
    #expect(try value([0x08, 9] + field10).tensor?.values == .integers([1 << 53 + 1]))
    // Fields above 15 have a key of two bytes.
    let field17: [UInt8] = [0x8A, 0x01, UInt8(varint.count)] + varint
    #expect(try value([0x08, 23] + field17).tensor?.values == .unsigned([1 << 53 + 1]))
  }

  /// The same in curves: nothing is left of what a restart removes, and the rest stays in place.
  @Test func longIntegersInCurves() throws {
    func scalar(_ dtype: UInt8, _ bits: UInt64, step: UInt8) -> [UInt8] {
      let metadata = field(9, field(1, field(1, Array("scalars".utf8))))
      let tensor: [UInt8] = [0x08, dtype] + field(4, littleEndian(bits))
      let value: [UInt8] = field(1, [0x78]) + metadata + field(8, tensor)
      return frame([0x10, step] + field(5, field(1, value)))
    }
    let version = frame(field(3, Array("brain.Event:2".utf8)))
    let start = frame([0x10, 5] + field(7, [0x08, 1]))
    try withTemporaryFolder { folder in
      let bits: [(dtype: UInt8, bits: UInt64, step: UInt8)] = [
        (9, 1 << 53 + 1, 5), (9, 1 << 53, 2), (9, UInt64(bitPattern: -(1 << 53) - 1), 3),
        (23, .max, 7),
      ]
      let points = bits.flatMap { scalar($0.dtype, $0.bits, step: $0.step) }
      try write(version + points, to: folder + "/tfevents")
      let whole = try #require(try Run(directory: folder).scalars("x"))
      #expect(whole.steps == [5, 2, 3, 7])
      let above = Int128(1 << 53) + 1
      let integers: [Int: Int128] = [0: above, 2: -above, 3: Int128(UInt64.max)]
      #expect(whole.exactIntegers == integers)
      let again = scalar(9, 1 << 60 + 1, step: 5)
      try write(version + points + start + again, to: folder + "/tfevents")
      let purged = try #require(try Run(directory: folder).scalars("x"))
      #expect(purged.steps == [2, 3, 5])
      let rest: [Int: Int128] = [1: -above, 2: Int128(1 << 60) + 1]
      #expect(purged.exactIntegers == rest)
    }
  }

  @Test func complexNumbers() throws {
    let expected = LoggedTensor.Values.complex([.init(1, -2), .init(0.5, 3)])
    let floats = [Float(1), -2, 0.5, 3].flatMap { littleEndian($0.bitPattern) }
    let doubles = [1, -2, 0.5, 3].flatMap { littleEndian($0.bitPattern) }
    #expect(try value([0x08, 8] + field(4, floats)).tensor?.values == expected)
    #expect(try value([0x08, 8] + field(9, floats)).tensor?.values == expected)
    #expect(try value([0x08, 18] + field(4, doubles)).tensor?.values == expected)
    #expect(try value([0x08, 18] + field(12, doubles)).tensor?.values == expected)
  }

  /// As TensorFlow 2 stores sounds: WAV files in a tensor [sounds, 2], each with its label.
  @Test func soundsInTensors() throws {
    func wav(_ extra: [UInt8] = []) -> [UInt8] {
      let format =
        littleEndian(UInt16(1)) + littleEndian(UInt16(2)) + littleEndian(UInt32(8000))
        + littleEndian(UInt32(32000)) + littleEndian(UInt16(4)) + littleEndian(UInt16(16))
      let chunks =
        Array("fmt ".utf8) + littleEndian(UInt32(16)) + format + extra + Array("data".utf8)
        + littleEndian(UInt32(800)) + [UInt8](repeating: 0, count: 800)
      return Array("RIFF".utf8) + littleEndian(UInt32(chunks.count + 4)) + Array("WAVE".utf8)
        + chunks
    }
    let note = Array("LIST".utf8) + littleEndian(UInt32(3)) + [1, 2, 3, 0]
    let strings =
      field(8, wav()) + field(8, []) + field(8, wav(note)) + field(8, Array("label".utf8))
      + field(8, Array("no sound".utf8)) + field(8, [])
    let shape = field(2, field(2, [0x08, 3]) + field(2, [0x08, 2]))
    let sounds = try value([0x08, 7] + shape + strings, plugin: "audio").sounds
    #expect(sounds.map(\.frames) == [200, 200, 0])
    #expect(sounds.map(\.channels) == [2, 2, 0])
    #expect(sounds.map(\.sampleRate) == [8000, 8000, 0])
    // Every cut of the header is tolerated.
    for length in 0..<60 {
      let cut = field(8, Array(wav(note).prefix(length)))
      let sound = try value([0x08, 7] + cut, plugin: "audio").sounds.first
      #expect(sound?.frames == (length < 57 ? 0 : (length - 56) / 4))
    }
  }

  @Test func layouts() throws {
    let run = try Run(directory: goldenEvents + "/torch")
    let value = try ValueReader(run).value("custom_scalars__config__", at: 0)
    let charts = (value.layout?.categories ?? []).flatMap(\.charts)
    #expect(!charts.isEmpty)
    #expect(charts.allSatisfy { !$0.title.isEmpty && !($0.tags.isEmpty && $0.margins.isEmpty) })
  }

  /// One event may carry many values, each with its own tag.
  @Test func valuesOfOneEvent() throws {
    try withTemporaryFolder { folder in
      let count = 20_000
      let values = (0..<count).flatMap { number -> [UInt8] in
        let metadata = field(9, field(1, field(1, Array("text".utf8))))
        let tensor = field(8, [0x08, 7] + field(8, Array("text \(number)".utf8)))
        return field(1, field(1, Array("tag \(number)".utf8)) + metadata + tensor)
      }
      let length = withUnsafeBytes(of: UInt32(values.count).littleEndian) { Array($0) }
      #expect(length[3] == 0 && values.count > 1 << 14)
      // A length of three bytes of seven bits.
      let varint = [0, 7, 14].map { UInt8(values.count >> $0 & 127) | ($0 < 14 ? 128 : 0) }
      try write(frame([5 << 3 | 2] + varint + values), to: folder + "/tfevents")
      let run = try Run(directory: folder)
      let reader = ValueReader(run)
      for number in stride(from: 0, to: count, by: 7) {
        let text = try reader.value("tag \(number)", at: 0).text?.text
        #expect(text == "text \(number)")
      }
    }
  }
}
