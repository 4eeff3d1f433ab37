internal import LevinSystem

extension TensorFile {
  /// A tensor to be written: its name, type and shape, and a way to its bytes when they are needed.
  public struct Source {
    /// The name.
    public var name: String
    /// The type of the elements.
    public let elementType: ElementType
    /// The sizes of the dimensions, outermost first.
    public let shape: [Int]
    /// Equal for tensors that share their elements (tied weights), which are written once where the format can; nil if
    /// none does.
    public let identity: AnyHashable?
    /// Calls its argument once with the elements, little endian and row-major.
    let withBytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// A tensor whose elements `withBytes` passes on: little endian, row-major, and as many as the shape says.
    ///
    /// It may be called twice, once for the checksum.
    public init(
      _ name: String, _ elementType: ElementType, shape: [Int], identity: AnyHashable? = nil,
      withBytes: @escaping (_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) {
      (self.name, self.elementType, self.shape) = (name, elementType, shape)
      (self.identity, self.withBytes) = (identity, withBytes)
    }

    /// A tensor with these bytes.
    public init(_ name: String, _ elementType: ElementType, shape: [Int], bytes: [UInt8]) {
      self.init(name, elementType, shape: shape) { body in try bytes.withUnsafeBytes(body) }
    }

    /// A tensor of another file; throws if Levin does not read it.
    public init(_ entry: Entry) throws {
      let (type, layout) = try entry.readable()
      let identity: [AnyHashable] = [
        ObjectIdentifier(layout.block), layout.start, layout.strides, entry.shape, type,
      ]
      self.init(entry.name, type, shape: entry.shape, identity: identity) { body in
        try entry.withBytes(body)
      }
    }

    /// The size of the elements in bytes; traps if it is no whole number of them.
    var byteCount: Int {
      guard let count = elementType.byteCount(of: shape) else {
        fail(
          "TensorFile.write", "\(elementType.name) elements of the shape \(shape) for '\(name)'",
          expected: "a possible size")
      }
      return count
    }

    /// Calls `body` with the elements, whose number is checked.
    func pass(to body: (UnsafeRawBufferPointer) throws -> Void) throws {
      try withBytes { bytes in
        guard bytes.count == byteCount else {
          fail(
            "TensorFile.write", "\(bytes.count) bytes for '\(name)'", expected: "\(byteCount)")
        }
        try body(bytes)
      }
    }
  }
}
