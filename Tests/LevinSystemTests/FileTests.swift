import Foundation
import LevinSystem
import Testing

@Suite final class FileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("levin-\(UUID().uuidString)").path

  init() throws { try FileBytes.makeFolder(folder) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ text: String, to file: OpenFile) throws {
    try Data(text.utf8).withUnsafeBytes { try file.write($0) }
  }
  private func content(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func creatingAppendsToAFileThatIsNew() throws {
    let path = folder + "/new"
    let file = try OpenFile(path, for: .creating)
    try write("one", to: file)
    try write("two", to: file)
    #expect(content(path) == "onetwo")
    #expect(try file.status().length == 6)
    let error = #expect(throws: FileError.self) { try OpenFile(path, for: .creating) }
    #expect(error?.alreadyExists == true)
    #expect(throws: FileError(.read, path: path + "er", code: ENOENT)) {
      try OpenFile(path + "er", for: .reading)
    }
  }

  @Test func updatingWritesAndReadsInPlace() throws {
    let path = folder + "/updated"
    try Data("abcdef".utf8).write(to: URL(filePath: path))
    let file = try OpenFile(path, for: .updating)
    var done = 0
    try Data("XY".utf8).withUnsafeBytes { try file.write($0, at: 2, done: &done) }
    #expect(done == 2)
    #expect(content(path) == "abXYef")
    var bytes = [UInt8](repeating: 0, count: 10)
    #expect(try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 3) } == 3)
    #expect(bytes.prefix(3) == [89, 101, 102])
    try file.truncate(to: 3)
    #expect(content(path) == "abX")
  }

  @Test func locksAreSeenByOthers() throws {
    let path = folder + "/locked"
    let file = try OpenFile(path, for: .updating)
    #expect(!OpenFile.isLocked(path))
    #expect(file.tryLock())
    #expect(OpenFile.isLocked(path))
    #expect(try !OpenFile(path, for: .updating).tryLock())
    file.unlock()
    #expect(!OpenFile.isLocked(path))
    var held: OpenFile? = try OpenFile(folder, for: .folder)
    #expect(held?.tryLock() == true)
    #expect(OpenFile.isLocked(folder))
    held = nil
    #expect(!OpenFile.isLocked(folder))
    #expect(!OpenFile.isLocked(folder + "/none"))
  }

  @Test func anOpenFileKnowsWhereItIs() throws {
    let (old, new) = (folder + "/old", folder + "/new")
    let file = try OpenFile(old, for: .creating)
    #expect(file.isAt(old))
    try FileSystem.rename(old, to: new)
    #expect(!file.isAt(old))
    #expect(file.currentPath == FileSystem.realPath(new))
    FileSystem.removeFile(new)
    #expect(file.currentPath == nil)
    #expect(try file.status().linkCount == 0)
  }

  @Test func aReplacementAppearsWholeOrNotAtAll() throws {
    let path = folder + "/replaced"
    try Data("before".utf8).write(to: URL(filePath: path))
    do {
      var abandoned = try ReplacementFile(path)
      try Data("half".utf8).withUnsafeBytes { try abandoned.write($0) }
    }
    #expect(content(path) == "before")
    #expect(FileSystem.names(in: folder) == ["replaced"])
    // Pieces below, at and above the size of the buffer.
    let pieces = [3, 1 << 16, 5, (1 << 16) + 1, 100_000, 0, 1]
    var whole = Data()
    var file = try ReplacementFile(path)
    for (number, size) in pieces.enumerated() {
      let piece = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) })
      try piece.withUnsafeBytes { try file.write($0) }
      whole += piece
    }
    #expect(content(path) == "before")
    try file.finish()
    #expect(FileManager.default.contents(atPath: path) == whole)
    #expect(FileSystem.names(in: folder) == ["replaced"])
  }

  @Test func listingsAndKinds() throws {
    try FileBytes.makeFolder(folder + "/b/c")
    try Data().write(to: URL(filePath: folder + "/a"))
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: folder + "/b")
    let listing = try FolderListing(folder)
    #expect(listing.names == ["a", "b", "link"])
    #expect(listing.folders == ["b", "link"])
    #expect(try listing.identity == FileStatus(folder + "/b/..").identity)
    #expect(throws: FileError(.list, path: folder + "/a", code: ENOTDIR)) {
      try FolderListing(folder + "/a")
    }
    #expect(try FileStatus(folder + "/link").kind == .folder)
    #expect(try FileStatus(folder + "/a").kind == .file)
    #expect(try FileStatus("/dev/null").kind == .other)
    #expect(!FileSystem.removeEmptyFolder(folder + "/b"))
    #expect(FileSystem.removeEmptyFolder(folder + "/b/c"))
  }
}
