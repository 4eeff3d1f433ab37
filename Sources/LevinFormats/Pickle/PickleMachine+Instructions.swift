extension PickleMachine {
  /// Carries out the instruction `code`, which stands at `place`.
  mutating func execute(_ code: UInt8, at place: Int) throws(TensorFileError) {
    switch code {
    // The beginning and the frames of protocol 4, whose lengths mean nothing to a reader of a whole file.
    case 0x80:
      let version = try number(UInt8.self)
      guard (2...5).contains(version) else {
        throw error("pickle protocol \(version), expected 2 to 5", at: place)
      }
    case 0x95: _ = try take(8)
    // Plain values.
    case 0x4e: try push(.none)
    case 0x88: try push(.bool(true))
    case 0x89: try push(.bool(false))
    case 0x4b: try push(.int(Int(number(UInt8.self))))
    case 0x4d: try push(.int(Int(number(UInt16.self))))
    case 0x4a: try push(.int(Int(number(Int32.self))))
    case 0x8a: try pushLong(length(UInt8.self))
    case 0x8b: try pushLong(length(Int32.self))
    case 0x47: try push(.double(Double(bitPattern: number(UInt64.self).byteSwapped)))
    case 0x58: try pushText(length(UInt32.self))
    case 0x8c: try pushText(length(UInt8.self))
    case 0x8d: try pushText(length(UInt64.self))
    case 0x42: try push(.bytes(Array(take(length(UInt32.self)))))
    case 0x43: try push(.bytes(Array(take(length(UInt8.self)))))
    case 0x8e: try push(.bytes(Array(take(length(UInt64.self)))))
    case 0x55:
      // A string of Python 2.
      let bytes = Array(try take(length(UInt8.self)))
      try push(
        bytes.allSatisfy { $0 < 128 }
          ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes))
    // Containers.
    case 0x28: try mark()
    case 0x29: try push(.tuple([]))
    case 0x85: try pushTuple(1)
    case 0x86: try pushTuple(2)
    case 0x87: try pushTuple(3)
    case 0x74: try push(.tuple(popToMark()))
    case 0x5d, 0x8f: try push(.list([]))
    case 0x91: try push(.list(popToMark()))
    case 0x7d: try push(.dictionary(PickleTree.Dictionary()))
    case 0x61: try append([pop()], at: place)
    case 0x65, 0x90: try append(popToMark(), at: place)
    case 0x73:
      let value = try pop()
      try setItems([pop(), value], at: place)
    case 0x75: try setItems(popToMark(), at: place)
    // The stack and the memo.
    case 0x30: _ = try pop()
    case 0x71: try remember(Int(number(UInt8.self)))
    case 0x72: try remember(Int(number(UInt32.self)))
    case 0x94: try remember()
    case 0x68: try recall(Int(number(UInt8.self)))
    case 0x6a: try recall(Int(number(UInt32.self)))
    // Names, and what should be done with them.
    case 0x63:
      let module = try line()
      try push(.name(PickleTree.Name(module, line())))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw error("a name is no text", at: place)
      }
      try push(.name(PickleTree.Name(checkName(module), checkName(name))))
    case 0x52, 0x81:
      let (arguments, callee) = (try pop(), try pop())
      guard case .name(let name) = callee, case .node(let index) = arguments,
        case .tuple(let members) = tree.nodes[index]
      else { throw error("what is called is no name, or its arguments are no tuple", at: place) }
      try push(code == 0x52 ? call(name, members) : make(name, members))
    case 0x62: try build(state: pop(), at: place)
    case 0x51: try push(persistent(pop(), at: place))
    default:
      throw error(
        "the pickle has the instruction 0x\(String(code, radix: 16)), which torch.save does not "
          + "write", at: place,
        advice: "Levin runs nothing, and this file is not to be opened in Python")
    }
  }

  private mutating func pushText(_ length: Int) throws(TensorFileError) {
    let bytes = try take(length)
    if let text = String(validating: bytes, as: UTF8.self) { return try push(.text(text)) }
    // Python writes single surrogates; one odd text must not cost the weights.
    try push(
      .opaque(
        .init(name: .init("", "text"), arguments: [.bytes(Array(bytes))], reason: "not UTF-8")))
  }

  private mutating func pushLong(_ length: Int) throws(TensorFileError) {
    let bytes = Array(try take(length))
    guard bytes.count <= 8 else {
      return try push(
        .opaque(
          .init(name: .init("", "int"), arguments: [.bytes(bytes)], reason: "beyond 64 bits")))
    }
    let isNegative = bytes.last.map { $0 >= 128 } ?? false
    var number = isNegative ? -1 : 0
    for byte in bytes.reversed() { number = number << 8 | Int(byte) }
    try push(.int(number))
  }

  private mutating func pushTuple(_ count: Int) throws(TensorFileError) {
    var members: [PickleTree.Value] = []
    for _ in 0..<count { members.append(try pop()) }
    try push(.tuple(members.reversed()))
  }

  private mutating func append(
    _ elements: [PickleTree.Value], at place: Int
  ) throws(TensorFileError) {
    guard case .node(let index) = try top() else { throw error("no list to append to", at: place) }
    let node = tree.nodes[index]
    // The array must be held once, or appending copies it.
    tree.nodes[index] = .tuple([])
    switch consume node {
    case .list(var list):
      list += elements
      tree.nodes[index] = .list(list)
    case .opaque(var opaque):
      opaque.elements += elements
      tree.nodes[index] = .opaque(opaque)
    default: throw error("no list to append to", at: place)
    }
  }

  private mutating func setItems(
    _ members: [PickleTree.Value], at place: Int
  ) throws(TensorFileError) {
    guard members.count.isMultiple(of: 2) else { throw error("a key without a value", at: place) }
    guard case .node(let index) = try top() else { throw error("no dictionary to fill", at: place) }
    let pairs = try stride(from: 0, to: members.count, by: 2).map { at throws(TensorFileError) in
      (key: try checkKey(members[at], at: place), value: members[at + 1])
    }
    let node = tree.nodes[index]
    tree.nodes[index] = .tuple([])
    switch consume node {
    case .dictionary(var dictionary):
      for (key, value) in pairs { dictionary[key] = value }
      tree.nodes[index] = .dictionary(dictionary)
    case .opaque(var opaque):
      opaque.items += pairs
      tree.nodes[index] = .opaque(opaque)
    default: throw error("no dictionary to fill", at: place)
    }
  }

  private func checkKey(
    _ key: PickleTree.Value, at place: Int
  ) throws(TensorFileError) -> PickleTree.Value {
    guard case .node(let index) = key else { return key }
    switch tree.nodes[index] {
    case .opaque: return key
    case .tuple(let members):
      let isPlain = members.allSatisfy { if case .node = $0 { false } else { true } }
      if isPlain { return key }
    default: break
    }
    throw error("the key of a dictionary is no plain value", at: place)
  }
}
