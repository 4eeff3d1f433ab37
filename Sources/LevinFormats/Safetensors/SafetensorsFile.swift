/// The content of a safetensors file: names, dtypes, shapes and bytes, not tensors
/// (https://github.com/huggingface/safetensors, "Format").
public struct SafetensorsFile: Sendable {
  /// One array.
  public struct Entry: Sendable, Hashable {
    /// `F32`, `F64`, `I32`, `I64`, `U8`, `BOOL`, … (``TensorFile/ElementType/safetensorsName``).
    public var dtype: String
    /// The sizes of the dimensions, outermost first.
    public var shape: [Int]
    /// The elements, little endian, row-major.
    public var bytes: [UInt8]
    /// An array with these bytes.
    public init(dtype: String, shape: [Int], bytes: [UInt8]) {
      self.dtype = dtype
      self.shape = shape
      self.bytes = bytes
    }
  }
  /// The arrays in the order of the file.
  public var entries: [(name: String, entry: Entry)] = []
  /// The strings in `__metadata__`.
  public var metadata: [String: String] = [:]

  /// A file without arrays.
  public init() {}

  /// The array called `name`; nil if there is none.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name }?.entry }
}
