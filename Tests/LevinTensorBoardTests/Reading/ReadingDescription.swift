import LevinTensorBoard

/// Decoded events in the form of the golden files.
extension JSON {
  init(_ event: LoggedEvent, offset: Int) {
    var members: [String: JSON] = [
      "offset": .number(Double(offset)), "wall_time": .number(event.wallTime),
      "step": .number(Double(event.step)),
    ]
    members["writer"] = event.sourceWriter.map { .string($0) }
    func what(_ name: String, _ key: String? = nil, _ value: JSON? = nil) {
      members["what"] = .string(name)
      if let key { members[key] = value }
    }
    switch event.content {
    case .none: what("none")
    case .fileVersion(let version): what("file_version", "file_version", .string(version))
    case .graph(let bytes): what("graph_def", "graph", JSON(bytes: bytes))
    case .summary(let values): what("summary", "values", .array(values.map { JSON($0) }))
    case .sessionLog(let log):
      what(
        "session_log", "session",
        .object([
          "status": .number(Double(log.status.rawValue)),
          "checkpoint": .string(log.checkpointPath),
        ]))
    case .runMetadata(let tag, let bytes):
      var metadata = JSON(bytes: bytes).members
      metadata["tag"] = .string(tag)
      what("tagged_run_metadata", "run_metadata", .object(metadata))
    case .metaGraph: what("meta_graph_def")
    case .message(let level, let text):
      what(
        "log_message", "message",
        .object(["level": .number(Double(level)), "text": .string(text)]))
    }
    self = .object(members)
  }

  init(bytes: [UInt8]) {
    self = .object([
      "bytes": .number(Double(bytes.count)), "crc32": .number(Double(crc32(bytes))),
    ])
  }

  init(_ value: SummaryValue) {
    var members: [String: JSON] = ["tag": .string(value.tag)]
    if let metadata = value.metadata {
      members["metadata"] = .object([
        "plugin": .string(metadata.pluginName), "content": JSON(bytes: metadata.pluginContent),
        "display_name": .string(metadata.displayName),
        "description": .string(metadata.description),
        "data_class": .number(Double(metadata.dataClass.rawValue)),
      ])
    }
    switch value.content {
    case .none: members["kind"] = .string("none")
    case .scalar(let number):
      members["kind"] = .string("simple_value")
      members["value"] = .number(Double(number))
    case .image(let image):
      members["kind"] = .string("image")
      members["image"] = JSON(image)
    case .histogram(let histogram):
      members["kind"] = .string("histo")
      members["histogram"] = JSON(histogram)
    case .audio(let audio):
      members["kind"] = .string("audio")
      var sound = JSON(bytes: audio.encoded).members
      sound["rate"] = .number(Double(audio.sampleRate))
      sound["channels"] = .number(Double(audio.channels))
      sound["frames"] = .number(Double(audio.frames))
      sound["type"] = .string(audio.contentType)
      members["audio"] = .object(sound)
    case .tensor(let tensor):
      members["kind"] = .string("tensor")
      members["tensor"] = JSON(tensor)
    case .obsoleteHistogram: members["kind"] = .string("obsolete_old_style_histogram")
    }
    self = .object(members)
  }

  init(_ image: LoggedImage) {
    var members = JSON(bytes: image.encoded).members
    members["width"] = .number(Double(image.width))
    members["height"] = .number(Double(image.height))
    members["format"] = .string(image.format.rawValue)
    if let pixels = try? image.pixels() {
      let rgba = stride(from: 0, to: pixels.pixels.count, by: pixels.channels).flatMap { place in
        let pixel = pixels.pixels[place..<place + pixels.channels]
        return pixels.channels == 1
          ? [pixel[place], pixel[place], pixel[place], 255] : pixel + [255]
      }
      members["rgba"] = .number(Double(crc32(rgba)))
    }
    self = .object(members)
  }

  init(_ tensor: LoggedTensor) {
    var members: [String: JSON] = [
      "dtype": .number(Double(tensor.dtype)),
      "shape": .array(tensor.shape.map { .number(Double($0)) }),
    ]
    switch tensor.values {
    case .numbers(let numbers): members["numbers"] = .array(numbers.map { .number($0) })
    case .strings(let strings): members["strings"] = .array(strings.map { JSON(bytes: $0) })
    case .integers(let numbers): members["numbers"] = .array(numbers.map { .number(Double($0)) })
    case .unsigned(let numbers): members["numbers"] = .array(numbers.map { .number(Double($0)) })
    case .complex, .other: break
    }
    self = .object(members)
  }

  /// Right edges and counts, as the message has them; its last edge is lost where the maximum took
  /// its place.
  init(_ histogram: LoggedHistogram) {
    self = .object([
      "min": .number(histogram.minimum), "max": .number(histogram.maximum),
      "num": .number(histogram.count), "sum": .number(histogram.sum ?? .nan),
      "sum_squares": .number(histogram.sumOfSquares ?? .nan),
      "limits": .array(histogram.buckets.dropLast().map { .number($0.right) }),
      "counts": .array(histogram.buckets.map { .number($0.count) }),
    ])
  }
}
