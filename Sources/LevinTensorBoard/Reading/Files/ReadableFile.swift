package import LevinSystem

/// A file opened for reading at any offset; closed on deinitialization.
struct ReadableFile: ~Copyable {
  private let file: OpenFile
  var path: String { file.path }

  init(path: String) throws(EventFileError) { file = try Self.open(path) }

  private static func open(_ path: String) throws(EventFileError) -> OpenFile {
    let file: OpenFile
    do throws(FileError) { file = try OpenFile(path, for: .readingWithoutWaiting) } catch {
      throw EventFileError("open", error)
    }
    guard try status(of: file).kind == .file else { throw .notAFile(path: path) }
    return file
  }

  private static func status(of file: OpenFile) throws(EventFileError) -> FileStatus {
    do throws(FileError) { return try file.status() } catch {
      throw EventFileError("look at", error)
    }
  }

  /// The current length in bytes.
  func length() throws(EventFileError) -> Int { try Self.status(of: file).length }

  /// Reads up to `destination.count` bytes from `offset`; 0 at the end of the file.
  func read(
    into destination: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(EventFileError) -> Int {
    do throws(FileError) { return try file.read(into: destination, at: offset) } catch {
      throw EventFileError("read", error)
    }
  }
}

extension EventFileError {
  /// The system's error for an `operation`, to be printed after "cannot".
  init(_ operation: String, _ error: FileError) {
    self = .system(operation: operation, path: error.path, code: error.code)
  }
}

extension FolderListing {
  /// Lists a folder that may hold runs.
  package init(ofRuns path: String) throws(EventFileError) {
    do throws(FileError) { self = try FolderListing(path) } catch {
      throw EventFileError("list", error)
    }
  }
}
