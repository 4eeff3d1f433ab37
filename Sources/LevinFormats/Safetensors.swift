/// Reading and writing safetensors files: bytes, names, shapes and dtypes, no tensors.
public struct SafetensorsFile: Sendable {
  /// One array.
  public struct Entry: Sendable, Hashable {
    /// `F32`, `F64`, `I32`, `I64`, `U8`, `BOOL`.
    public var dtype: String
    public var shape: [Int]
    /// Little endian, row-major.
    public var bytes: [UInt8]
    public init(dtype: String, shape: [Int], bytes: [UInt8]) {
      self.dtype = dtype
      self.shape = shape
      self.bytes = bytes
    }
  }
  /// The arrays in the order of the file.
  public var entries: [(name: String, entry: Entry)] = []
  /// The texts of `__metadata__`.
  public var metadata: [String: String] = [:]
  public init() {}
  /// Reads a whole file; throws ``SafetensorsError`` for anything that breaks the format's rules.
  public init(path: String) throws { fatalError("skeleton") }
  /// The bytes of the file.
  public func encoded() -> [UInt8] { fatalError("skeleton") }
}
