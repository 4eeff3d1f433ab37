internal import LevinSystem

extension PickleMachine {
  private static let rankLimit = 8
  private static let countLimit = 1 << 50
  /// A view that repeats elements may have this many, and otherwise no more than its storage.
  private static let repeatedLimit = 1 << 20

  private static let storageTypes = Dictionary(
    uniqueKeysWithValues: TensorFile.ElementType.allCases.compactMap { type in
      type.torchStorage.map { ($0, type) }
    })

  /// The storage, or the class, that a persistent id stands for.
  mutating func persistent(_ id: Value, at place: Int) throws(TensorFileError) -> Value {
    let members = tuple(id) ?? []
    if persistence == .legacy, members.count == 4, members[0] == .text("module"),
      case .name = members[1]
    {
      // A class with its source text, which nothing needs.
      return members[1]
    }
    guard members.count == (persistence == .archive ? 5 : 6), members[0] == .text("storage"),
      case .name(let type) = members[1], case .text(let key) = members[2], case .text = members[3],
      case .int(let count) = members[4]
    else {
      throw error(
        "a persistent id that is no storage", at: place,
        advice: "Levin runs nothing, and this file is not to be opened in Python")
    }
    if members.count == 6, members[5] != .none {
      throw error(
        "storage '\(key)' is a view of another one, as PyTorch before 0.4 wrote", at: place,
        advice: "Load the file with PyTorch and save it again")
    }
    guard (1...20).contains(key.utf8.count),
      key.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { throw error("a storage is called '\(key)', expected digits", at: place) }
    let kind: PickleTree.Storage.Kind =
      switch (type.module, type.name) {
      case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): .untyped
      case ("torch", let name), ("torch.cuda", let name):
        Self.storageTypes[name].map { .typed($0) } ?? .other(type.description)
      default: .other(type.description)
      }
    guard count >= 0, count <= Self.countLimit else {
      throw error("storage '\(key)' has \(count) elements", at: place)
    }
    let storage = PickleTree.Storage(key: key, kind: kind, count: count)
    if let known = storagePlaces[key] {
      guard tree.storages[known] == storage else {
        throw error("storage '\(key)' occurs with two types or two sizes", at: place)
      }
      return add(.storage(known))
    }
    storagePlaces[key] = tree.storages.count
    tree.storages.append(storage)
    return add(.storage(tree.storages.count - 1))
  }

  /// The tensor that `name(arguments…)` describes: storage, offset, shape, strides, whether it has a gradient, hooks,
  /// its type if the storage is untyped, and marks such as "conjugated".
  mutating func tensor(
    _ name: PickleTree.Name, _ arguments: [Value], isUntyped: Bool = false
  ) throws(TensorFileError) -> Value {
    let plainCount = isUntyped ? 7 : 6
    guard (plainCount...plainCount + 1).contains(arguments.count),
      case .node(let place) = arguments[0], case .storage(let index) = tree.nodes[place],
      case .int(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3]), case .bool = arguments[4]
    else { throw wrongArguments(name) }
    try checkNoHooks(arguments[5])
    let storage = tree.storages[index]
    let type: TensorFile.ElementType
    switch (storage.kind, isUntyped) {
    case (.typed(let own), false): type = own
    case (.untyped, true):
      guard case .name(let dtype) = arguments[6], dtype.module == "torch" else {
        throw wrongArguments(name)
      }
      guard let found = TensorFile.ElementType(rawValue: dtype.name), found.bitCount >= 8 else {
        return opaque(name, arguments, reason: "a \(dtype.name) tensor")
      }
      type = found
    case (.other(let kind), _): return opaque(name, arguments, reason: "a tensor over \(kind)")
    default: throw wrongArguments(name)
    }
    if arguments.count > plainCount, case .node(let marks) = arguments[plainCount] {
      guard case .dictionary(let marks) = tree.nodes[marks] else { throw wrongArguments(name) }
      if marks[.text("conj")] == .bool(true) {
        return opaque(name, arguments, reason: "a conjugated view")
      }
      if marks[.text("neg")] == .bool(true) {
        return opaque(name, arguments, reason: "a negated view")
      }
    }
    let width = type.bitCount / 8
    let count = storage.kind == .untyped ? storage.count / width : storage.count
    let size = try elementCount(shape, strides, from: offset, of: count)
    let (sum, overflow) = describedBytes.addingReportingOverflow(size * width)
    describedBytes = sum
    let limit = file.bytes.count.multipliedReportingOverflow(by: 4).partialValue + 16 << 20
    guard !overflow, sum <= limit else {
      throw error(
        "the tensors describe more than \(limit) bytes, four times the file", at: position - 1)
    }
    return add(
      .tensor(
        .init(storage: index, elementType: type, offset: offset, shape: shape, strides: strides)))
  }

  /// The number of elements of a view, all of which must be within the `available` ones of its storage.
  private func elementCount(
    _ shape: [Int], _ strides: [Int], from offset: Int, of available: Int
  ) throws(TensorFileError) -> Int {
    func wrong(_ what: String) -> TensorFileError {
      error(
        "a tensor of shape \(shape) and strides \(strides) \(what)", at: position - 1)
    }
    guard shape.count == strides.count else { throw wrong("has different numbers of them") }
    guard shape.count <= Self.rankLimit else {
      throw wrong("has \(shape.count) dimensions, expected at most \(Self.rankLimit)")
    }
    guard offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else {
      throw wrong("at \(offset) has a negative number")
    }
    if shape.contains(0) { return 0 }
    var (count, last) = (1, offset)
    for (size, stride) in zip(shape, strides) {
      let (product, tooMany) = count.multipliedReportingOverflow(by: size)
      let (reach, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooLarge) = last.addingReportingOverflow(reach)
      guard !tooMany, !tooFar, !tooLarge, product <= Self.countLimit else {
        throw wrong("is impossibly large")
      }
      (count, last) = (product, sum)
    }
    guard last < available else {
      throw wrong("at \(offset) ends past the \(available) elements of its storage")
    }
    guard count <= max(available, Self.repeatedLimit) else {
      throw wrong("repeats the \(available) elements of its storage too often")
    }
    return count
  }
}
