internal import LevinSystem

extension SafetensorsFile {
  /// The bytes of the file.
  ///
  /// The same content always gives the same bytes: metadata sorted by key, arrays with the widest elements first (so
  /// that each array is aligned to its elements), otherwise in the order of ``entries``. Traps unless names are
  /// unique and sizes fit.
  public func encoded() -> [UInt8] {
    var seen: Set<String> = ["__metadata__"]
    let widths = entries.map { name, entry -> Int in
      guard seen.insert(name).inserted else {
        fail("safetensors", "two arrays named '\(name)'", expected: "unique names")
      }
      guard let width = Self.byteCount(ofDType: entry.dtype) else {
        fail(
          "safetensors", "the dtype '\(entry.dtype)' of '\(name)'",
          expected: "one of the format, as F32")
      }
      let expected = entry.shape.reduce(width, *)
      guard entry.bytes.count == expected else {
        fail(
          "safetensors",
          "\(entry.bytes.count) bytes for '\(name)' of shape \(entry.shape) and dtype \(entry.dtype)",
          expected: "\(expected)")
      }
      return width
    }
    let order = entries.indices.sorted { (-widths[$0], $0) < (-widths[$1], $1) }

    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var start = 0
    for index in order {
      let (name, entry) = entries[index]
      let end = start + entry.bytes.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(Self.quoted(name)):{\"dtype\":\"\(entry.dtype)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    // Spaces up to a multiple of eight align the data.
    header += repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + start)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
    bytes += header
    for index in order { bytes += entries[index].entry.bytes }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
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
