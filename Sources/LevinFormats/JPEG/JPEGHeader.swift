/// The segments of a JPEG file before the first scan (ITU-T T.81, annex B).
///
/// TurboJPEG does not say where a file is damaged, and allocates what a header asks for; so the segments are checked
/// here before.
struct JPEGHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// 1 gray, 3 colours, 4 CMYK.
  private(set) var components = 0
  /// Whether the coefficients are packed arithmetically, which has no least size.
  private(set) var isArithmetic = false
  /// The orientation in the EXIF data, 1 to 8; 1 if there is none.
  private(set) var orientation = 1
  /// Where the first scan begins.
  private(set) var scan = 0

  init(_ file: [UInt8]) throws(JPEGError) {
    guard file.count >= 2, file[0] == 0xff, file[1] == 0xd8 else {
      throw JPEGError(offset: 0, problem: .notJPEG(found: Array(file.prefix(2))))
    }
    var offset = 2
    while true {
      guard offset < file.count else { throw JPEGError(offset: offset, problem: .truncated) }
      guard file[offset] == 0xff else {
        throw JPEGError(offset: offset, problem: .noMarker(found: file[offset]))
      }
      let start = offset
      // A marker may be preceded by any number of fill bytes.
      while offset < file.count, file[offset] == 0xff { offset += 1 }
      guard offset < file.count else { throw JPEGError(offset: offset, problem: .truncated) }
      let marker = file[offset]
      offset += 1
      switch marker {
      case 0x01, 0xd0...0xd7: continue
      case 0x00, 0xd8:
        throw JPEGError(offset: start, problem: .badSegment("a marker of no segment"))
      case 0xd9:
        throw JPEGError(offset: start, problem: .badSegment("the file ends without a picture"))
      default: break
      }
      guard file.count - offset >= 2 else {
        throw JPEGError(offset: file.count, problem: .truncated)
      }
      let length = Int(file[offset]) << 8 | Int(file[offset + 1])
      guard length >= 2 else {
        throw JPEGError(offset: offset, problem: .badSegment("a segment of \(length) bytes"))
      }
      guard length <= file.count - offset else {
        throw JPEGError(offset: file.count, problem: .truncated)
      }
      let data = offset + 2..<offset + length
      switch marker {
      case 0xda:
        guard width > 0 else {
          throw JPEGError(
            offset: start, problem: .badSegment("a scan before the size of the picture"))
        }
        scan = start
        return
      case 0xc0...0xc2, 0xc9, 0xca: try readFrame(file[data], marker, at: start)
      case 0xc3, 0xc5...0xc7, 0xcb, 0xcd...0xcf:
        throw JPEGError(offset: start, problem: .unsupported("lossless or hierarchical JPEG"))
      case 0xe1: orientation = EXIF.orientation(in: file[data]) ?? orientation
      default: break
      }
      offset += length
    }
  }

  private mutating func readFrame(
    _ bytes: ArraySlice<UInt8>, _ marker: UInt8, at offset: Int
  ) throws(JPEGError) {
    let data = Array(bytes)
    guard width == 0 else {
      throw JPEGError(offset: offset, problem: .badSegment("a second size of the picture"))
    }
    guard data.count >= 6, data.count >= 6 + 3 * Int(data[5]) else {
      throw JPEGError(offset: offset, problem: .badSegment("the segment of the size is too short"))
    }
    guard data[0] == 8 else {
      throw JPEGError(offset: offset, problem: .unsupported("JPEG of \(data[0]) bits"))
    }
    height = Int(data[1]) << 8 | Int(data[2])
    width = Int(data[3]) << 8 | Int(data[4])
    components = Int(data[5])
    isArithmetic = marker >= 0xc9
    guard width > 0, height > 0 else {
      throw JPEGError(
        offset: offset, problem: .badSegment("a picture of \(width)×\(height) pixels"))
    }
    guard [1, 3, 4].contains(components) else {
      throw JPEGError(
        offset: offset, problem: .badSegment("\(components) components, expected 1, 3 or 4"))
    }
  }
}

/// Exchangeable image file format: data of cameras, laid out as a TIFF file.
enum EXIF {
  /// The orientation in an APP1 segment; nil if it has none.
  static func orientation(in segment: ArraySlice<UInt8>) -> Int? {
    guard segment.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) else { return nil }
    return orientation(inTIFF: Array(segment.dropFirst(6)))
  }

  /// The orientation in the first directory of a TIFF file; nil if it has none, or is damaged.
  static func orientation(inTIFF bytes: [UInt8]) -> Int? {
    let isLittle = bytes.starts(with: [0x49, 0x49])
    guard isLittle || bytes.starts(with: [0x4d, 0x4d]) else { return nil }
    func number(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - size else { return nil }
      let digits = bytes[offset..<offset + size]
      return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      guard let tag = number(entry, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      return number(entry + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil }
    }
    return nil
  }
}
