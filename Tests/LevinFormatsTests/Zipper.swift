import LevinFormats

/// Builds zip archives for tests, whole and broken ones, without Levin's own writer.
struct Zipper {
  struct Entry {
    var name: String
    var bytes: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0x0800
    var checksum: UInt32?
    /// What the local header says, if not the same.
    var localName: String?
    var localFlags: UInt16?
    /// What the directory says, if not the truth.
    var size: UInt32?
    var packedSize: UInt32?
    var offset: UInt32?
  }
  var entries: [Entry] = []
  var before: [UInt8] = []
  var comment: [UInt8] = []
  var after: [UInt8] = []
  var count: UInt16?
  var directoryOffset: UInt32?

  init(_ entries: [(String, [UInt8])]) {
    self.entries = entries.map { Entry(name: $0, bytes: $1) }
  }

  /// What `torch.save` writes: a pickle and the bytes of storages.
  static func torch(_ pickle: [UInt8], _ storages: [[UInt8]] = []) -> Zipper {
    let data = storages.enumerated().map { ("archive/data/\($0.offset)", $0.element) }
    var zipper = Zipper(
      [("archive/data.pkl", pickle), ("archive/version", Array("3\n".utf8))] + data)
    // Debug builds would take minutes for checksums of large ones; 0 says that there is none.
    for index in zipper.entries.indices where zipper.entries[index].bytes.count > 10_000 {
      zipper.entries[index].checksum = 0
    }
    return zipper
  }

  static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  var bytes: [UInt8] {
    var file = before
    var directory: [UInt8] = []
    for entry in entries {
      let offset = UInt32(file.count)
      let sum = entry.checksum ?? crc32(entry.bytes)
      func common(_ flags: UInt16, _ name: String) -> [UInt8] {
        Self.little(UInt16(20)) + Self.little(flags) + Self.little(entry.method)
          + [0, 0, 0x21, 0] + Self.little(sum)
      }
      let name = entry.localName ?? entry.name
      file += Self.little(UInt32(0x0403_4b50)) + common(entry.localFlags ?? entry.flags, name)
      file += Self.little(entry.packedSize ?? UInt32(entry.bytes.count))
      file += Self.little(entry.size ?? UInt32(entry.bytes.count))
      file += Self.little(UInt16(name.utf8.count)) + [0, 0] + Array(name.utf8) + entry.bytes
      directory += Self.little(UInt32(0x0201_4b50)) + [20, 0] + common(entry.flags, entry.name)
      directory += Self.little(entry.packedSize ?? UInt32(entry.bytes.count))
      directory += Self.little(entry.size ?? UInt32(entry.bytes.count))
      directory += Self.little(UInt16(entry.name.utf8.count)) + [UInt8](repeating: 0, count: 12)
      directory += Self.little(entry.offset ?? offset) + Array(entry.name.utf8)
    }
    let start = UInt32(file.count)
    file += directory + Self.little(UInt32(0x0605_4b50)) + [0, 0, 0, 0]
    file +=
      Self.little(count ?? UInt16(entries.count)) + Self.little(count ?? UInt16(entries.count))
    file += Self.little(UInt32(directory.count)) + Self.little(directoryOffset ?? start)
    return file + Self.little(UInt16(comment.count)) + comment + after
  }
}

/// Builds pickles for tests.
enum P {
  static func pickle(_ parts: [UInt8]...) -> [UInt8] { [0x80, 2] + parts.joined() + [0x2e] }
  static func text(_ text: String) -> [UInt8] {
    [0x58] + Zipper.little(UInt32(text.utf8.count)) + Array(text.utf8)
  }
  static func int(_ number: Int) -> [UInt8] { [0x8a, 8] + Zipper.little(number) }
  static func name(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }
  static func tuple(_ members: [UInt8]...) -> [UInt8] { [0x28] + members.joined() + [0x74] }
  static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
    P.name(module, name) + [0x28] + arguments.joined() + [0x74, 0x52]
  }
  static func dictionary(_ pairs: [UInt8]...) -> [UInt8] { [0x7d, 0x28] + pairs.joined() + [0x75] }
  static let ordered = call("collections", "OrderedDict")
  static func storage(_ type: String = "FloatStorage", key: String = "0", count: [UInt8]) -> [UInt8]
  {
    tuple(text("storage"), name("torch", type), text(key), text("cpu"), count) + [0x51]
  }
  static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int], hooks: [UInt8] = ordered
  ) -> [UInt8] {
    call(
      "torch._utils", "_rebuild_tensor_v2", storage, int(offset),
      [0x28] + shape.flatMap(int) + [0x74], [0x28] + strides.flatMap(int) + [0x74], [0x89], hooks)
  }
  /// A file with one tensor of four floats, or what a test makes of it.
  static func file(_ tensor: [UInt8], data: Int = 16) -> [UInt8] {
    Zipper.torch(pickle(dictionary(text("w"), tensor)), [[UInt8](repeating: 0, count: data)]).bytes
  }
}
