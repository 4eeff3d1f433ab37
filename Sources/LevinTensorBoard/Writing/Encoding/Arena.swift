internal import CProtobufC

/// The memory of one protobuf-c message and everything it points to, freed together.
///
/// Small allocations share one block that is reused for the next message; only what does not fit is allocated
/// separately.
final class Arena {
  private static let blockSize = 16 << 10
  private let block = UnsafeMutableRawPointer.allocate(byteCount: blockSize, alignment: 16)
  private var used = 0
  private var others: [UnsafeMutableRawPointer] = []

  deinit {
    reset()
    block.deallocate()
  }

  /// Frees all memory: nothing allocated before may be used afterwards.
  func reset() {
    used = 0
    guard !others.isEmpty else { return }
    for other in others { other.deallocate() }
    others.removeAll()
  }

  private func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let byteCount = MemoryLayout<T>.stride * count
    let pointer: UnsafeMutableRawPointer
    if byteCount <= Self.blockSize - used {
      pointer = block + used
      used += (byteCount + 15) & ~15
    } else {
      pointer = .allocate(byteCount: byteCount, alignment: 16)
      others.append(pointer)
    }
    return pointer.bindMemory(to: T.self, capacity: count)
  }

  func make<T>(_ initialize: (UnsafeMutablePointer<T>?) -> Void) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, 1)
    initialize(pointer)
    return pointer
  }

  /// A C string; for texts without zero bytes.
  func string(_ text: String) -> UnsafeMutablePointer<CChar> {
    var text = text
    return text.withUTF8 { utf8 in
      let pointer = allocate(UInt8.self, utf8.count + 1)
      if let source = utf8.baseAddress { pointer.initialize(from: source, count: utf8.count) }
      pointer[utf8.count] = 0
      return UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: CChar.self)
    }
  }

  /// UTF-8 that may contain zero bytes, as any text of the user may.
  func text(_ text: String) -> ProtobufCBinaryData {
    var text = text
    return text.withUTF8 { utf8 in
      let pointer = allocate(UInt8.self, utf8.count)
      if let source = utf8.baseAddress { pointer.initialize(from: source, count: utf8.count) }
      return ProtobufCBinaryData(len: utf8.count, data: pointer)
    }
  }

  func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    ProtobufCBinaryData(len: bytes.count, data: list(bytes))
  }

  func list<T>(_ items: [T]) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, items.count)
    pointer.initialize(from: items, count: items.count)
    return pointer
  }
}

/// The encoded bytes of a message.
func packed<T>(
  _ message: UnsafeMutablePointer<T>, size: (UnsafePointer<T>?) -> Int,
  pack: (UnsafePointer<T>?, UnsafeMutablePointer<UInt8>?) -> Int
) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: size(message)) { buffer, count in
    count = pack(message, buffer.baseAddress)
  }
}
