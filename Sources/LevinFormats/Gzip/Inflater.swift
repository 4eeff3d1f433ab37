internal import CLevinDeflate
internal import CZlib

/// zlib's inflater for compressed data in memory.
///
/// A class, because zlib needs a fixed address.
final class Inflater {
  /// What surrounds the compressed data, as zlib's window bits: 15 is the largest window.
  enum Wrapping: Int32 {
    /// The header and trailer of gzip.
    case gzip = 31
    /// The header and trailer of zlib, as in PNG files.
    case zlib = 15
    /// Nothing, as in zip archives.
    case none = -15
  }

  /// Inflates `packed` to `output` with the system's libdeflate, in a third of zlib's time.
  ///
  /// Returns false, with any content in `output`, if there is no libdeflate; and unless `packed` is one whole stream that
  /// fills `output` and matches its checksum, with nothing after it. zlib can then read it, or say what is wrong.
  static func inflateAtOnce(
    _ packed: UnsafeBufferPointer<UInt8>, _ wrapping: Wrapping,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    guard let start = packed.baseAddress, let place = output.baseAddress else { return false }
    let kind =
      switch wrapping {
      case .gzip: LevinDeflateGzip
      case .zlib: LevinDeflateZlib
      case .none: LevinDeflateBare
      }
    return levin_inflate(kind, start, packed.count, place, output.count)
  }

  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input: UnsafeBufferPointer<UInt8>
  private var status: Int32

  /// An inflater of `input`, which must outlive it.
  ///
  /// Unless it is checking, the checksums of gzip's header and trailer and the length are not compared.
  init(_ input: UnsafeBufferPointer<UInt8>, _ wrapping: Wrapping, isChecking: Bool = true) {
    self.input = input
    stream.initialize(to: z_stream())
    // zlib only reads the input, but its field is not const.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    status = inflateInit2_(
      stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status == Z_OK, !isChecking { status = inflateValidate(stream, 0) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Fills `output` as far as the data reaches, and returns the number of bytes.
  func inflate(into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    // Without memory for zlib's own state nothing can be read.
    guard status == Z_OK else { return 0 }
    let capacity = UInt32(clamping: output.count)
    stream.pointee.avail_in = UInt32(clamping: input.count - consumed)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = capacity
    status = CZlib.inflate(stream, Z_SYNC_FLUSH)
    return Int(capacity - stream.pointee.avail_out)
  }

  /// Fills `output`, also one of more than 4 GiB, as far as the data reaches, and returns the number of bytes.
  func fill(_ output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var filled = 0
    while canGoOn, filled < output.count {
      let count = inflate(into: UnsafeMutableBufferPointer(rebasing: output[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Continues with another member, which begins at byte `offset`.
  func beginMember(at offset: Int) {
    let skipped = offset - consumed
    stream.pointee.next_in = stream.pointee.next_in.map { $0 + skipped }
    status = inflateReset(stream)
  }

  /// Whether the end of the member was reached and, if the inflater is checking, its checksum and length match.
  var hasEnded: Bool { status == Z_STREAM_END }
  /// Whether another call can return more.
  var canGoOn: Bool { status == Z_OK }
  /// The number of input bytes consumed.
  var consumed: Int {
    guard let start = input.baseAddress, let next = stream.pointee.next_in else { return 0 }
    return UnsafePointer(next) - start
  }
  /// zlib's message; empty if nothing is wrong.
  var message: String { stream.pointee.msg.map { String(cString: $0) } ?? "" }
}
