internal import LevinSystem

/// Writing NumPy's formats.
enum NPY {
  /// Writes an `.npy` file.
  static func write(_ source: TensorFile.Source, to path: String) throws {
    let header = try header(of: source, path)
    var file = try ReplacementFile(path)
    try header.withUnsafeBytes { try file.write($0) }
    try source.pass { try file.write($0) }
    try file.finish()
  }

  /// Writes an `.npz` archive, not compressed.
  static func writeArchive(_ sources: [TensorFile.Source], to path: String) throws {
    var archive = try ZipWriter(path)
    for source in sources {
      let header = try header(of: source, path)
      try archive.add(source.name + ".npy", size: header.count + source.byteCount) { write in
        try header.withUnsafeBytes(write)
        try source.pass(to: write)
      }
    }
    try archive.finish()
  }

  /// Version 1.0, padded so that the elements begin at a multiple of 64.
  private static func header(
    of source: TensorFile.Source, _ path: String
  ) throws(TensorFileError) -> [UInt8] {
    guard let description = source.elementType.npyDescription else {
      throw TensorFileError(
        path, "'\(source.name)' is of the type \(source.elementType.name), which NumPy lacks",
        advice: "Convert it to float32")
    }
    let sizes = source.shape.map(String.init)
    let shape = sizes.count == 1 ? "(\(sizes[0]),)" : "(\(sizes.joined(separator: ", ")))"
    var text = "{'descr': '\(description)', 'fortran_order': False, 'shape': \(shape), }"
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: padding) + "\n"
    var header = NPYHeader.magic + [1, 0]
    header.add(UInt16(text.utf8.count))
    return header + Array(text.utf8)
  }
}

extension TensorFile.ElementType {
  /// What NumPy calls it, such as `<f4`; nil if NumPy has no such type.
  ///
  /// bfloat16 is `<V2`, as the package ml_dtypes and PyTorch write it.
  var npyDescription: String? {
    switch self {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int8: "|i1"
    case .uint16: "<u2"
    case .int16: "<i2"
    case .float16: "<f2"
    case .bfloat16: "<V2"
    case .uint32: "<u4"
    case .int32: "<i4"
    case .float32: "<f4"
    case .uint64: "<u8"
    case .int64: "<i8"
    case .float64: "<f8"
    case .complex64: "<c8"
    case .complex128: "<c16"
    default: nil
    }
  }
}
