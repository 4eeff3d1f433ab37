internal import LevinSystem

extension TensorFile {
  /// The most bytes that all arrays of a deflated archive may have together.
  private static let inflatedLimit = 16 << 30

  /// Reads an `.npy` file, whose array is called `tensor`.
  static func npy(_ file: MappedFile) throws(TensorFileError) -> TensorFile {
    let block = DataBlock(file, 0..<file.bytes.count, name: "the array")
    return TensorFile(
      path: file.path, format: .npy, entries: [try npyEntry("tensor", block, file.path)])
  }

  /// Reads an `.npz` archive.
  static func npz(_ file: MappedFile, _ archive: ZipArchive) throws(TensorFileError) -> TensorFile {
    var total = 0
    for entry in archive.entries {
      let (sum, overflow) = total.addingReportingOverflow(entry.count)
      total = sum
      guard !overflow, sum <= max(inflatedLimit, file.bytes.count) else {
        throw archive.error(
          entry.payload.lowerBound, "the arrays inflate to more than \(inflatedLimit) bytes")
      }
    }
    let entries = try archive.entries.map { entry throws(TensorFileError) in
      let name = String(entry.name.dropLast(".npy".count))
      return try npyEntry(name, entry.block(in: file), file.path)
    }
    return TensorFile(path: file.path, format: .npz, entries: entries)
  }

  private static func npyEntry(
    _ name: String, _ block: DataBlock, _ path: String
  ) throws(TensorFileError) -> Entry {
    let header = try NPYHeader(
      try block.prefix(12 + NPYHeader.lengthLimit), path: path, offset: block.offset)
    guard let (type, isBigEndian) = npyType(header.description) else {
      let kind = npyKind(header.description)
      return Entry(
        name, shape: header.shape,
        .refused(
          typeName: kind,
          TensorFileError(
            path, at: block.offset,
            "'\(name)' is an array of \(kind) ('\(header.description)'), which Levin does not read",
            advice: "Convert it to numbers before saving")))
    }
    let found = block.count - header.length
    guard let expected = type.byteCount(of: header.shape), found == expected else {
      let expected = type.byteCount(of: header.shape).map(String.init) ?? "an impossible number"
      throw header.error(
        "\(found) bytes follow the header, expected \(expected) for the shape \(header.shape)")
    }
    var strides: [Int]?
    if header.isColumnMajor {
      let reversed = StridedCopy.rowMajorStrides(of: header.shape.reversed())
      let columns = Array(reversed.reversed())
      if !StridedCopy.isRowMajor(shape: header.shape, strides: columns) { strides = columns }
    }
    return Entry(
      name, shape: header.shape,
      .readable(
        type,
        .init(block: block, start: header.length, strides: strides, isBigEndian: isBigEndian)))
  }

  private static func npyType(_ description: String) -> (ElementType, isBigEndian: Bool)? {
    guard let order = description.first, "<>|=".contains(order) else { return nil }
    let type: ElementType
    switch description.dropFirst() {
    case "b1": type = .bool
    case "u1": type = .uint8
    case "i1": type = .int8
    case "u2": type = .uint16
    case "i2": type = .int16
    case "u4": type = .uint32
    case "i4": type = .int32
    case "u8": type = .uint64
    case "i8": type = .int64
    case "f2": type = .float16
    case "f4": type = .float32
    case "f8": type = .float64
    case "c8": type = .complex64
    case "c16": type = .complex128
    case "V2": type = .bfloat16
    default: return nil
    }
    return (type, order == ">")
  }

  /// What the elements are that have no number type.
  private static func npyKind(_ description: String) -> String {
    switch description.dropFirst().first {
    case "O": "Python objects"
    case "S", "U", "a": "texts"
    case "M": "dates"
    case "m": "durations"
    case "V": "raw bytes"
    case "f", "c": "long floats"
    default: "an unknown type"
    }
  }
}
