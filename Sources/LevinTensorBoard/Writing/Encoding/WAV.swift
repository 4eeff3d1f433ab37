/// RIFF WAVE files of 16-bit PCM, one channel.
enum WAV {
  /// The number of bytes per second is a 32-bit field.
  static let highestRate = Int(UInt32.max) / 2

  /// Samples of -1…1, clipped and truncated as PyTorch's writer does; NaN is 0.
  static func encode(_ samples: [Float], sampleRate: Int) -> [UInt8] {
    var file: [UInt8] = []
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { file.append(contentsOf: $0) }
    }
    let byteCount = samples.count * 2
    file += Array("RIFF".utf8)
    append(UInt32(clamping: 36 + byteCount))
    file += Array("WAVEfmt ".utf8)
    append(UInt32(16))
    append(UInt16(1))
    append(UInt16(1))
    append(UInt32(clamping: sampleRate))
    append(UInt32(clamping: sampleRate * 2))
    append(UInt16(2))
    append(UInt16(16))
    file += Array("data".utf8)
    append(UInt32(clamping: byteCount))
    for sample in samples {
      append(sample.isNaN ? 0 : Int16(max(-1, min(1, sample)) * 32767))
    }
    return file
  }
}
