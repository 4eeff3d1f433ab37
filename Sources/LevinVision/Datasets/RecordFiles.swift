internal import LevinData
internal import LevinFormats
internal import LevinSystem

/// Files of records: the bytes of labels, then those of the planes of a picture.
struct RecordFiles {
  let name, folder, archive, address: String

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

  /// The files, from the folder or else from the archive.
  func contents(root: String, _ names: [String]) throws -> [(String, [UInt8])] {
    let root = FileSystem.expandingHome(root)
    for place in [FileSystem.joined(root, folder), root] {
      let paths = names.map { FileSystem.joined(place, $0) }
      guard paths.allSatisfy({ FileBytes.isFile($0) }) else { continue }
      return try paths.map { ($0, try FileBytes.read($0)) }
    }
    let path = FileSystem.joined(root, archive)
    guard FileBytes.isFile(path) else {
      throw RecordFileError(
        path: root, offset: nil,
        problem: "found neither \(folder)/\(names[0]) nor \(archive) of \(name); expected one of "
          + "them. Download \(address) into this folder.")
    }
    let bytes = try Gzip.inflate(FileBytes.read(path), path: path, limit: 1 << 30)
    let entries = try TarArchive(bytes, path: path)
    return try names.map { name in
      guard let content = entries.content(of: name) else {
        throw RecordFileError(
          path: path, offset: nil, problem: "found no \(name) in it. Download it again.")
      }
      return ("\(path)/\(name)", Array(content))
    }
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
