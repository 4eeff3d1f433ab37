import CProtobufC
import CTensorBoardProtos
import Foundation
import LevinTensorBoard
import Testing

/// The hand-written decoders against protobuf-c, record by record, on every available file.
@Suite struct ReadingProtobufTests {
  /// The data of each record of a file.
  static func payloads(_ path: String) throws -> [ArraySlice<UInt8>] {
    let bytes = try readBytes(path)
    var payloads: [ArraySlice<UInt8>] = []
    var offset = 0
    while offset < bytes.count {
      let length = bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      payloads.append(bytes[offset + 12..<offset + 12 + length])
      offset += 16 + length
    }
    return payloads
  }

  static func files() throws -> [String] {
    try #require(ReadingGoldenTests.expected()["files"]).members.keys.sorted()
      .map { goldenEvents + "/" + $0 }
  }

  @Test func everyRecordOfEveryFile() throws {
    var count = 0
    for file in try Self.files() {
      let found = try items(file).items
      let payloads = try Self.payloads(file)
      try #require(found.count == payloads.count)
      for (item, payload) in zip(found, payloads) {
        guard case .event(let event, _) = item else {
          Issue.record("\(item)")
          continue
        }
        let message = try #require(
          payload.withUnsafeBufferPointer { levin__event__unpack(nil, $0.count, $0.baseAddress) })
        defer { levin__event__free_unpacked(message, nil) }
        #expect(event.wallTime == message.pointee.wall_time)
        #expect(event.step == Int(message.pointee.step))
        compare(event, message.pointee)
        count += 1
      }
    }
    #expect(count > 200)
  }

  /// The curves of runs, which a faster decoder reads, against protobuf-c.
  @Test func curves() throws {
    let folders = Set(try Self.files().map { ($0 as NSString).deletingLastPathComponent })
    for folder in folders {
      let run = try Run(directory: folder, purge: false)
      var curves: [String: [UInt32]] = [:]
      for file in run.files {
        for payload in try Self.payloads(file.path) {
          let message = try #require(
            payload.withUnsafeBufferPointer { levin__event__unpack(nil, $0.count, $0.baseAddress) })
          defer { levin__event__free_unpacked(message, nil) }
          guard message.pointee.what_case == LEVIN__EVENT__WHAT_SUMMARY,
            let summary = message.pointee.summary?.pointee
          else { continue }
          for index in 0..<summary.n_value {
            let value = try #require(summary.value[index]).pointee
            let tag = String(decoding: array(value.tag), as: UTF8.self)
            if value.value_case == LEVIN__SUMMARY__VALUE__VALUE_SIMPLE_VALUE {
              curves[tag, default: []].append(value.simple_value.bitPattern)
            } else if run.scalars(tag) != nil, let tensor = value.tensor?.pointee {
              curves[tag, default: []].append(Float(Self.scalar(tensor)).bitPattern)
            }
          }
        }
      }
      let read = run.tags.filter { $0.kind == .scalar }.map(\.name)
      #expect(Set(read) == Set(curves.keys))
      for tag in read {
        #expect(run.scalars(tag)?.values.map { Float($0).bitPattern } == curves[tag], "\(tag)")
      }
    }
  }

  static func scalar(_ tensor: Levin__Tensor) -> Double {
    if tensor.n_float_val == 1 { return Double(tensor.float_val[0]) }
    if tensor.n_double_val == 1 { return tensor.double_val[0] }
    let content = UnsafeRawBufferPointer(
      start: tensor.tensor_content.data, count: tensor.tensor_content.len)
    return content.count == 4
      ? Double(content.loadUnaligned(as: Float.self)) : content.loadUnaligned(as: Double.self)
  }

  private func compare(_ event: LoggedEvent, _ message: Levin__Event) {
    switch (event.content, message.what_case) {
    case (.fileVersion(let version), LEVIN__EVENT__WHAT_FILE_VERSION):
      #expect(version == String(cString: message.file_version))
    case (.graph(let bytes), LEVIN__EVENT__WHAT_GRAPH_DEF):
      #expect(bytes == array(message.graph_def))
    case (.sessionLog(let log), LEVIN__EVENT__WHAT_SESSION_LOG):
      #expect(log.status.rawValue == Int(message.session_log.pointee.status.rawValue))
    case (.runMetadata(let tag, let bytes), LEVIN__EVENT__WHAT_TAGGED_RUN_METADATA):
      #expect(tag == String(cString: message.tagged_run_metadata.pointee.tag))
      #expect(bytes == array(message.tagged_run_metadata.pointee.run_metadata))
    case (.summary(let values), LEVIN__EVENT__WHAT_SUMMARY):
      let summary = message.summary.pointee
      #expect(values.count == summary.n_value)
      for (index, value) in values.enumerated() {
        if let other = summary.value[index]?.pointee { compare(value, other) }
      }
    case (.none, LEVIN__EVENT__WHAT__NOT_SET), (.message, LEVIN__EVENT__WHAT__NOT_SET): break
    default: Issue.record("\(event) against the case \(message.what_case)")
    }
  }

  private func compare(_ value: SummaryValue, _ message: Levin__Summary__Value) {
    #expect(value.tag == String(decoding: array(message.tag), as: UTF8.self))
    #expect((value.metadata == nil) == (message.metadata == nil))
    if let metadata = value.metadata, let other = message.metadata?.pointee {
      let plugin = other.plugin_data?.pointee
      #expect(metadata.pluginName == (plugin.map { String(cString: $0.plugin_name) } ?? ""))
      #expect(metadata.pluginContent == (plugin.map { array($0.content) } ?? []))
      #expect(metadata.displayName == String(decoding: array(other.display_name), as: UTF8.self))
      #expect(
        metadata.description == String(decoding: array(other.summary_description), as: UTF8.self))
      #expect(metadata.dataClass.rawValue == Int(other.data_class.rawValue))
    }
    switch (value.content, message.value_case) {
    case (.none, LEVIN__SUMMARY__VALUE__VALUE__NOT_SET): break
    case (.scalar(let number), LEVIN__SUMMARY__VALUE__VALUE_SIMPLE_VALUE):
      #expect(number.bitPattern == message.simple_value.bitPattern)
    case (.image(let image), LEVIN__SUMMARY__VALUE__VALUE_IMAGE):
      #expect(image.width == Int(message.image.pointee.width))
      #expect(image.height == Int(message.image.pointee.height))
      #expect(image.encoded == array(message.image.pointee.encoded_image_string))
    case (.audio(let audio), LEVIN__SUMMARY__VALUE__VALUE_AUDIO):
      #expect(audio.sampleRate == message.audio.pointee.sample_rate)
      #expect(audio.encoded == array(message.audio.pointee.encoded_audio_string))
    case (.histogram(let histogram), LEVIN__SUMMARY__VALUE__VALUE_HISTO):
      let other = message.histo.pointee
      #expect(histogram.count == other.num && histogram.sum == other.sum)
      #expect(histogram.minimum == other.min && histogram.maximum == other.max)
      let counts = UnsafeBufferPointer(start: other.bucket, count: other.n_bucket)
      #expect(histogram.buckets.map(\.count) == Array(counts))
    case (.tensor(let tensor), LEVIN__SUMMARY__VALUE__VALUE_TENSOR):
      compare(tensor, message.tensor.pointee)
    default: Issue.record("\(value) against the case \(message.value_case)")
    }
  }

  private func compare(_ tensor: LoggedTensor, _ message: Levin__Tensor) {
    #expect(tensor.dtype == Int(message.dtype.rawValue))
    let shape = message.tensor_shape?.pointee
    let sizes = (0..<(shape?.n_dim ?? 0)).compactMap { shape?.dim[$0].map { Int($0.pointee.size) } }
    #expect(tensor.shape == sizes)
    switch tensor.values {
    case .strings(let strings):
      let others = UnsafeBufferPointer(start: message.string_val, count: message.n_string_val)
      #expect(strings == others.map(array))
    case .numbers(let numbers):
      let floats = UnsafeBufferPointer(start: message.float_val, count: message.n_float_val)
      let doubles = UnsafeBufferPointer(start: message.double_val, count: message.n_double_val)
      if !floats.isEmpty { #expect(numbers == floats.map { Double($0) }) }
      if !doubles.isEmpty { #expect(numbers == Array(doubles)) }
      if message.tensor_content.len > 0, message.tensor_content.len == numbers.count * 8 {
        let content = array(message.tensor_content)
        let bits = numbers.flatMap { littleEndian($0.bitPattern) }
        let isDouble = tensor.dtype == 2
        #expect(!isDouble || bits == content)
      }
    case .integers(let numbers):
      let content = array(message.tensor_content)
      let others = UnsafeBufferPointer(start: message.int64_val, count: message.n_int64_val)
      #expect(
        content.isEmpty
          ? numbers == others.map { Int($0) } : numbers.flatMap(littleEndian) == content)
    case .unsigned, .complex, .other: Issue.record("a tensor of type \(tensor.dtype)")
    }
  }

  private func array(_ data: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: data.data, count: data.len))
  }
}
