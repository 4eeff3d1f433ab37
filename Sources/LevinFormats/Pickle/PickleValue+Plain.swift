extension PickleValue {
  /// The value as a plain tree, for hyperparameters: objects of a few harmless classes become what they hold.
  ///
  /// A namespace becomes a dictionary, a path, date or enumeration its text or value, a NumPy scalar a number. What
  /// cannot be told is left out, with its place in ``PlainValue/dropped``.
  public var plain: PlainValue {
    var unfolding = PickleUnfolding(of: self)
    let value = unfolding.unfold(self, "", depth: 0) ?? .none
    return PlainValue(value: value, dropped: unfolding.dropped)
  }
}

/// A tree of plain data that was made of a pickle.
public struct PlainValue {
  /// The tree.
  public let value: TorchValue
  /// The places that were left out, such as `model.activation (torch.nn.modules.activation.ReLU)`.
  public let dropped: [String]
}

/// Turns what a pickle says about harmless objects into plain data.
private struct PickleUnfolding {
  private static let depthLimit = 256
  /// Shared containers could otherwise explode.
  private var budget = 1 << 20
  private(set) var dropped: [String] = []
  private let root: PickleValue

  init(of root: PickleValue) { self.root = root }

  private static let dictionaries: Set<PickleTree.Name> = [
    .init("argparse", "Namespace"), .init("types", "SimpleNamespace"),
    .init("lightning.fabric.utilities.data", "AttributeDict"),
    .init("lightning_fabric.utilities.data", "AttributeDict"),
    .init("pytorch_lightning.utilities.parsing", "AttributeDict"),
    .init("collections", "defaultdict"),
  ]
  /// Keys that LightningCLI adds for itself.
  private static let ownKeys: Set<String> = ["_instantiator", "_class_path"]

  mutating func unfold(_ value: PickleValue, _ place: String, depth: Int) -> TorchValue? {
    budget -= 1
    guard depth <= Self.depthLimit, budget > 0 else { return drop(place, "nested too deeply") }
    switch value.value {
    case .none: return TorchValue.none
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .double(let number): return .double(number)
    case .text(let text): return .text(text)
    case .bytes: return drop(place, "bytes")
    case .name(let name): return .text(name.description)
    case .node: break
    }
    switch value.node {
    case .tuple, .list: return list(value.elements ?? [], place, depth)
    case .dictionary: return dictionary(value.pairs ?? [], place, depth)
    case .opaque(let opaque): return object(opaque, value, place, depth)
    case .tensor, .storage, nil: return drop(place, "a tensor")
    }
  }

  private mutating func drop(_ place: String, _ what: String) -> TorchValue? {
    dropped.append(place.isEmpty ? what : "\(place) (\(what))")
    return nil
  }

  private mutating func list(
    _ elements: [PickleValue], _ place: String, _ depth: Int
  ) -> TorchValue {
    .list(
      elements.enumerated().compactMap {
        unfold(
          $0.element, place.isEmpty ? "\($0.offset)" : "\(place).\($0.offset)", depth: depth + 1)
      })
  }

  private mutating func dictionary(
    _ pairs: [(key: PickleValue, value: PickleValue)], _ place: String, _ depth: Int
  ) -> TorchValue {
    var result: [(key: TorchValue, value: TorchValue)] = []
    for (key, value) in pairs {
      let (name, plainKey) = plain(key)
      if Self.ownKeys.contains(name) { continue }
      let below = place.isEmpty ? name : "\(place).\(name)"
      if let value = unfold(value, below, depth: depth + 1) { result.append((plainKey, value)) }
    }
    return .dictionary(result)
  }

  /// A key's text, and the key as plain data: a whole number stays one, everything else becomes its text.
  private func plain(_ key: PickleValue) -> (name: String, key: TorchValue) {
    switch key.value {
    case .text(let text): (text, .text(text))
    case .int(let number): (String(number), .int(number))
    default: (key.description, .text(key.description))
    }
  }

