import Foundation
import LevinTensorBoard
import Testing

/// JSON of the golden files.
enum JSON: Decodable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var members: [String: JSON] {
    guard case .object(let members) = self else { return [:] }
    return members
  }

  var elements: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// Floats are strings in the golden files, because JSON has no NaN.
  var double: Double? {
    switch self {
    case .number(let value): value
    case .string(let text): Double(text)
    default: nil
    }
  }

  /// Compares this, the expected value, with `found`; describes the first difference.
  func difference(from found: JSON, at path: String = "") -> String? {
    switch (self, found) {
    case (.object(let expected), .object(let found)):
      for key in Set(expected.keys).union(found.keys).sorted() {
        let here = path + "." + key
        guard let left = expected[key] else { return "\(here): not expected" }
        guard let right = found[key] else { return "\(here): missing" }
        if let difference = left.difference(from: right, at: here) { return difference }
      }
      return nil
    case (.array(let expected), .array(let found)):
      guard expected.count == found.count else {
        return "\(path): \(found.count) elements, expected \(expected.count)"
      }
      for (index, pair) in zip(expected, found).enumerated() {
        if let difference = pair.0.difference(from: pair.1, at: "\(path)[\(index)]") {
          return difference
        }
      }
      return nil
    case (_, .number(let value)):
      guard let expected = double else { break }
      let equal = expected.bitPattern == value.bitPattern || expected.isNaN && value.isNaN
      return equal ? nil : "\(path): \(value), expected \(expected)"
    default:
      if self == found { return nil }
    }
    return "\(path): \(found), expected \(self)"
  }
}

/// The location of the golden event files.
let goldenEvents = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Golden/events").path

/// A separate folder for one test, removed at the end.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "levin-reading-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

func readBytes(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
  try Data(Array(bytes)).write(to: URL(filePath: path))
}

/// All items of a file, with its reader.
func items(
  _ path: String, maximumRecordLength: Int = EventFileReader.defaultMaximumRecordLength
) throws -> (items: [EventFileReader.Item], reader: EventFileReader) {
  let reader = try EventFileReader(path: path, maximumRecordLength: maximumRecordLength)
  var items: [EventFileReader.Item] = []
  while let item = try reader.next() { items.append(item) }
  return (items, reader)
}

/// zlib's CRC-32, bit by bit.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return ~crc
}

/// CRC-32C bit by bit, masked as the format wants it.
func maskedCRC32C(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
  }
  crc = ~crc
  return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
}

func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// A record around `payload`; a false length still has a correct checksum.
func frame(_ payload: [UInt8], length: UInt64? = nil) -> [UInt8] {
  let length = littleEndian(length ?? UInt64(payload.count))
  return length + littleEndian(maskedCRC32C(length)) + payload + littleEndian(maskedCRC32C(payload))
}

/// A length-delimited field.
func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
  precondition(bytes.count < 128 * 128)
  let length =
    bytes.count < 128
    ? [UInt8(bytes.count)] : [UInt8(bytes.count & 127) | 128, UInt8(bytes.count >> 7)]
  return [number << 3 | 2] + length + bytes
}
