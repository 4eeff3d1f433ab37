internal import CProtobufC

/// Memory of one protobuf-c message and all that it points to, freed together.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  private func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(count, 1))
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  func make<T>(_ initialize: (UnsafeMutablePointer<T>?) -> Void) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, 1)
    initialize(pointer)
    return pointer
  }

  func string(_ text: String) -> UnsafeMutablePointer<CChar> {
    let utf8 = Array(text.utf8CString)
    let pointer = allocate(CChar.self, utf8.count)
    pointer.initialize(from: utf8, count: utf8.count)
    return pointer
  }

  func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    let pointer = allocate(UInt8.self, bytes.count)
    pointer.initialize(from: bytes, count: bytes.count)
    return ProtobufCBinaryData(len: bytes.count, data: pointer)
  }

  func list<T>(_ items: [T]) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, items.count)
    pointer.initialize(from: items, count: items.count)
    return pointer
  }
}

/// The bytes of a message.
func packed<T>(
  _ message: UnsafeMutablePointer<T>, size: (UnsafePointer<T>?) -> Int,
  pack: (UnsafePointer<T>?, UnsafeMutablePointer<UInt8>?) -> Int
) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: size(message)) { buffer, count in
    count = pack(message, buffer.baseAddress)
  }
}
