internal import CProtobufC
internal import CTensorBoardProtos

/// Events to bytes, by protobuf-c.
struct EventEncoder {
  /// The serialized event.
  static func encode(_ event: PendingEvent) -> [UInt8] {
    let arena = Arena()
    let message = arena.make(levin__event__init)
    message.pointee.wall_time = event.wallTime
    message.pointee.step = event.step
    switch event.content {
    case .fileVersion(let version, let writer):
      message.pointee.what_case = LEVIN__EVENT__WHAT_FILE_VERSION
      message.pointee.file_version = arena.string(version)
      let source = arena.make(levin__source_metadata__init)
      source.pointee.writer = arena.string(writer)
      message.pointee.source_metadata = source
    case .sessionStart:
      let log = arena.make(levin__session_log__init)
      log.pointee.status = LEVIN__SESSION_LOG__STATUS__START
      message.pointee.what_case = LEVIN__EVENT__WHAT_SESSION_LOG
      message.pointee.session_log = log
    case .scalar(let tag, let number):
      let value = arena.value(tag)
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_SIMPLE_VALUE
      value.pointee.simple_value = number
      arena.setSummary(of: message, to: value)
    case .image(let tag, let picture):
      let image = arena.make(levin__summary__image__init)
      image.pointee.width = Int32(picture.width)
      image.pointee.height = Int32(picture.height)
      image.pointee.colorspace = Int32(picture.channels)
      image.pointee.encoded_image_string = arena.bytes(picture.png)
      let value = arena.value(tag)
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_IMAGE
      value.pointee.image = image
      arena.setSummary(of: message, to: value)
    case .text(let tag, let text):
      let value = arena.value(tag + "/text_summary")
      value.pointee.metadata = arena.metadata(plugin: "text")
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_TENSOR
      value.pointee.tensor = arena.stringTensor([text])
      arena.setSummary(of: message, to: value)
    }
    return [UInt8](unsafeUninitializedCapacity: levin__event__get_packed_size(message)) {
      buffer, count in
      count = levin__event__pack(message, buffer.baseAddress)
    }
  }
}

/// Memory of one message and all that it points to, freed together.
private final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  private func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(count, 1))
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  func make<T>(_ initialize: (UnsafeMutablePointer<T>?) -> Void) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, 1)
    initialize(pointer)
    return pointer
  }

  func string(_ text: String) -> UnsafeMutablePointer<CChar> {
    let utf8 = text.utf8CString
    let pointer = allocate(CChar.self, utf8.count)
    utf8.withUnsafeBufferPointer { pointer.initialize(from: $0.baseAddress!, count: $0.count) }
    return pointer
  }

  func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    let pointer = allocate(UInt8.self, bytes.count)
    bytes.withUnsafeBufferPointer {
      if let base = $0.baseAddress { pointer.initialize(from: base, count: $0.count) }
    }
    return ProtobufCBinaryData(len: bytes.count, data: pointer)
  }

  func list<T>(_ items: [T]) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, items.count)
    pointer.initialize(from: items, count: items.count)
    return pointer
  }

  func value(_ tag: String) -> UnsafeMutablePointer<Levin__Summary__Value> {
    let value = make(levin__summary__value__init)
    value.pointee.tag = string(tag)
    return value
  }

  func metadata(plugin: String) -> UnsafeMutablePointer<Levin__SummaryMetadata> {
    let data = make(levin__summary_metadata__plugin_data__init)
    data.pointee.plugin_name = string(plugin)
    let metadata = make(levin__summary_metadata__init)
    metadata.pointee.plugin_data = data
    return metadata
  }

  /// Texts as a DT_STRING tensor of one dimension.
  func stringTensor(_ texts: [String]) -> UnsafeMutablePointer<Levin__Tensor> {
    let dimension = make(levin__tensor_shape__dim__init)
    dimension.pointee.size = Int64(texts.count)
    let shape = make(levin__tensor_shape__init)
    shape.pointee.n_dim = 1
    shape.pointee.dim = list([Optional(dimension)])
    let tensor = make(levin__tensor__init)
    tensor.pointee.dtype = LEVIN__DATA_TYPE__DT_STRING
    tensor.pointee.tensor_shape = shape
    tensor.pointee.n_string_val = texts.count
    tensor.pointee.string_val = list(texts.map { bytes(Array($0.utf8)) })
    return tensor
  }

  func setSummary(
    of event: UnsafeMutablePointer<Levin__Event>,
    to value: UnsafeMutablePointer<Levin__Summary__Value>
  ) {
    let summary = make(levin__summary__init)
    summary.pointee.n_value = 1
    summary.pointee.value = list([Optional(value)])
    event.pointee.what_case = LEVIN__EVENT__WHAT_SUMMARY
    event.pointee.summary = summary
  }
}