  private mutating func object(
    _ opaque: PickleTree.Opaque, _ value: PickleValue, _ place: String, _ depth: Int
  ) -> TorchValue? {
    let arguments = opaque.arguments.map(value.sub)
    if Self.dictionaries.contains(opaque.name) {
      var pairs = opaque.items.map { (key: value.sub($0.key), value: value.sub($0.value)) }
      if let state = opaque.state { pairs += value.sub(state).pairs ?? [] }
      return dictionary(pairs, place, depth)
    }
    switch (opaque.name.module, opaque.name.name) {
    case ("collections", "deque"):
      return list(opaque.elements.map(value.sub), place, depth)
    case ("pathlib", "PosixPath"), ("pathlib", "PurePosixPath"), ("pathlib", "WindowsPath"),
      ("pathlib", "PureWindowsPath"), ("pathlib._local", "PosixPath"):
      let parts = arguments.compactMap(\.text)
      guard parts.count == arguments.count else { break }
      return .text(
        parts.first == "/"
          ? "/" + parts.dropFirst().joined(separator: "/") : parts.joined(separator: "/"))
    case ("numpy._core.multiarray", "scalar"), ("numpy.core.multiarray", "scalar"):
      if arguments.count == 2, let type = NumPyType(arguments[0]),
        case .bytes(let bytes) = arguments[1].value,
        let number = type.numbers(bytes)?.first
      {
        return number
      }
    case ("numpy._core.multiarray", "_reconstruct"), ("numpy.core.multiarray", "_reconstruct"):
      if let array = array(opaque, value) { return array }
    case ("datetime", "datetime"), ("datetime", "date"):
      if case .bytes(let bytes)? = arguments.first?.value, let text = Self.date(bytes) {
        return .text(text)
      }
    case ("datetime", "timedelta"):
      let numbers = arguments.compactMap(\.int)
      if numbers.count == 3, arguments.count == 3 {
        return .double(Double(numbers[0]) * 86400 + Double(numbers[1]) + Double(numbers[2]) / 1e6)
      }
    case ("decimal", "Decimal"):
      if let text = arguments.first?.text { return .text(text) }
    case ("", _), ("__builtin__", _), ("builtins", _), ("torch._utils", _): break
    default:
      // A member of an enumeration is a class with its value.
      if arguments.count == 1, opaque.state == nil, opaque.items.isEmpty, opaque.elements.isEmpty,
        !Self.isCode(opaque.name)
      {
        switch arguments[0].kind {
        case .bool, .int, .double, .text:
          return unfold(arguments[0], place, depth: depth + 1)
        default: break
        }
      }
    }
    return drop(place, opaque.name.description)
  }

  /// Whether a name is one of the system's functions, of which no enumeration has members.
  private static func isCode(_ name: PickleTree.Name) -> Bool {
    ["os", "posix", "nt", "subprocess", "sys", "runpy", "pty", "shutil"].contains(name.module)
  }

  private func array(_ opaque: PickleTree.Opaque, _ value: PickleValue) -> TorchValue? {
    guard let state = opaque.state.map(value.sub)?.elements, state.count == 5,
      let shape = state[1].elements?.compactMap(\.int), shape.count <= 64,
      let type = NumPyType(state[2]), state[3].bool == false,
      case .bytes(let bytes) = state[4].value, let numbers = type.numbers(bytes),
      numbers.count <= 4096, shape.allSatisfy({ (0...4096).contains($0) })
    else { return nil }
    var rest = numbers[...]
    func nested(_ axis: Int) -> TorchValue? {
      guard axis < shape.count else { return rest.popFirst() }
      var elements: [TorchValue] = []
      for _ in 0..<shape[axis] {
        guard let element = nested(axis + 1) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    }
    guard let result = nested(0), rest.isEmpty else { return nil }
    return result
  }

  /// `2026-01-02T03:04:05.000006`, as `isoformat()` gives it.
  private static func date(_ bytes: [UInt8]) -> String? {
    func text(_ number: Int, _ length: Int) -> String {
      String(repeating: "0", count: max(0, length - String(number).count)) + String(number)
    }
    guard bytes.count == 4 || bytes.count == 10 else { return nil }
    // The highest bit of the month marks the second of two equal times when clocks are set back.
    let month = Int(bytes[2] & 0x7f)
    let day =
      "\(text(Int(bytes[0]) << 8 | Int(bytes[1]), 4))-\(text(month, 2))-\(text(Int(bytes[3]), 2))"
    guard bytes.count == 10 else { return day }
    let time = bytes[4...6].map { text(Int($0), 2) }.joined(separator: ":")
    let microseconds = bytes[7...9].reduce(0) { $0 << 8 | Int($1) }
    return "\(day)T\(time)" + (microseconds > 0 ? ".\(text(microseconds, 6))" : "")
  }
}

/// The type of NumPy's scalars and arrays in a pickle: `dtype("f8", false, true)` with its byte order as state.
private struct NumPyType {
  private let kind: Character
  private let width: Int

  init?(_ value: PickleValue) {
    guard case .opaque(let opaque) = value.node, opaque.name == .init("numpy", "dtype"),
      case .text(let code)? = opaque.arguments.first, let kind = code.first,
      let width = Int(code.dropFirst()), "fiub".contains(kind), [1, 2, 4, 8].contains(width),
      kind != "f" || width > 1, kind != "b" || width == 1
    else { return nil }
    let order = opaque.state.map(value.sub)?.elements?.dropFirst().first?.text
    guard order == nil || order == "<" || order == "|" else { return nil }
    (self.kind, self.width) = (kind, width)
  }

  func numbers(_ bytes: [UInt8]) -> [TorchValue]? {
    guard bytes.count.isMultiple(of: width) else { return nil }
    return stride(from: 0, to: bytes.count, by: width).map { start in
      let bits = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[start + $1]) }
      let signed = Int64(bitPattern: bits << (64 - 8 * width)) >> (64 - 8 * width)
      switch (kind, width) {
      case ("b", _): return .bool(bits != 0)
      case ("f", 2): return .double(Double(Float16Bits.float(UInt16(bits))))
      case ("f", 4): return .double(Double(Float(bitPattern: UInt32(bits))))
      case ("f", _): return .double(Double(bitPattern: bits))
      case ("u", _): return Int(exactly: bits).map { .int($0) } ?? .double(Double(bits))
      default: return .int(Int(signed))
      }
    }
  }
}
