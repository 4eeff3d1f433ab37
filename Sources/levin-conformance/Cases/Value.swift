import Foundation
import LevinTensor

/// One argument or result of a case, as scripts/golden/make_conformance.py writes it.
indirect enum Value {
  case tensor(Tensor)
  case int(Int)
  case double(Double)
  case bool(Bool)
  case text(String)
  case dtype(DType)
  case list([Value])
  case tuple([Value])
  case slice(Value, Value, Value)
  case ellipsis
  case none
  /// A value that has no counterpart in Swift.
  case other(String)

  /// A tensor of more dimensions than shapes have.
  static let tooDeep = "a tensor of more than 8 dimensions"

  init(_ json: Any) throws {
    guard let json = json as? [String: Any],
      let (tag, content) = json.first(where: { !["s", "d", "st"].contains($0.key) })
    else { throw CaseError("a value without a tag") }
    switch (tag, content) {
    case ("t", let name as String):
      guard let dtype = DType(torchName: name), let sizes = json["s"] as? [Int],
        let text = json["d"] as? String, let bytes = Data(base64Encoded: text)
      else { throw CaseError("a tensor of \(name)") }
      guard sizes.count <= 8 else {
        self = .other(Self.tooDeep)
        return
      }
      let tensor = Tensor(shape: Shape(sizes), dtype: dtype) { room in bytes.copyBytes(to: room) }
      self = .tensor((json["st"] as? [Int]).map { Self.laidOut(tensor, $0) } ?? tensor)
    case ("i", let number as NSNumber): self = .int(number.intValue)
    case ("f", let text as String): self = .double(Self.number(text))
    case ("b", let flag as NSNumber): self = .bool(flag.boolValue)
    case ("text", let text as String): self = .text(text)
    case ("dtype", let name as String):
      guard let dtype = DType(torchName: name) else { throw CaseError("dtype \(name)") }
      self = .dtype(dtype)
    case ("list", let items as [Any]): self = .list(try items.map(Value.init))
    case ("tuple", let items as [Any]): self = .tuple(try items.map(Value.init))
    case ("slice", let ends as [Any]):
      self = .slice(try Value(ends[0]), try Value(ends[1]), try Value(ends[2]))
    case ("ellipsis", _): self = .ellipsis
    case ("none", _): self = .none
    case ("other", let name as String): self = .other(name)
    default: throw CaseError("a value tagged \(tag)")
    }
  }

  /// The same elements with memory laid out as `strides` says: elements along a stride of 0 are stored once, and
  /// elements are spread out if the smallest stride is not 1.
  private static func laidOut(_ x: Tensor, _ strides: [Int]) -> Tensor {
    guard x.elementCount > 0 else { return x }
    let once = strides.indices.reduce(x) { x, axis in
      strides[axis] == 0 ? x.narrowed(axis, start: 0, length: 1) : x
    }
    let order = strides.indices.sorted { strides[$0] > strides[$1] }
    let inverse = strides.indices.map { order.firstIndex(of: $0) ?? 0 }
    var memory = once.permuted(order).cloned()
    if strides.allSatisfy({ $0 > 1 }) {
      let elements = memory.flattened()
      memory = Tensor.stacked([elements, elements], dimension: 1).selected(1, 1)
        .reshaped(to: memory.shape)
    }
    return memory.permuted(inverse).expanded(to: x.shape)
  }

  private static func number(_ text: String) -> Double {
    switch text {
    case "inf": .infinity
    case "-inf": -.infinity
    case "nan": .nan
    default: Double(text) ?? .nan
    }
  }

  /// The value with each tensor in it replaced by the result of `change`.
  func map(_ change: (Tensor) -> Tensor) -> Value {
    switch self {
    case .tensor(let tensor): .tensor(change(tensor))
    case .list(let items): .list(items.map { $0.map(change) })
    case .tuple(let items): .tuple(items.map { $0.map(change) })
    default: self
    }
  }

  var tensors: [Tensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .list(let items), .tuple(let items): items.flatMap(\.tensors)
    default: []
    }
  }
}

extension DType {
  init?(torchName name: String) {
    guard let dtype = DType.allCases.first(where: { $0.name == name }) else { return nil }
    self = dtype
  }
}

/// A case cannot be read, or asks for something that the call does not offer.
struct CaseError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
