extension LoggedHyperparameters {
  /// Adds the content of an `HParamsPluginData`: the start of a session with its values, or its end.
  mutating func add(pluginData message: WireReader) throws(WireError) {
    var reader = message
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (3, .bytes): try addStart(try reader.message())
      case (4, .bytes): try addEnd(try reader.message())
      default: try reader.skip(key.kind)
      }
    }
  }

  private mutating func addStart(_ message: WireReader) throws(WireError) {
    var reader = message
    values = []
    // After a new start, the end of an earlier session no longer counts.
    status = nil
    end = nil
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .bytes):
        var entry = try reader.message()
        var name = ""
        var value: HyperparameterValue?
        while let key = try entry.key() {
          switch (key.field, key.kind) {
          case (1, .bytes): name = try entry.string()
          case (2, .bytes): value = try Self.value(try entry.message())
          default: try entry.skip(key.kind)
          }
        }
        if let value { values.append((name, value)) }
      case (4, .bytes): groupName = try reader.string()
      case (5, .fixed64): start = try reader.double()
      default: try reader.skip(key.kind)
      }
    }
  }

  private mutating func addEnd(_ message: WireReader) throws(WireError) {
    var reader = message
    status = .unknown
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (1, .varint): status = Status(rawValue: try reader.integer()) ?? .unknown
      case (2, .fixed64): end = try reader.double()
      default: try reader.skip(key.kind)
      }
    }
  }

  /// Decodes a `google.protobuf.Value`; nil for null, lists and structures, which hyperparameters cannot be.
  private static func value(_ message: WireReader) throws(WireError) -> HyperparameterValue? {
    var reader = message
    var value: HyperparameterValue?
    while let key = try reader.key() {
      switch (key.field, key.kind) {
      case (2, .fixed64): value = .number(try reader.double())
      case (3, .bytes): value = .string(try reader.string())
      case (4, .varint): value = .bool(try reader.varint() != 0)
      default: try reader.skip(key.kind)
      }
    }
    return value
  }
}
