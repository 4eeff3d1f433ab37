extension PickleMachine {
  typealias Value = PickleTree.Value

  private static let tensorTypes: Set<PickleTree.Name> = [
    .init("torch", "Tensor"), .init("torch._tensor", "Tensor"),
    .init("torch.nn.parameter", "Parameter"),
  ]

  /// What `name(arguments…)` describes: data if the name is one of those that `torch.save` writes for plain data and
  /// tensors, otherwise an opaque node.
  mutating func call(
    _ name: PickleTree.Name, _ arguments: [Value]
  ) throws(TensorFileError) -> Value {
    switch (name.module, name.name) {
    case ("torch._utils", "_rebuild_tensor_v2"): return try tensor(name, arguments)
    case ("torch._utils", "_rebuild_tensor_v3"): return try tensor(name, arguments, isUntyped: true)
    case ("torch._utils", "_rebuild_tensor"):
      guard arguments.count == 4 else { throw wrongArguments(name) }
      return try tensor(name, arguments + [.bool(false), .none])
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      guard arguments.count == (name.name == "_rebuild_parameter" ? 3 : 4),
        case .node(let index) = arguments[0]
      else { throw wrongArguments(name) }
      try checkNoHooks(arguments[2])
      switch tree.nodes[index] {
      case .tensor, .opaque: return arguments[0]
      default: throw wrongArguments(name)
      }
    case ("torch._tensor", "_rebuild_from_type_v2"):
      guard arguments.count == 4, case .name(let function) = arguments[0],
        case .name(let type) = arguments[1], let members = tuple(arguments[2])
      else { throw wrongArguments(name) }
      guard function.module == "torch._utils" else {
        throw asksFor(function)
      }
      guard Self.tensorTypes.contains(type) else { return opaque(name, arguments) }
      return try call(function, members)
    case ("collections", "OrderedDict"):
      var dictionary = PickleTree.Dictionary()
      dictionary.isOrdered = true
      guard arguments.count <= 1 else { throw wrongArguments(name) }
      if let argument = arguments.first {
        guard let pairs = list(argument) else { throw wrongArguments(name) }
        for pair in pairs {
          guard let members = tuple(pair) ?? list(pair), members.count == 2 else {
            throw wrongArguments(name)
          }
          if case .node = members[0] { throw wrongArguments(name) }
          dictionary[members[0]] = members[1]
        }
      }
      return add(.dictionary(dictionary))
    case ("collections", "Counter"):
      guard arguments.count == 1, case .node(let index) = arguments[0],
        case .dictionary(let dictionary) = tree.nodes[index]
      else { return opaque(name, arguments) }
      return add(.dictionary(dictionary))
    case ("torch", "Size"):
      guard arguments.count == 1, let sizes = integers(arguments[0]) else {
        throw wrongArguments(name)
      }
      return add(.list(sizes.map { .int($0) }))
    case ("torch", "device"):
      switch (arguments.first, arguments.count > 1 ? arguments[1] : nil, arguments.count) {
      case (.text(let kind), nil, 1): return .text(kind)
      case (.text(let kind), .int(let index), 2): return .text("\(kind):\(index)")
      default: throw wrongArguments(name)
      }
    case ("__builtin__", "set"), ("builtins", "set"), ("__builtin__", "frozenset"),
      ("builtins", "frozenset"):
      guard arguments.count == 1, let members = list(arguments[0]) else {
        throw wrongArguments(name)
      }
      return add(.list(members))
    case ("_codecs", "encode"): return .bytes(try latin1(name, arguments))
    case ("__builtin__", "bytes"), ("builtins", "bytes"):
      guard arguments.isEmpty else { return opaque(name, arguments) }
      return .bytes([])
    case ("__builtin__", "bytearray"), ("builtins", "bytearray"):
      if case .bytes? = arguments.first, arguments.count == 1 { return arguments[0] }
      if arguments.isEmpty { return .bytes([]) }
      return .bytes(try latin1(name, arguments))
    default: return opaque(name, arguments)
    }
  }

  /// What `name.__new__(name, arguments…)` describes: an opaque node.
  mutating func make(
    _ name: PickleTree.Name, _ arguments: [Value]
  ) throws(TensorFileError) -> Value {
    name == .init("collections", "OrderedDict")
      ? try call(name, arguments) : opaque(name, arguments)
  }

  /// Sets the state of what is on top of the stack.
  mutating func build(state: Value, at place: Int) throws(TensorFileError) {
    guard case .node(let index) = try top() else {
      throw error("a plain value cannot have a state", at: place)
    }
    switch tree.nodes[index] {
    case .opaque(var opaque):
      opaque.state = state
      tree.nodes[index] = .opaque(opaque)
    case .dictionary:
      // The attributes of an OrderedDict, such as the versions of modules.
      guard case .node(let state) = state, case .dictionary = tree.nodes[state] else {
        throw error("the state of a dictionary is no dictionary", at: place)
      }
    default: throw error("a list, a tuple or a tensor cannot have a state", at: place)
    }
  }

  func wrongArguments(_ name: PickleTree.Name) -> TensorFileError {
    error("\(name) has arguments that torch.save does not write", at: position - 1)
  }

  private func asksFor(_ name: PickleTree.Name) -> TensorFileError {
    error(
      "the file asks Python to call \(name)", at: position - 1,
      advice: "Levin runs nothing, and this file is not to be opened in Python")
  }

  mutating func opaque(
    _ name: PickleTree.Name, _ arguments: [Value], reason: String? = nil
  ) -> Value {
    add(.opaque(.init(name: name, arguments: arguments, reason: reason)))
  }

  func tuple(_ value: Value) -> [Value]? {
    guard case .node(let index) = value, case .tuple(let members) = tree.nodes[index] else {
      return nil
    }
    return members
  }

  func list(_ value: Value) -> [Value]? {
    guard case .node(let index) = value, case .list(let members) = tree.nodes[index] else {
      return nil
    }
    return members
  }

  /// The members of a tuple of numbers.
  func integers(_ value: Value) -> [Int]? {
    guard let members = tuple(value) else { return nil }
    let numbers = members.compactMap { if case .int(let number) = $0 { number } else { nil } }
    return numbers.count == members.count ? numbers : nil
  }

  /// Hooks must be none, or an empty dictionary.
  func checkNoHooks(_ value: Value) throws(TensorFileError) {
    if value == .none { return }
    guard case .node(let index) = value, case .dictionary(let hooks) = tree.nodes[index],
      hooks.pairs.isEmpty
    else { throw error("a tensor has hooks, which are code", at: position - 1) }
  }

  private func latin1(
    _ name: PickleTree.Name, _ arguments: [Value]
  ) throws(TensorFileError) -> [UInt8] {
    guard arguments.count == 2, case .text(let text) = arguments[0],
      arguments[1] == .text("latin1") || arguments[1] == .text("latin-1")
    else { throw wrongArguments(name) }
    let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    guard bytes.count == text.unicodeScalars.count else { throw wrongArguments(name) }
    return bytes
  }
}
