extension SummaryValue {
  /// Decodes a `Summary.Value`.
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes): tag = try reader.string()
      case (2, .fixed32): content = .scalar(try reader.float())
      case (3, .bytes): content = .obsoleteHistogram(try reader.array())
      case (4, .bytes): content = .image(try LoggedImage(decoding: try reader.message()))
      case (5, .bytes): content = .histogram(try LoggedHistogram(decoding: try reader.message()))
      case (6, .bytes): content = .audio(try LoggedAudio(decoding: try reader.message()))
      case (7, .bytes): nodeName = try reader.string()
      case (8, .bytes): content = .tensor(try LoggedTensor(decoding: try reader.message()))
      case (9, .bytes): metadata = try SummaryMetadata(decoding: try reader.message())
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension SummaryMetadata {
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes):
        var plugin = try reader.message()
        while let key = try plugin.key() {
          switch (key.field, key.kind) {
          case (1, .bytes): pluginName = try plugin.string()
          case (2, .bytes): pluginContent = try plugin.array()
          default: try plugin.skip(key.kind)
          }
        }
      case (2, .bytes): displayName = try reader.string()
      case (3, .bytes): description = try reader.string()
      case (4, .varint): dataClass = DataClass(rawValue: try reader.integer()) ?? .unknown
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension LoggedImage {
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): height = try reader.integer()
      case (2, .varint): width = try reader.integer()
      case (4, .bytes): encoded = try reader.array()
      default: try reader.skip(key.kind)
      }
    }
  }
}

extension LoggedAudio {
  init(decoding message: WireReader) throws(WireError) {
    self.init()
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .fixed32): sampleRate = try reader.float()
      case (2, .varint): channels = try reader.integer()
      case (3, .varint): frames = try reader.integer()
      case (4, .bytes): encoded = try reader.array()
      case (5, .bytes): contentType = try reader.string()
      default: try reader.skip(key.kind)
      }
    }
  }
}
