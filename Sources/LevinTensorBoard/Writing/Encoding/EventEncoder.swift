internal import CTensorBoardProtos

/// Encodes events as records, with protobuf-c.
///
/// An encoder keeps its memory from event to event.
final class EventEncoder {
  private let arena = Arena()

  /// Appends the record of an event.
  func append(_ event: PendingEvent, to records: RecordBuffer) {
    defer { arena.reset() }
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
    case .mark(let mark):
      let log = arena.make(levin__session_log__init)
      log.pointee.status = LEVIN__SESSION_LOG__STATUS__CHECKPOINT
      log.pointee.msg = arena.string(mark)
      message.pointee.what_case = LEVIN__EVENT__WHAT_SESSION_LOG
      message.pointee.session_log = log
    case .graph(let bytes):
      message.pointee.what_case = LEVIN__EVENT__WHAT_GRAPH_DEF
      message.pointee.graph_def = arena.bytes(bytes)
    case .runMetadata(let tag, let bytes):
      let tagged = arena.make(levin__tagged_run_metadata__init)
      tagged.pointee.tag = arena.string(tag)
      tagged.pointee.run_metadata = arena.bytes(bytes)
      message.pointee.what_case = LEVIN__EVENT__WHAT_TAGGED_RUN_METADATA
      message.pointee.tagged_run_metadata = tagged
    case .summary(let item):
      let summary = arena.make(levin__summary__init)
      summary.pointee.n_value = 1
      summary.pointee.value = arena.list([Optional(Self.value(item, arena))])
      message.pointee.what_case = LEVIN__EVENT__WHAT_SUMMARY
      message.pointee.summary = summary
    }
    records.appendRecord(byteCount: levin__event__get_packed_size(message)) { payload in
      levin__event__pack(message, payload.assumingMemoryBound(to: UInt8.self))
    }
  }

  private static func value(
    _ item: SummaryItem, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__Summary__Value> {
    let value = arena.make(levin__summary__value__init)
    value.pointee.tag = arena.text(item.tag)
    if let metadata = item.metadata { value.pointee.metadata = self.metadata(metadata, arena) }
    switch item.content {
    case .none: break
    case .scalar(let number):
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_SIMPLE_VALUE
      value.pointee.simple_value = number
    case .image(let picture):
      setImage(of: value, picture.width, picture.height, picture.channels, picture.png, arena)
    case .video(let frames, let framesPerSecond):
      let (width, height) = (frames[0].width, frames[0].height)
      let gif = GIF.encode(
        frames.map(\.rgb), width: width, height: height, framesPerSecond: framesPerSecond)
      setImage(of: value, width, height, 3, gif, arena)
    case .audio(let sampleRate, let channels, let frames, let wav):
      let audio = arena.make(levin__summary__audio__init)
      audio.pointee.sample_rate = sampleRate
      audio.pointee.num_channels = Int64(channels)
      audio.pointee.length_frames = Int64(frames)
      audio.pointee.encoded_audio_string = arena.bytes(wav)
      audio.pointee.content_type = arena.string("audio/wav")
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_AUDIO
      value.pointee.audio = audio
    case .histogram(let histogram):
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_HISTO
      value.pointee.histo = self.histogram(histogram, arena)
    case .tensor(let tensor):
      value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_TENSOR
      value.pointee.tensor = self.tensor(tensor, arena)
    }
    return value
  }

  private static func setImage(
    of value: UnsafeMutablePointer<Levin__Summary__Value>, _ width: Int, _ height: Int,
    _ channels: Int, _ bytes: [UInt8], _ arena: Arena
  ) {
    let image = arena.make(levin__summary__image__init)
    image.pointee.width = Int32(clamping: width)
    image.pointee.height = Int32(clamping: height)
    image.pointee.colorspace = Int32(channels)
    image.pointee.encoded_image_string = arena.bytes(bytes)
    value.pointee.value_case = LEVIN__SUMMARY__VALUE__VALUE_IMAGE
    value.pointee.image = image
  }

  private static func metadata(
    _ metadata: SummaryMetadata, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__SummaryMetadata> {
    let data = arena.make(levin__summary_metadata__plugin_data__init)
    data.pointee.plugin_name = arena.string(metadata.pluginName)
    data.pointee.content = arena.bytes(metadata.pluginContent)
    let message = arena.make(levin__summary_metadata__init)
    message.pointee.plugin_data = data
    message.pointee.display_name = arena.text(metadata.displayName)
    message.pointee.summary_description = arena.text(metadata.description)
    message.pointee.data_class = Levin__DataClass(rawValue: UInt32(metadata.dataClass.rawValue))
    return message
  }

  private static func histogram(
    _ histogram: HistogramSummary, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__Histogram> {
    let message = arena.make(levin__histogram__init)
    message.pointee.min = histogram.minimum
    message.pointee.max = histogram.maximum
    message.pointee.num = histogram.count
    message.pointee.sum = histogram.sum
    message.pointee.sum_squares = histogram.sumOfSquares
    message.pointee.n_bucket_limit = histogram.bucketLimits.count
    message.pointee.bucket_limit = arena.list(histogram.bucketLimits)
    message.pointee.n_bucket = histogram.bucketCounts.count
    message.pointee.bucket = arena.list(histogram.bucketCounts)
    return message
  }

  private static func tensor(
    _ tensor: TensorSummary, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__Tensor> {
    let message = arena.make(levin__tensor__init)
    if let sizes = tensor.shape { message.pointee.tensor_shape = shape(sizes, arena) }
    switch tensor.values {
    case .floats(let values):
      message.pointee.dtype = LEVIN__DATA_TYPE__DT_FLOAT
      message.pointee.n_float_val = values.count
      message.pointee.float_val = arena.list(values)
    case .integers(let values):
      message.pointee.dtype = LEVIN__DATA_TYPE__DT_INT64
      message.pointee.n_int64_val = values.count
      message.pointee.int64_val = arena.list(values)
    case .strings(let values):
      message.pointee.dtype = LEVIN__DATA_TYPE__DT_STRING
      message.pointee.n_string_val = values.count
      message.pointee.string_val = arena.list(values.map(arena.bytes))
    }
    return message
  }

  static func shape(
    _ sizes: [Int], _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__TensorShape> {
    let shape = arena.make(levin__tensor_shape__init)
    shape.pointee.n_dim = sizes.count
    shape.pointee.dim = arena.list(
      sizes.map { size in
        let dimension = arena.make(levin__tensor_shape__dim__init)
        dimension.pointee.size = Int64(size)
        return Optional(dimension)
      })
    return shape
  }
}
