extension LoggedEvent {
  /// The largest number of values in one event; no writer exceeds it, and a file of empty values would otherwise take
  /// a hundred times its size in memory.
  static let maximumValues = 1 << 16

  /// Decodes the data of a record.
  init(decoding record: UnsafeRawBufferPointer) throws(WireError) {
    self.init()
    var reader = WireReader(record)
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .fixed64): wallTime = try reader.double()
      case (2, .varint): step = try reader.integer()
      case (3, .bytes): content = .fileVersion(try reader.string())
      case (4, .bytes): content = .graph(try reader.array())
      case (5, .bytes):
        var values: [SummaryValue] = []
        // If a message occurs twice, protobuf merges the parts.
        if case .summary(let earlier) = content { values = earlier }
        var summary = try reader.message()
        while let key = try summary.key() {
          if key.field == 1, key.kind == .bytes {
            guard values.count < Self.maximumValues else {
              throw summary.error("more than \(Self.maximumValues) values in one summary")
            }
            values.append(try SummaryValue(decoding: try summary.message()))
          } else {
            try summary.skip(key.kind)
          }
        }
        content = .summary(values)
      case (6, .bytes): content = try Self.message(try reader.message())
      case (7, .bytes): content = .sessionLog(try SessionLog(decoding: try reader.message()))
      case (8, .bytes): content = try Self.runMetadata(try reader.message())
      case (9, .bytes): content = .metaGraph(try reader.array())
      case (10, .bytes):
        var source = try reader.message()
        while let key = try source.key() {
          if key.field == 1, key.kind == .bytes {
            sourceWriter = try source.string()
          } else {
            try source.skip(key.kind)
          }
        }
      default: try reader.skip(key.kind)
      }
    }
  }

  private static func message(_ message: WireReader) throws(WireError) -> Content {
    var reader = message
    var level = 0
    var text = ""
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): level = try reader.integer()
      case (2, .bytes): text = try reader.string()
      default: try reader.skip(key.kind)
      }
    }
    return .message(level: level, text: text)
  }

  private static func runMetadata(_ message: WireReader) throws(WireError) -> Content {
    var reader = message
    var tag = ""
    var bytes: [UInt8] = []
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): tag = try reader.string()
      case (2, .bytes): bytes = try reader.array()
      default: try reader.skip(key.kind)
      }
    }
    return .runMetadata(tag: tag, bytes: bytes)
  }
}

extension SessionLog {
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): status = Status(rawValue: try reader.integer()) ?? .unspecified
      case (2, .bytes): checkpointPath = try reader.string()
      case (3, .bytes): self.message = try reader.string()
      default: try reader.skip(key.kind)
      }
    }
  }
}
