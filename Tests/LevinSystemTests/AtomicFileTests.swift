import Foundation
import LevinSystem
import Testing

@Suite struct AtomicFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("levin-\(UUID().uuidString)").path

  @Test func writesReplacesAndLeavesNothingElse() throws {
    try FileBytes.makeFolder(folder + "/deep/er")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try AtomicFile.write([1, 2, 3], to: path)
    try AtomicFile.write(0..<200, to: path)
    #expect(try FileBytes.read(path) == Array(0..<200))
    #expect(try FileBytes.read(path, limit: 200).count == 200)
    #expect(throws: FileError(.read, path: path, code: EFBIG)) {
      try FileBytes.read(path, limit: 199)
    }
    // Files that do not report their size.
    #expect(try FileBytes.read("/dev/null") == [])
    #expect(try FileBytes.read("/proc/self/stat").count > 10)
    try AtomicFile.write([], to: path)
    #expect(try FileBytes.read(path) == [])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["deep", "file"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let mask = umask(0)
    umask(mask)
    #expect(attributes[.posixPermissions] as? Int == Int(0o666 & ~mask))
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    try FileBytes.makeFolder(folder + "/deep/er")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/deep"  // a folder cannot be replaced by a file
    let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
    #expect(
      error?.description
        == "cannot write '\(path)': Is a directory. Name a file, not a folder.")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["deep"])
  }

  @Test func errorsSayWhatToDo() throws {
    let missing = folder + "/not/there"
    let write = #expect(throws: FileError.self) { try AtomicFile.write([1], to: missing) }
    #expect(
      write?.description
        == "cannot write '\(missing)': No such file or directory. Check the path.")
    let read = #expect(throws: FileError.self) { try FileBytes.read(missing) }
    #expect(
      read?.description == "cannot read '\(missing)': No such file or directory. Check the path.")
    #expect(read?.isMissing == true)
    #expect(
      FileError(.write, path: "/full/file", code: ENOSPC).description
        == "cannot write '/full/file': No space left on device. Free some space, or choose another folder."
    )
    #expect(
      FileError(.read, path: "/private", code: EACCES).description
        == "cannot read '/private': Permission denied. Give yourself permission to read it, or choose "
        + "another path.")
    let make = #expect(throws: FileError.self) { try FileBytes.makeFolder("/proc/levin/x") }
    #expect(make?.description.hasPrefix("cannot make the folder '/proc/levin/x': ") == true)
  }

  /// A limit on the file size simulates a full disk: the write breaks off in the middle.
  @Test func aWriteThatBreaksOffLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      let folder = FileManager.default.temporaryDirectory.path + "/levin-\(UUID().uuidString)"
      try FileBytes.makeFolder(folder)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let path = folder + "/file"
      try AtomicFile.write([1, 2, 3], to: path)
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      #expect(setrlimit(Int32(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write([UInt8](repeating: 7, count: 5000), to: path)
      }
      #expect(error?.code == EFBIG)
      #expect(try FileBytes.read(path) == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }
}
