import LevinFormats
import LevinSystem

/// Committed files made by other programs, with the scripts scripts/golden/make_data.py and make_torch_files.py.
enum GoldenFile {
  static func path(_ name: String, in folder: Substring = "data") -> String {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    parts += ["Golden", folder, Substring(name)]
    return parts.joined(separator: "/")
  }

  static func bytes(_ name: String, in folder: Substring = "data") throws -> [UInt8] {
    try FileBytes.read(path(name, in: folder))
  }
}

/// A folder for the files of a test, which is removed at its end.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = "/tmp/levin-formats-\(UInt64.random(in: 0...UInt64.max))"
  try FileBytes.makeFolder(folder)
  defer { FileSystem.removeFolder(folder) }
  return try body(folder)
}

/// The CRC-32 of zip archives, bit by bit.
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1
    }
  }
}
