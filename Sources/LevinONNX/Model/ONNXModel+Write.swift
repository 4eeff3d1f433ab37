internal import LevinSystem
internal import LevinTensor

extension ONNXModel {
  /// From how many bytes of initializers on there is a second file: 1.5 GiB, since a file of 2 GiB cannot be read.
  package static let externalDataThreshold = 3 << 29
  /// From how many bytes on an initializer of a large model lies in the file beside it.
  private static let leastExternal = 1 << 10
  /// Data in that file begins at multiples of this, so that it can be mapped.
  private static let alignment = 4096

  /// Writes the model to `path`; if its initializers have `externalDataThreshold` bytes or more, their data goes into a
  /// second file, the path with `.data` behind it.
  ///
  /// Each file is whole or absent.
  package func write(to path: String, externalDataThreshold: Int = Self.externalDataThreshold)
    throws
  {
    let sizes = initializers.map { $0.tensor.elementCount * $0.tensor.dtype.byteCount }
    let isLarge = sizes.reduce(0, +) >= externalDataThreshold
    let isExternal = sizes.map { isLarge && $0 >= Self.leastExternal }
    let dataFile = path + ".data"
    let name = String(dataFile.split(separator: "/").last ?? "")
    var offsets: [Int] = []
    var end = 0
    for (size, isExternal) in zip(sizes, isExternal) {
      if isExternal { end = (end + Self.alignment - 1) / Self.alignment * Self.alignment }
      offsets.append(end)
      if isExternal { end += size }
    }
    if end > 0 {
      var file = try ReplacementFile(dataFile)
      let zeros = [UInt8](repeating: 0, count: Self.alignment)
      var written = 0
      for index in initializers.indices where isExternal[index] {
        try zeros.withUnsafeBytes {
          try file.write(UnsafeRawBufferPointer(rebasing: $0[..<(offsets[index] - written)]))
        }
        try initializers[index].tensor.withUnsafeBytes { try file.write($0) }
        written = offsets[index] + sizes[index]
      }
      try file.finish()
    }
    let inside = initializers.indices.filter { !isExternal[$0] }
    try withBytes(of: inside[...].map { initializers[$0].tensor }[...]) { bytes in
      var bytes = bytes[...]
      let places = initializers.indices.map { index in
        isExternal[index]
          ? DataPlace.external(file: name, offset: offsets[index], length: sizes[index])
          : .inside(bytes.removeFirst())
      }
      try write(places, to: path)
    }
  }

  /// The bytes of the model's file, with all data in it.
  package func encoded() -> [UInt8] {
    var result: [UInt8] = []
    withBytes(of: initializers.map(\.tensor)[...]) { bytes in
      ModelEncoder().encode(self, bytes.map { .inside($0) }) { result += $0 }
    }
    return result
  }

  private func write(_ places: [DataPlace], to path: String) throws {
    let output = Output(try ReplacementFile(path))
    ModelEncoder().encode(self, places) { output.write($0) }
    try output.finish()
  }

  /// Calls `body` with the elements of all tensors.
  private func withBytes<Result>(
    of tensors: ArraySlice<Tensor>, _ before: [UnsafeRawBufferPointer] = [],
    _ body: ([UnsafeRawBufferPointer]) throws -> Result
  ) rethrows -> Result {
    guard let first = tensors.first else { return try body(before) }
    return try first.withUnsafeBytes {
      try withBytes(of: tensors.dropFirst(), before + [$0], body)
    }
  }
}

/// A file that is written by a function that cannot throw.
private final class Output {
  private var file: ReplacementFile?
  private var error: (any Error)?

  init(_ file: consuming ReplacementFile) { self.file = consume file }

  func write(_ bytes: UnsafeRawBufferPointer) {
    guard error == nil else { return }
    do { try file?.write(bytes) } catch { self.error = error }
  }

  func finish() throws {
    if let error { throw error }
    try file.take()?.finish()
  }
}
