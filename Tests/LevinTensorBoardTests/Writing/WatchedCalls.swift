import Foundation
import Synchronization
import Testing

/// The system calls that Levin makes on the files of one folder.
///
/// `write` and `fsync` below replace the C library's in the whole test program, and call them.
enum WatchedCalls {
  enum Call: Equatable {
    /// A write after which the file was `length` bytes long.
    case write(name: String, length: Int)
    case sync(name: String)
  }

  private struct State {
    var folder: String?
    var calls: [Call] = []
    var isHolding = false
  }
  private static let state = Mutex(State())

  /// All calls on `folder` and its files while `body` runs.
  static func watching(_ folder: String, _ body: () throws -> Void) rethrows {
    state.withLock { $0 = State(folder: folder) }
    defer { state.withLock { $0 = State() } }
    try body()
  }

  static var calls: [Call] { state.withLock { $0.calls } }

  /// Holds up each write to the folder's files while `body` runs, like a disk that is stuck.
  static func holdingWrites(_ body: () throws -> Void) rethrows {
    state.withLock { $0.isHolding = true }
    defer { state.withLock { $0.isHolding = false } }
    try body()
  }

  /// The name of an open file in the watched folder.
  fileprivate static func name(_ descriptor: Int32) -> String? {
    guard let folder = state.withLock({ $0.folder }) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) {
        readlink("/proc/self/fd/\(descriptor)", $0.baseAddress!, $0.count)
      }
    }
    let path = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : nil
  }

  fileprivate static func note(_ call: Call) { state.withLock { $0.calls.append(call) } }

  fileprivate static func waitWhileHeld() {
    while state.withLock({ $0.isHolding }) { usleep(1000) }
  }

  private static func next(_ name: String) -> UnsafeMutableRawPointer {
    dlsym(UnsafeMutableRawPointer(bitPattern: -1), name)!
  }
  typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int) -> Int
  fileprivate static let write = unsafeBitCast(next("write"), to: Write.self)
  typealias Sync = @convention(c) (Int32) -> Int32
  fileprivate static let sync = unsafeBitCast(next("fsync"), to: Sync.self)
}

@_cdecl("write") func watchedWrite(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
  guard let name = WatchedCalls.name(descriptor) else {
    return WatchedCalls.write(descriptor, bytes, count)
  }
  WatchedCalls.waitWhileHeld()
  let result = WatchedCalls.write(descriptor, bytes, count)
  let code = errno
  WatchedCalls.note(.write(name: name, length: Int(lseek(descriptor, 0, SEEK_END))))
  errno = code
  return result
}

@_cdecl("fsync") func watchedSync(_ descriptor: Int32) -> Int32 {
  let result = WatchedCalls.sync(descriptor)
  let code = errno
  if let name = WatchedCalls.name(descriptor) { WatchedCalls.note(.sync(name: name)) }
  errno = code
  return result
}
