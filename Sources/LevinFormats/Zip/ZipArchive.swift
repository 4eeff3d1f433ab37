internal import LevinSystem

/// The entries of a zip archive, ZIP64 included; every rule that torch and NumPy keep is enforced.
///
/// Nothing precedes the first entry, nothing follows the end record, and no two entries share bytes, so that all readers
/// find the same.
struct ZipArchive {
  /// What is expected of an archive.
  enum Kind {
    /// Of `torch.save`: nothing is compressed.
    case torch
    /// Of NumPy: entries may be deflated.
    case npz
  }
  struct Entry {
    let name: String
    /// Where the payload is in the file.
    let payload: Range<Int>
    /// The size after inflating, if the payload is deflated.
    let inflatedCount: Int?
    /// The CRC-32; nil if it was not computed.
    let checksum: UInt32?

    var count: Int { inflatedCount ?? payload.count }
    func block(in file: MappedFile) -> DataBlock {
      DataBlock(
        file, payload, name: "'\(name)'", inflatedCount: inflatedCount, checksum: checksum)
    }
  }
  /// The entries in the order of the directory.
  private(set) var entries: [Entry] = []
  let file: MappedFile
  let kind: Kind
  private var places: [String: Int] = [:]

  /// The most entries that an archive may have.
  static let entryLimit = 1 << 20
  /// Deflate never packs more than 1032 bytes into one.
  static let greatestRatio = 1032

  subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// Reads the directory of `file`.
  init(_ file: MappedFile, _ kind: Kind) throws(TensorFileError) {
    self.file = file
    self.kind = kind
    let end = try endRecord()
    var headers: [(start: Int, header: CentralHeader)] = []
    var position = end.directory.lowerBound
    for _ in 0..<end.count {
      let header = try centralHeader(at: position, limit: end.directory.upperBound)
      guard places.updateValue(headers.count, forKey: header.name) == nil else {
        throw error(position, "two entries are called '\(header.name)'")
      }
      headers.append((position, header))
      position += header.length
    }
    guard position == end.directory.upperBound else {
      throw error(
        position,
        "\(end.directory.upperBound - position) bytes follow the last entry of the "
          + "directory, expected none")
    }
    // In the order of the file, each payload must end before the next header.
    let order = headers.indices.sorted { headers[$0].header.start < headers[$1].header.start }
    var payloads = [Range<Int>](repeating: 0..<0, count: headers.count)
    var previousEnd = 0
    for (rank, index) in order.enumerated() {
      let header = headers[index].header
      guard rank > 0 ? header.start >= previousEnd : header.start == 0 else {
        throw error(
          headers[index].start,
          rank == 0
            ? "the first entry begins at byte \(header.start), expected 0"
            : "'\(header.name)' begins at byte \(header.start), inside another entry")
      }
      payloads[index] = try payload(of: header, limit: end.directory.lowerBound)
      previousEnd = payloads[index].upperBound
    }
    entries = zip(headers, payloads).map {
      Entry(
        name: $0.header.name, payload: $1,
        inflatedCount: $0.header.method == 8 ? $0.header.size : nil,
        // PyTorch writes 0 if it does not compute checksums.
        checksum: kind == .torch && $0.header.checksum == 0 ? nil : $0.header.checksum)
    }
  }

  func error(_ offset: Int, _ problem: String) -> TensorFileError {
    TensorFileError(
      file.path, at: offset, "not a valid zip archive: \(problem)",
      advice: "Copy or download the file again")
  }
}
