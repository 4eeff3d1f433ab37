internal import LevinData
internal import LevinFormats
internal import LevinSystem

/// The files of a dataset that is published as one packed archive.
///
/// Most are records: the bytes of labels, then those of the planes of a picture.
struct RecordFiles {
  /// The dataset's name.
  let name: String
  /// The folder in the archive.
  let folder: String
  /// The files in it that the dataset needs.
  let files: [String]
  let archive: RemoteFile
  /// Addresses that end in `/`.
  let mirrors: [String]

  func read(
    root: String, _ names: [String], labelBytes: Int, labelPlace: Int, classCount: Int, side: Int,
    transform: Compose
  ) throws -> ByteImages {
    let size = 3 * side * side
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    for (path, bytes) in try contents(root: root, names) {
      let record = labelBytes + size
      guard !bytes.isEmpty, bytes.count % record == 0 else {
        throw RecordFileError(
          path: path, offset: bytes.count,
          problem: "found \(bytes.count) bytes; expected records of \(record)")
      }
      pixels.reserveCapacity(pixels.count + bytes.count)
      for start in stride(from: 0, to: bytes.count, by: record) {
        let label = bytes[start + labelPlace]
        guard label < classCount else {
          throw RecordFileError(
            path: path, offset: start + labelPlace,
            problem: "found label \(label); expected 0 to \(classCount - 1)")
        }
        labels.append(label)
        pixels += bytes[start + labelBytes..<start + record]
      }
    }
    return ByteImages(
      pixels: pixels, labels: labels, channels: 3, height: side, width: side, transform: transform)
  }

  /// The paths of files, if all of them are in `root` or in the dataset's folder below it.
  func paths(root: String, _ names: [String]) -> [String]? {
    [FileSystem.joined(root, folder), root].lazy
      .map { place in names.map { FileSystem.joined(place, $0) } }
      .first { $0.allSatisfy { FileBytes.isFile($0) } }
  }

  /// The files, from the folder or else from the archive.
  func contents(root: String, _ names: [String]) throws -> [(String, [UInt8])] {
    let root = FileSystem.expandingHome(root)
    if let paths = paths(root: root, names) {
      return try paths.map { ($0, try FileBytes.read($0)) }
    }
    let path = FileSystem.joined(root, archive.name)
    guard FileBytes.isFile(path) else {
      throw RecordFileError(
        path: root, offset: nil,
        problem:
          "found neither \(folder)/\(names[0]) nor \(archive.name) of \(name); expected one of "
          + "them. prepare(root:) downloads it from \(mirrors[0]).")
    }
    var found: [String: [UInt8]] = [:]
    try TarReader.read(packed: path) { name, piece, _ in
      if let own = names.first(where: { name == $0 || name == "\(folder)/\($0)" }) {
        found[own, default: []] += piece
      }
    }
    return try names.map { ("\(path)/\($0)", try content($0, of: found, path)) }
  }

  private func content<Content>(
    _ name: String, of found: [String: Content], _ path: String
  ) throws(RecordFileError) -> Content {
    guard let content = found[name] else {
      throw RecordFileError(
        path: path, offset: nil, problem: "found no \(name) in it. Download it again.")
    }
    return content
  }

  /// Downloads the archive if it and one of its files are missing, and unpacks it.
  ///
  /// The archive stays, as torchvision's.
  func prepare(
    root: String, mirror: String, onEvent: (@Sendable (DownloadEvent) -> Void)?
  ) async throws {
    let root = FileSystem.expandingHome(root)
    guard paths(root: root, files) == nil else { return }
    let path = FileSystem.joined(root, archive.name)
    if !FileBytes.isFile(path) {
      var downloader = Downloader(
        mirrors: ImageDataset.addresses(mirror) + mirrors, folder: root)
      let printer = DownloadPrinter()
      downloader.onEvent = onEvent ?? { printer.show($0) }
      do {
        try await downloader.fetch([archive])
      } catch let failure as Downloader.Failure {
        FileSystem.removeEmptyFolder(root)
        throw DownloadError(
          dataset: name, lack: "\(name) is not on this disk, and \(failure.file)",
          attempts: failure.attempts,
          advice: [
            "put \(failure.file) into \(root)",
            "pass the address of a mirror that you can reach to prepare(root:mirror:) "
              + "(http://, https:// or file://)",
          ])
      }
    }
    try unpack(path, to: FileSystem.joined(root, folder))
  }

  /// Writes the files of the archive's folder, each in one step.
  private func unpack(_ path: String, to place: String) throws {
    try FileBytes.makeFolder(place)
    var found: [String: Bool] = [:]
    var file: ReplacementFile?
    try TarReader.read(packed: path) { name, piece, isLast in
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == folder, !["", ".", ".."].contains(parts[1]) else {
        return
      }
      let own = String(parts[1])
      if found[own] == nil {
        found[own] = false
        file = try ReplacementFile(FileSystem.joined(place, own))
      }
      try file?.write(piece)
      guard isLast else { return }
      found[own] = true
      try file.take()?.finish()
    }
    for name in files { _ = try content(name, of: found, path) }
  }
}

/// What is wrong with the files of a dataset.
public struct RecordFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public let path: String
  /// The byte; nil if the problem is the whole file.
  public let offset: Int?
  /// What was found and expected.
  public let problem: String
  /// The file, the byte, and what is wrong.
  public var description: String {
    offset.map { "\(path): byte \($0): \(problem)" } ?? "\(path): \(problem)"
  }
}
