internal import LevinLibC

/// The content of a file as memory that the system fills page by page when it is read.
///
/// Pages belong to the system's cache, not to this process. If another program cuts the file short meanwhile, reading
/// what is gone ends the process (SIGBUS), as with every mapped file; a file that is replaced by renaming stays whole.
package final class MappedFile: Sendable {
  /// The path it was opened with, for error messages.
  package let path: String
  /// The content.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the file at `path`; a pipe, which cannot be mapped, is read to its end.
  package convenience init(_ path: String) throws(FileError) {
    let file = try OpenFile(path, for: .reading)
    let status = try file.status()
    guard status.kind != .folder else { throw FileError(.read, path: path, code: EISDIR) }
    if status.kind == .file {
      try self.init(path: path, mapped: file.map(count: status.length))
    } else {
      try self.init(FileBytes.read(path), path: path)
    }
  }

  /// A copy of `bytes`, said to be the content of the file at `path`.
  package init(_ bytes: [UInt8], path: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    (self.path, self.bytes, isMapped) = (path, UnsafeRawBufferPointer(copy), false)
  }

  private init(path: String, mapped: UnsafeRawBufferPointer) {
    (self.path, bytes, isMapped) = (path, mapped, true)
  }

  deinit {
    guard isMapped else { return bytes.deallocate() }
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
