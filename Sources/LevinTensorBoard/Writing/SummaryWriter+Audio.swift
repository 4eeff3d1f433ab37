extension SummaryWriter {
  /// Adds sound of one channel, -1…1 (clipped), as a 16-bit WAV.
  ///
  /// Traps if `sampleRate`, in samples per second, does not fit in a WAV file.
  public func addAudio(
    _ tag: String, _ samples: [Float], sampleRate: Int = 44100, step: Int = 0,
    wallTime: Double? = nil
  ) {
    guard (1...WAV.highestRate).contains(sampleRate) else {
      refuse(
        "addAudio", tag, found: "a sample rate of \(sampleRate)",
        expected: "1 to \(WAV.highestRate) samples per second")
    }
    let wav = WAV.encode(samples, sampleRate: sampleRate)
    add(
      tag, .audio(sampleRate: Float(sampleRate), channels: 1, frames: samples.count, wav: wav),
      // Without the encoding TensorBoard's faster reader serves a file of unknown type.
      SummaryMetadata(plugin: "audio", content: PluginEncoder.wav(), dataClass: .blobSequence),
      step,
      wallTime)
  }
}
