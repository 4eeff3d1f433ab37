internal import LevinSystem

extension SafetensorsFile {
  /// The bytes of the file.
  ///
  /// The same content always gives the same bytes: metadata sorted by key, arrays with the widest elements first (so
  /// that each array is aligned to its elements), otherwise in the order of ``entries``. Traps unless names are
  /// unique and sizes fit.
  public func encoded() -> [UInt8] {
    var seen: Set<String> = ["__metadata__"]
    for (name, entry) in entries {
      guard seen.insert(name).inserted else {
        fail("safetensors", "two arrays named '\(name)'", expected: "unique names")
      }
      guard let type = TensorFile.ElementType(safetensors: entry.dtype) else {
        fail(
          "safetensors", "the dtype '\(entry.dtype)' of '\(name)'",
          expected: "one of the format, as F32")
      }
      let expected = type.byteCount(of: entry.shape)
      guard entry.bytes.count == expected else {
        fail(
          "safetensors",
          "\(entry.bytes.count) bytes for '\(name)' of shape \(entry.shape) and dtype \(entry.dtype)",
          expected: expected.map(String.init) ?? "a possible size")
      }
    }
    let (header, order) = Self.header(
      of: entries.map {
        Description(name: $0, dtype: $1.dtype, shape: $1.shape, byteCount: $1.bytes.count)
      },
      metadata)
    var bytes = header
    bytes.reserveCapacity(header.count + entries.reduce(0) { $0 + $1.entry.bytes.count })
    for index in order { bytes += entries[index].entry.bytes }
    return bytes
  }

  /// Writes tensors to `path`, beside it and then renamed, without a copy of them in memory.
  static func write(
    _ sources: [TensorFile.Source], metadata: [String: String], to path: String
  ) throws {
    let descriptions = try sources.map { source throws(TensorFileError) in
      guard let dtype = source.elementType.safetensorsName else {
        throw TensorFileError(
          path,
          "'\(source.name)' is of the type \(source.elementType.name), which safetensors lacks",
          advice: "Convert it to another type")
      }
      guard source.name != "__metadata__" else {
        throw TensorFileError(path, "a tensor is called '__metadata__', which safetensors reserves")
      }
      return Description(
        name: source.name, dtype: dtype, shape: source.shape, byteCount: source.byteCount)
    }
    let (header, order) = header(of: descriptions, metadata)
    var file = try ReplacementFile(path)
    try header.withUnsafeBytes { try file.write($0) }
    for index in order { try sources[index].pass { try file.write($0) } }
    try file.finish()
  }

  private struct Description {
    let name, dtype: String
    let shape: [Int]
    let byteCount: Int
    var bitCount: Int { TensorFile.ElementType(safetensors: dtype)?.bitCount ?? 0 }
  }

  /// Everything before the data, and the order of the arrays in it.
  private static func header(
    of arrays: [Description], _ metadata: [String: String]
  ) -> (bytes: [UInt8], order: [Int]) {
    let widths = arrays.map(\.bitCount)
    let order = arrays.indices.sorted { (-widths[$0], $0) < (-widths[$1], $1) }
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var start = 0
    for index in order {
      let array = arrays[index]
      let end = start + array.byteCount
      let shape = array.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(array.name)):{\"dtype\":\"\(array.dtype)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces up to a multiple of eight align the data.
    header += repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.add(UInt64(header.count))
    return (bytes + header, order)
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
