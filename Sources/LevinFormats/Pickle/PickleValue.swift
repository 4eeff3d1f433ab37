/// A value of what `torch.save` wrote, with all that is below it.
///
///     let epoch = file.content?["epoch"]?.int
///     let moment = file.content?["optimizer_states"]?[0]?["state"]?[0]?["exp_avg"]?.tensor
public struct PickleValue: Sendable {
  /// What a value is.
  public enum Kind: Sendable {
    case none, bool, int, double, text, bytes
    /// The name of a class or function, which is not imported.
    case name
    case tuple, list, dictionary, tensor
    /// Something that only Python could build, by calling its ``PickleValue/typeName``.
    case opaque
  }
  let tree: PickleTree
  let value: PickleTree.Value
  /// The blocks of the tree's storages.
  let blocks: [DataBlock]
  let path: String

  private func with(_ value: PickleTree.Value) -> PickleValue {
    PickleValue(tree: tree, value: value, blocks: blocks, path: path)
  }

  var node: PickleTree.Node? { if case .node(let index) = value { tree.nodes[index] } else { nil } }

  /// What it is.
  public var kind: Kind {
    switch value {
    case .none: return .none
    case .bool: return .bool
    case .int: return .int
    case .double: return .double
    case .text: return .text
    case .bytes: return .bytes
    case .name: return .name
    case .node(let index):
      switch tree.nodes[index] {
      case .tuple: return .tuple
      case .list: return .list
      case .dictionary: return .dictionary
      case .tensor: return .tensor
      case .storage, .opaque: return .opaque
      }
    }
  }

  /// The value under a text key of a dictionary; nil if it is no dictionary, or has no such key.
  public subscript(key: String) -> PickleValue? { self[.text(key)] }

  /// The element of a list or tuple, or the value under a whole number in a dictionary; nil if there is none.
  public subscript(index: Int) -> PickleValue? {
    guard let elements else { return self[.int(index)] }
    return elements.indices.contains(index) ? elements[index] : nil
  }

  private subscript(key: PickleTree.Value) -> PickleValue? {
    guard case .dictionary(let dictionary) = node else { return nil }
    return dictionary[key].map(with)
  }

  /// The keys and values of a dictionary in its order; nil if it is none.
  public var pairs: [(key: PickleValue, value: PickleValue)]? {
    guard case .dictionary(let dictionary) = node else { return nil }
    return dictionary.pairs.map { (with($0.key), with($0.value)) }
  }

  /// The elements of a list or a tuple; nil if it is neither.
  public var elements: [PickleValue]? {
    switch node {
    case .tuple(let members), .list(let members): members.map(with)
    default: nil
    }
  }

  /// The number, if it is whole and has 64 bits.
  public var int: Int? { if case .int(let number) = value { number } else { nil } }
  /// The number, whole or not.
  public var double: Double? {
    switch value {
    case .double(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }
  /// The truth value.
  public var bool: Bool? { if case .bool(let flag) = value { flag } else { nil } }
  /// The text.
  public var text: String? { if case .text(let text) = value { text } else { nil } }
  /// Whether it is Python's None.
  public var isNone: Bool { value == .none }
  /// The tensor; its name is empty.
  public var tensor: TensorFile.Entry? { entry("") }

  /// The name that Python would call or import to build an opaque value, such as `pathlib.PosixPath`; nil for others.
  public var typeName: String? {
    switch (value, node) {
    case (.name(let name), _): name.description
    case (_, .opaque(let opaque)): opaque.name.description
    default: nil
    }
  }

  /// The tensor under a name, or one that is refused by its kind; nil if this is neither.
  func entry(_ name: String) -> TensorFile.Entry? {
    switch node {
    case .tensor(let view):
      let width = view.elementType.bitCount / 8
      let isRowMajor = StridedCopy.isRowMajor(shape: view.shape, strides: view.strides)
      return TensorFile.Entry(
        name, shape: view.shape,
        .readable(
          view.elementType,
          .init(
            block: blocks[view.storage], start: view.offset * width,
            strides: isRowMajor ? nil : view.strides)))
    case .opaque(let opaque):
      guard let kind = opaque.tensorKind else { return nil }
      let shown = name.isEmpty ? "a value" : "'\(name)'"
      let error = TensorFileError(
        path, "\(shown) is \(kind.what) (\(opaque.name)), which Levin does not read",
        advice: kind.advice)
      return TensorFile.Entry(name, shape: [], .refused(typeName: kind.what, error))
    default: return nil
    }
  }

  func sub(_ value: PickleTree.Value) -> PickleValue { with(value) }
}

extension PickleTree.Opaque {
  /// What kind of tensor it is, and what to do about it; nil if it is no tensor.
  var tensorKind: (what: String, advice: String)? {
    if let reason, reason.hasPrefix("a ") {
      return (reason, "Save tensor.resolve_conj().resolve_neg(), of a common type")
    }
    guard name.module == "torch._utils" else { return nil }
    return switch name.name {
    case "_rebuild_qtensor": ("a quantized tensor", "Call dequantize() before saving")
    case "_rebuild_sparse_tensor": ("a sparse tensor", "Call to_dense() before saving")
    case "_rebuild_nested_tensor":
      ("a nested tensor", "Call to_padded_tensor() before saving")
    case "_rebuild_meta_tensor_no_storage":
      ("a tensor of the device 'meta', without values", "Save it from another device")
    case "_rebuild_wrapper_subclass", "_rebuild_device_tensor_from_numpy",
      "_rebuild_device_tensor_from_cpu_tensor":
      ("a tensor of a special device or class", "Save tensor.cpu()")
    default: nil
    }
  }
}
