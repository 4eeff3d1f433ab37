internal import LevinSystem
internal import Synchronization

/// A run of bytes in a file that belongs to one tensor or to several: a storage of PyTorch, an array of an archive.
///
/// Nothing is read before it is asked for, and then the checksum is compared once.
final class DataBlock: Sendable {
  private let file: MappedFile
  /// What error messages call it.
  private let name: String
  /// Where it is in the file.
  private let range: Range<Int>
  /// The size after inflating, if the bytes in the file are compressed.
  private let inflatedCount: Int?
  /// The CRC-32 of the content, if the file has one.
  private let checksum: UInt32?
  private let isChecked = Atomic(false)

  init(
    _ file: MappedFile, _ range: Range<Int>, name: String, inflatedCount: Int? = nil,
    checksum: UInt32? = nil
  ) {
    (self.file, self.range, self.name) = (file, range, name)
    (self.inflatedCount, self.checksum) = (inflatedCount, checksum)
  }

  /// The size of the content in bytes.
  var count: Int { inflatedCount ?? range.count }
  /// Where the block is in the file.
  var offset: Int { range.lowerBound }
  /// The file.
  var path: String { file.path }

  /// Calls `body` with the content.
  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard inflatedCount != nil else {
      let content = file.bytes.part(range)
      try check(content)
      return try body(content)
    }
    let content = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { content.deallocate() }
    try inflate(into: content)
    try check(UnsafeRawBufferPointer(content))
    return try body(UnsafeRawBufferPointer(content))
  }

  /// The content where it lies in memory, and the object that keeps it there; nil if it must be inflated.
  func bytesInPlace() throws -> (bytes: UnsafeRawBufferPointer, owner: AnyObject)? {
    guard inflatedCount == nil else { return nil }
    let content = file.bytes.part(range)
    try check(content)
    return (content, file)
  }

  /// The first `count` bytes of the content, or fewer if it has fewer; their checksum is not known.
  func prefix(_ count: Int) throws(TensorFileError) -> [UInt8] {
    let count = min(count, self.count)
    guard inflatedCount != nil else { return Array(file.bytes.part(range).prefix(count)) }
    let beginning = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { beginning.deallocate() }
    try inflate(into: beginning)
    return Array(beginning)
  }

  private func check(_ content: UnsafeRawBufferPointer) throws(TensorFileError) {
    guard let checksum, !isChecked.load(ordering: .relaxed) else { return }
    let found = CRC32.of(content)
    guard found == checksum else {
      throw error(
        "\(name) is damaged: its CRC-32 is \(hexadecimal(found)), expected \(hexadecimal(checksum))"
      )
    }
    isChecked.store(true, ordering: .relaxed)
  }

  /// Inflates as much as `output` holds; if that is all, the compressed data must end there.
  private func inflate(into output: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
    let input = file.bytes.part(range).bindMemory(to: UInt8.self)
    let output = output.bindMemory(to: UInt8.self)
    if output.count == count, Inflater.inflateAtOnce(input, .none, into: output) { return }
    let inflater = Inflater(input, .none)
    let filled = inflater.fill(output)
    guard filled == output.count else {
      throw error("\(name) is damaged: \(filled) bytes inflate, expected \(count)")
    }
    guard filled == count else { return }
    if !inflater.hasEnded {
      // zlib reports the end only when it is asked for more.
      var more: UInt8 = 0
      let got = withUnsafeMutablePointer(to: &more) {
        inflater.inflate(into: UnsafeMutableBufferPointer(start: $0, count: 1))
      }
      guard got == 0, inflater.hasEnded else {
        throw error("\(name) is damaged: it inflates to more than \(count) bytes")
      }
    }
    guard inflater.consumed == input.count else {
      throw error(
        "\(name) is damaged: its compressed data ends after \(inflater.consumed) of "
          + "\(input.count) bytes")
    }
  }

  private func error(_ problem: String) -> TensorFileError {
    TensorFileError(
      file.path, at: range.lowerBound, problem, advice: "Copy or download the file again")
  }

  private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
