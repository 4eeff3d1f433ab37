extension LoggedAudio {
  /// Creates a sound from its encoded bytes alone.
  ///
  /// Rate, channels and length are taken from the header of a RIFF WAVE file, and are 0 for other formats.
  init(encoded: [UInt8]) {
    self.init()
    self.encoded = encoded
    encoded.withUnsafeBytes { readHeader($0) }
  }

  private mutating func readHeader(_ file: UnsafeRawBufferPointer) {
    func number<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type, at offset: Int) -> Int {
      Int(Value(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Value.self)))
    }
    func begins(_ name: String, at offset: Int) -> Bool {
      file[offset..<offset + 4].elementsEqual(name.utf8)
    }
    guard file.count >= 12, begins("RIFF", at: 0), begins("WAVE", at: 8) else { return }
    contentType = "audio/wav"
    var bytesPerFrame = 0
    var offset = 12
    while file.count - offset >= 8 {
      let length = number(UInt32.self, at: offset + 4)
      let left = file.count - offset - 8
      if begins("fmt ", at: offset), length >= 16, left >= 16 {
        channels = number(UInt16.self, at: offset + 10)
        sampleRate = Float(number(UInt32.self, at: offset + 12))
        bytesPerFrame = number(UInt16.self, at: offset + 20)
      }
      if begins("data", at: offset), bytesPerFrame > 0 {
        // A file that was streamed may state a length beyond its end.
        frames = min(length, left) / bytesPerFrame
        return
      }
      // Chunks begin at even offsets.
      offset += 8 + min(left, length + length % 2)
    }
  }
}
