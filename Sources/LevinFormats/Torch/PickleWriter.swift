/// Writes a tree as a pickle of protocol 2 that `torch.load(weights_only=True)` reads.
///
/// The only names in it are `OrderedDict`, `_rebuild_tensor_v2` and the types of storages.
struct PickleWriter {
  private static let depthLimit = 256

  private(set) var bytes: [UInt8] = [0x80, 2]
  /// The storages in the order of their keys, `0`, `1`, ….
  private(set) var storages: [TensorFile.Source] = []
  private var places: [AnyHashable: Int] = [:]
  private let path: String

  init(path: String) { self.path = path }

  /// Adds the only value of the pickle.
  mutating func write(_ value: TorchValue) throws(TensorFileError) {
    try add(value, depth: 0)
    bytes.append(0x2e)
  }

  private mutating func add(_ value: TorchValue, depth: Int) throws(TensorFileError) {
    guard depth <= Self.depthLimit else {
      throw TensorFileError(path, "a tree of more than \(Self.depthLimit) levels")
    }
    switch value {
    case .none: bytes.append(0x4e)
    case .bool(let flag): bytes.append(flag ? 0x88 : 0x89)
    case .int(let number): add(number)
    case .double(let number):
      bytes.append(0x47)
      bytes.add(number.bitPattern.byteSwapped)
    case .text(let text): add(text)
    case .list(let elements):
      bytes.append(0x5d)
      guard !elements.isEmpty else { return }
      bytes.append(0x28)
      for element in elements { try add(element, depth: depth + 1) }
      bytes.append(0x65)
    case .tuple(let members):
      guard !members.isEmpty else { return bytes.append(0x29) }
      bytes.append(0x28)
      for member in members { try add(member, depth: depth + 1) }
      bytes.append(0x74)
    case .dictionary(let pairs):
      bytes.append(0x7d)
      try add(pairs, depth: depth)
    case .orderedDictionary(let pairs):
      addOrderedDictionary()
      try add(pairs, depth: depth)
    case .tensor(let source): try add(source)
    }
  }

  private mutating func add(
    _ pairs: [(key: TorchValue, value: TorchValue)], depth: Int
  ) throws(TensorFileError) {
    guard !pairs.isEmpty else { return }
    bytes.append(0x28)
    for (key, value) in pairs {
      switch key {
      case .text, .int: try add(key, depth: depth + 1)
      default: throw TensorFileError(path, "a key that is neither a text nor a whole number")
      }
      try add(value, depth: depth + 1)
    }
    bytes.append(0x75)
  }

  private mutating func add(_ number: Int) {
    if let number = UInt8(exactly: number) {
      bytes += [0x4b, number]
    } else if let number = UInt16(exactly: number) {
      bytes.append(0x4d)
      bytes.add(number)
    } else if let number = Int32(exactly: number) {
      bytes.append(0x4a)
      bytes.add(number)
    } else {
      // As many bytes as the number and its sign need.
      let length = (64 - (number < 0 ? ~number : number).leadingZeroBitCount) / 8 + 1
      bytes += [0x8a, UInt8(length)]
      bytes += withUnsafeBytes(of: number.littleEndian) { Array($0.prefix(length)) }
    }
  }

  private mutating func add(_ text: String) {
    bytes.append(0x58)
    bytes.add(UInt32(text.utf8.count))
    bytes += Array(text.utf8)
  }

  private mutating func addName(_ module: String, _ name: String) {
    bytes += Array("c\(module)\n\(name)\n".utf8)
  }

  private mutating func addOrderedDictionary() {
    addName("collections", "OrderedDict")
    bytes += [0x29, 0x52]
  }

  private mutating func add(_ source: TensorFile.Source) throws(TensorFileError) {
    guard let type = source.elementType.torchStorage else {
      throw TensorFileError(
        path,
        "'\(source.name)' is of the type \(source.elementType.name), for which torch.save "
          + "has no plain storage",
        advice: "Convert it, or write safetensors")
    }
    let place = source.identity.flatMap { places[$0] } ?? storages.count
    if place == storages.count {
      storages.append(source)
      if let identity = source.identity { places[identity] = place }
    }
    addName("torch._utils", "_rebuild_tensor_v2")
    bytes += [0x28, 0x28]
    add("storage")
    addName("torch", type)
    add(String(place))
    add("cpu")
    add(source.shape.reduce(1, *))
    bytes += [0x74, 0x51, 0x4b, 0]
    addTuple(source.shape)
    addTuple(StridedCopy.rowMajorStrides(of: source.shape))
    bytes.append(0x89)
    addOrderedDictionary()
    bytes += [0x74, 0x52]
  }

  private mutating func addTuple(_ numbers: [Int]) {
    guard !numbers.isEmpty else { return bytes.append(0x29) }
    bytes.append(0x28)
    for number in numbers { add(number) }
    bytes.append(0x74)
  }
}

extension TensorFile.ElementType {
  /// The class of PyTorch's storages of this type; nil if they have none of their own.
  var torchStorage: String? {
    switch self {
    case .float32: "FloatStorage"
    case .float64: "DoubleStorage"
    case .float16: "HalfStorage"
    case .bfloat16: "BFloat16Storage"
    case .int64: "LongStorage"
    case .int32: "IntStorage"
    case .int16: "ShortStorage"
    case .int8: "CharStorage"
    case .uint8: "ByteStorage"
    case .bool: "BoolStorage"
    case .complex64: "ComplexFloatStorage"
    case .complex128: "ComplexDoubleStorage"
    default: nil
    }
  }
}
