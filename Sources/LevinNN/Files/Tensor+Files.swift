public import LevinFormats
public import LevinTensor

/// Reads the tensors of a file by their names (PyTorch's `torch.load`): safetensors, also of several files with an
/// index, `torch.save`, `.npy` and `.npz`; the content decides, not the name.
///
///     let weights = try load("model.pt")
///
/// Of a training's checkpoint, these are the weights; ``TensorFile`` shows everything else. Nothing in a file is
/// executed. Numbers of types that Levin lacks are widened: 8-bit floats become float32, int8 and int16 int32.
///
/// Tensors lie in the file until they are written to: the system reads it page by page. Replacing the file by renaming,
/// as `save` does, leaves them whole. If another program writes into the file, they
/// change, and if it cuts the file short, reading them ends the process, as with every mapped file.
///
/// Throws an error that says what is wrong with the file, or which tensor has no type of Levin's.
public func load(_ path: String) throws -> [String: Tensor] {
  let entries = try TensorFile(path: path).entries
  return Dictionary(
    try entries.map { ($0.name, try Tensor($0)) }, uniquingKeysWith: { _, last in last })
}

/// Writes tensors to a file in the format that the end of its name says: `.safetensors`, `.npz`, `.npy` (one tensor),
/// or `.pt`, `.pth`, `.bin` and `.ckpt`, which `torch.load(path)` opens.
///
///     try save(["a": tensor], to: "a.npz")
///
/// The file is whole or absent, and equal tensors give equal bytes.
public func save(_ tensors: [String: Tensor], to path: String) throws {
  try save(tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }, to: path)
}

/// Writes tensors in this order; names must be unique.
///
///     try save(model.stateDictionary, to: "model.pt")
public func save(_ tensors: [(name: String, tensor: Tensor)], to path: String) throws {
  try TensorFile.write(tensors.map { TensorFile.Source($0.name, $0.tensor) }, to: path)
}

extension Tensor {
  /// Reads a tensor of a file, which keeps its type if Levin has it, and is widened otherwise.
  ///
  /// Elements that the file has as Levin computes with them stay in it until they are written to, as with ``load(_:)``.
  /// Throws ``TensorFileError`` if the file is damaged, or if it has a type that Levin cannot compute with.
  public init(_ entry: TensorFile.Entry) throws {
    // Without a type that fits, reading throws what is wrong.
    let dtype = entry.elementType?.widened.flatMap(DType.init) ?? .uint8
    let isReadable = entry.elementType?.widened != nil
    if entry.elementType?.name == dtype.name, entry.byteCount > 0,
      let (bytes, owner) = try entry.bytesInPlace(),
      let tensor = Tensor(borrowing: bytes, of: owner, shape: Shape(entry.shape), dtype: dtype)
    {
      self = tensor
      return
    }
    self = try Tensor(shape: isReadable ? Shape(entry.shape) : [0], dtype: dtype) {
      try entry.readWidened(into: $0)
    }
  }
}

extension TensorFile.Source {
  /// A tensor to be written.
  public init(_ name: String, _ tensor: Tensor) {
    self.init(
      name, TensorFile.ElementType(tensor.dtype), shape: Array(tensor.shape),
      identity: tensor.shape.contains(0) ? nil : AnyHashable(tensor.identity)
    ) { body in try tensor.withUnsafeBytes(body) }
  }
}

extension TensorFile.ElementType {
  /// The type of a tensor's elements.
  public init(_ dtype: DType) {
    self =
      switch dtype {
      case .float32: .float32
      case .float64: .float64
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .bool: .bool
      case .float16: .float16
      case .bfloat16: .bfloat16
      }
  }
}

extension DType {
  /// The type that is called the same; nil if Levin does not compute with it.
  public init?(_ type: TensorFile.ElementType) {
    guard let same = Self.allCases.first(where: { $0.name == type.name }) else { return nil }
    self = same
  }
}
