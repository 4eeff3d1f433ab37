internal import LevinSystem

/// Reads a pickle of protocol 2 to 5 into a tree.
///
/// It knows the instructions that occur in files of `torch.save`, and refuses all others. It never imports or calls
/// anything: what a pickle wants to be called is either one of the names that it knows as data (``call(_:_:)``), or
/// becomes an opaque node.
struct PickleMachine {
  /// How persistent ids, which stand for storages, are written.
  enum Persistence {
    /// Five members.
    case archive
    /// Six members, before PyTorch 1.6.
    case legacy
  }
  static let byteLimit = 64 << 20
  private static let valueLimit = 1 << 23
  private static let markLimit = 1000
  private static let nameLimit = 255

  let file: MappedFile
  let persistence: Persistence
  var tree = PickleTree()
  /// The storages by their keys.
  var storagePlaces: [String: Int] = [:]
  /// The bytes that all tensors describe together; views may share theirs.
  var describedBytes = 0
  private(set) var position: Int
  private var end: Int
  private var stack: [PickleTree.Value] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleTree.Value] = [:]
  private var valueCount = 0

  /// A machine for the pickle in `range` of `file`, which ends there if it is in an archive.
  init(_ file: MappedFile, _ range: Range<Int>, _ persistence: Persistence) {
    self.file = file
    self.persistence = persistence
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// Reads one pickle and returns what it describes.
  mutating func run() throws(TensorFileError) -> PickleTree.Value {
    (stack, marks, memo, valueCount) = ([], [], [:], 0)
    let start = position
    guard position < end, file.bytes[position] == 0x80 else {
      throw error("expected the first byte of a pickle, 0x80", at: position)
    }
    while true {
      if position - start > Self.byteLimit {
        throw error("the pickle is longer than \(Self.byteLimit) bytes", at: start)
      }
      let place = position
      let code = try take(1)[0]
      if code == 0x2e { break }
      try execute(code, at: place)
    }
    guard stack.count == 1, marks.isEmpty else {
      throw error("the pickle ends with \(stack.count) values, expected one", at: position - 1)
    }
    return stack[0]
  }

  // Tools of the instructions, which are in PickleMachine+Instructions.

  func error(_ problem: String, at offset: Int? = nil, advice: String? = nil) -> TensorFileError {
    TensorFileError(
      file.path, at: offset ?? position, problem,
      advice: advice ?? "Levin reads what torch.save writes; copy or download the file again")
  }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(TensorFileError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= end - position else {
      throw error("the pickle needs \(count) more bytes, but only \(end - position) are left")
    }
    defer { position += count }
    return file.bytes.part(position..<position + count)
  }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(TensorFileError) -> Number {
    try take(MemoryLayout<Number>.size).littleEndian(at: 0) ?? 0
  }

  /// A length of 1, 4 or 8 bytes.
  mutating func length(
    _ type: (some FixedWidthInteger & BitwiseCopyable).Type
  ) throws(TensorFileError) -> Int {
    let place = position
    guard let length = Int(exactly: try number(type)) else {
      throw error("an impossible length", at: place)
    }
    return length
  }

  /// A line without its end, the module or the name of something.
  mutating func line() throws(TensorFileError) -> String {
    let rest = file.bytes.part(position..<end).prefix(Self.nameLimit + 1)
    guard let length = rest.firstIndex(of: 0x0a),
      let text = String(validating: rest.prefix(length), as: UTF8.self)
    else { throw error("expected a name of at most \(Self.nameLimit) bytes") }
    position += length + 1
    return text
  }

  func checkName(_ text: String) throws(TensorFileError) -> String {
    guard text.utf8.count <= Self.nameLimit else {
      throw error("expected a name of at most \(Self.nameLimit) bytes")
    }
    return text
  }

  mutating func push(_ value: PickleTree.Value) throws(TensorFileError) {
    valueCount += 1
    guard valueCount <= Self.valueLimit else {
      throw error("the pickle has more than \(Self.valueLimit) values")
    }
    stack.append(value)
  }

  mutating func push(_ node: PickleTree.Node) throws(TensorFileError) {
    try push(add(node))
  }

  /// Adds a node to the tree.
  mutating func add(_ node: PickleTree.Node) -> PickleTree.Value {
    tree.nodes.append(node)
    return .node(tree.nodes.count - 1)
  }

  mutating func pop() throws(TensorFileError) -> PickleTree.Value {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw error("an instruction takes a value, but there is none", at: position - 1)
    }
    return value
  }

  /// The value that the next instruction works on; it stays.
  func top() throws(TensorFileError) -> PickleTree.Value {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw error("an instruction takes a value, but there is none", at: position - 1)
    }
    return value
  }

  mutating func mark() throws(TensorFileError) {
    guard marks.count < Self.markLimit else {
      throw error("the pickle has more than \(Self.markLimit) open marks", at: position - 1)
    }
    marks.append(stack.count)
  }

  mutating func popToMark() throws(TensorFileError) -> [PickleTree.Value] {
    guard let mark = marks.popLast() else {
      throw error(
        "an instruction takes the values from a mark, but there is none", at: position - 1)
    }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  mutating func remember(_ index: Int? = nil) throws(TensorFileError) {
    memo[index ?? memo.count] = try top()
  }

  mutating func recall(_ index: Int) throws(TensorFileError) {
    guard let value = memo[index] else {
      throw error("place \(index) of the memo is empty", at: position - 1)
    }
    try push(value)
  }
}
