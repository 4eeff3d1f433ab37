extension TensorFile {
  /// One tensor of a file.
  public struct Entry: Sendable {
    /// Where the elements are.
    struct Layout: Sendable {
      let block: DataBlock
      /// The byte of the block at which the first element begins.
      var start = 0
      /// The distance between neighbours along each dimension, in elements; nil if they are row-major.
      var strides: [Int]?
      /// Whether the file stores the most significant byte first.
      var isBigEndian = false
    }
    enum State: Sendable {
      case readable(ElementType, Layout)
      /// The name of the type, and why Levin does not read it.
      case refused(typeName: String, TensorFileError)
    }
    /// The name.
    public internal(set) var name: String
    /// The sizes of the dimensions, outermost first.
    public let shape: [Int]
    let state: State

    init(_ name: String, shape: [Int], _ state: State) {
      (self.name, self.shape, self.state) = (name, shape, state)
    }

    /// The type of the elements; nil if Levin does not read this tensor.
    public var elementType: ElementType? {
      if case .readable(let type, _) = state { type } else { nil }
    }

    /// The name of the elements' type, such as `float32`, or the file's own word for one that Levin does not know.
    public var typeName: String {
      switch state {
      case .readable(let type, _): type.name
      case .refused(let name, _): name
      }
    }

    /// The size of all elements in bytes; 0 if Levin does not read this tensor.
    public var byteCount: Int { elementType?.byteCount(of: shape) ?? 0 }

    /// The elements, little endian and row-major, in new memory.
    ///
    /// Throws ``TensorFileError`` if the file is damaged, or if Levin does not read tensors of this kind.
    public func bytes() throws -> [UInt8] {
      var failure: (any Error)?
      let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
        do {
          try read(into: UnsafeMutableRawBufferPointer(buffer))
          count = buffer.count
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return bytes
    }

    /// The file that the tensor is in.
    var path: String {
      switch state {
      case .readable(_, let layout): layout.block.path
      case .refused(_, let error): error.path
      }
    }

    /// Reads the elements, little endian and row-major, into memory of ``byteCount`` bytes; a bool is 0 or 1.
    public func read(into memory: UnsafeMutableRawBufferPointer) throws {
      let (type, layout) = try readable()
      // Uninitialized capacity may be larger than what was asked for.
      let memory = UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
      guard !memory.isEmpty else { return }
      try layout.block.withBytes { bytes in
        if let strides = layout.strides {
          StridedCopy(shape: shape, strides: strides, width: type.bitCount / 8)
            .copy(from: bytes, at: layout.start, to: memory)
        } else {
          memory.copyMemory(from: bytes.part(layout.start..<layout.start + memory.count))
        }
      }
      if layout.isBigEndian { type.swapBytes(memory) }
      if type == .bool { for index in memory.indices where memory[index] > 1 { memory[index] = 1 } }
    }

    /// Calls `body` with the elements, little endian and row-major; they are not copied if the file has them so.
    public func withBytes<Result>(
      _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
      if let (bytes, owner) = try bytesInPlace() {
        return try withExtendedLifetime(owner) { try body(bytes) }
      }
      return try bytes().withUnsafeBytes(body)
    }

    /// The elements, little endian and row-major, where they lie in memory, and the object that keeps them there; nil
    /// if the file does not have them so.
    package func bytesInPlace() throws -> (bytes: UnsafeRawBufferPointer, owner: AnyObject)? {
      let (type, layout) = try readable()
      guard layout.strides == nil, !layout.isBigEndian, type != .bool,
        let (content, owner) = try layout.block.bytesInPlace()
      else { return nil }
      return (content.part(layout.start..<layout.start + byteCount), owner)
    }

    /// The CRC-32 of the elements, little endian and row-major: `zlib.crc32(tensor.numpy().tobytes())` in Python.
    public func checksum() throws -> UInt32 { try withBytes { CRC32.of($0) } }

    /// Whether both are the same elements of the file: tied weights.
    public func isTied(to other: Entry) -> Bool {
      guard case .readable(let type, let layout) = state,
        case .readable(let otherType, let otherLayout) = other.state
      else { return false }
      return layout.block === otherLayout.block && type == otherType && shape == other.shape
        && layout.start == otherLayout.start && layout.strides == otherLayout.strides
        && byteCount > 0
    }

    /// The type and the place of the elements; throws why Levin does not read them.
    func readable() throws(TensorFileError) -> (ElementType, Layout) {
      switch state {
      case .readable(let type, let layout): return (type, layout)
      case .refused(_, let error): throw error
      }
    }
  }
}
