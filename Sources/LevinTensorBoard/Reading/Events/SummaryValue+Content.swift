/// A value as its plugin understands it, in whichever form it was written.
extension SummaryValue {
  /// The text; nil if the value is not a text.
  public var text: LoggedText? {
    guard case .strings(let strings) = tensor?.values else { return nil }
    return LoggedText(
      strings: strings.map { String(decoding: $0, as: UTF8.self) }, shape: tensor?.shape ?? [])
  }

  /// The pictures: one, or those of a tensor.
  public var images: [LoggedImage] {
    if case .image(let image) = content { return [image] }
    // Width and height as digits, then the pictures.
    guard case .strings(let strings) = tensor?.values, strings.count >= 2 else { return [] }
    let size = strings[..<2].map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    return strings[2...].map { LoggedImage(width: size[0], height: size[1], encoded: $0) }
  }

  /// The histogram; nil if the value is not a histogram.
  public var histogram: LoggedHistogram? {
    if case .histogram(let histogram) = content { return histogram }
    return tensor.flatMap(LoggedHistogram.init)
  }

  /// The sounds: one, or those of a tensor.
  public var sounds: [LoggedAudio] {
    if case .audio(let audio) = content { return [audio] }
    guard let tensor, case .strings(let strings) = tensor.values else { return [] }
    // Pairs of a sound and its label, or only sounds.
    let width = tensor.shape.count == 2 ? max(1, tensor.shape[1]) : 1
    return stride(from: 0, to: strings.count, by: width).map { LoggedAudio(encoded: strings[$0]) }
  }

  /// The tensor; nil for values in another form.
  public var tensor: LoggedTensor? {
    if case .tensor(let tensor) = content { tensor } else { nil }
  }

  /// The layout of the Custom Scalars tab; nil if the value is not a layout.
  public var layout: LoggedLayout? {
    guard case .strings(let strings) = tensor?.values, let bytes = strings.first else { return nil }
    return bytes.withUnsafeBytes { bytes in
      do throws(WireError) { return try LoggedLayout(decoding: bytes) } catch { return nil }
    }
  }
}
