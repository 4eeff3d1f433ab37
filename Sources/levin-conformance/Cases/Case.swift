import LevinTensor

/// A call of PyTorch and its results.
struct Case {
  var input: Value
  var arguments: [Value]
  var keywords: [(name: String, value: Value)]
  let dtype: DType
  let outputs: [Tensor]
  let types: [DType]
  let deviations: [Double]
  let cotangents: [Tensor]
  let gradients: [Tensor?]
  let gradientDeviations: [Double]
  /// The positions, among the floats of the call, of those that PyTorch does not differentiate: class weights,
  /// statistics.
  let constants: [Int]
  /// The uniform number that PyTorch draws after the call, which was seeded with 42.
  let next: Double?

  init(_ json: [String: Any]) throws {
    guard let input = json["input"], let arguments = json["args"] as? [Any],
      let keywords = json["kwargs"] as? [[Any]], let name = json["dtype"] as? String,
      let dtype = DType(torchName: name), let outputs = json["out"] as? [Any],
      let types = json["types"] as? [String], let deviations = json["dev"] as? [Double]
    else { throw CaseError("a case that lacks a part") }
    self.input = try Value(input)
    self.arguments = try arguments.map(Value.init)
    self.keywords = try keywords.map { pair in
      guard pair.count == 2, let name = pair[0] as? String else { throw CaseError("a keyword") }
      return (name, try Value(pair[1]))
    }
    self.dtype = dtype
    self.outputs = try outputs.map { try Value($0).tensors.first ?? Tensor(Float.nan) }
    self.types = types.compactMap(DType.init(torchName:))
    self.deviations = deviations
    cotangents = try (json["cot"] as? [Any] ?? []).flatMap { try Value($0).tensors }
    gradients = try (json["grads"] as? [Any] ?? []).map { try Value($0).tensors.first }
    gradientDeviations = json["gdev"] as? [Double] ?? []
    constants = json["constants"] as? [Int] ?? []
    next = (json["next"] as? String).flatMap(Double.init)
  }

  /// All tensors in the order of the call.
  var tensors: [Tensor] {
    input.tensors + arguments.flatMap(\.tensors) + keywords.flatMap(\.value.tensors)
  }

  /// The case with each tensor replaced by the result of `change`.
  func map(_ change: (Tensor) -> Tensor) -> Case {
    var result = self
    result.input = input.map(change)
    result.arguments = arguments.map { $0.map(change) }
    result.keywords = keywords.map { ($0.name, $0.value.map(change)) }
    return result
  }
}

/// How an entry of the table reads its arguments: by position or by name, as in Python.
extension Case {
  func value(_ name: String, _ place: Int) -> Value? {
    if let keyword = keywords.first(where: { $0.name == name }) {
      if case .none = keyword.value { return nil }
      return keyword.value
    }
    guard place < arguments.count, place >= 0 else { return nil }
    if case .none = arguments[place] { return nil }
    return arguments[place]
  }

  /// The input, which is a tensor.
  var x: Tensor {
    get throws { try asTensor(input, "input") }
  }

  /// The input, which is a list of tensors.
  var list: [Tensor] { input.tensors }

  func asTensor(_ value: Value?, _ name: String) throws -> Tensor {
    switch value {
    case .tensor(let tensor): tensor
    case .int(let number): Tensor(number)
    // A number does not make a float64 unless a tensor beside it is one.
    case .double(let number):
      tensors.contains { $0.dtype == .float64 } ? Tensor(number) : Tensor(Float(number))
    case .bool(let flag): Tensor(flag)
    default: throw CaseError("\(name) is no tensor")
    }
  }

  func tensor(_ name: String, _ place: Int) throws -> Tensor {
    guard case .tensor(let tensor) = value(name, place) else {
      throw CaseError("\(name) is no tensor")
    }
    return tensor
  }

  static func number(_ value: Value) throws -> Number {
    switch value {
    case .int(let number): number.number
    case .double(let number): number.number
    case .bool(let flag): flag.number
    default: throw CaseError("no number")
    }
  }

  func number(_ name: String, _ place: Int) throws -> Number? {
    try value(name, place).map(Self.number)
  }

  func int(_ name: String, _ place: Int) throws -> Int? {
    switch value(name, place) {
    case nil: nil
    case .int(let number): number
    default: throw CaseError("\(name) is no integer")
    }
  }

  func double(_ name: String, _ place: Int) throws -> Double? {
    try number(name, place)?.double
  }

  func bool(_ name: String, _ place: Int) throws -> Bool {
    switch value(name, place) {
    case nil: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    default: throw CaseError("\(name) is no truth value")
    }
  }

  func text(_ name: String, _ place: Int) throws -> String? {
    if case .text(let text) = value(name, place) { text } else { nil }
  }

  func dtype(_ name: String, _ place: Int) throws -> DType? {
    if case .dtype(let dtype) = value(name, place) { dtype } else { nil }
  }

  /// Integers: a list, a single one, or, with `rest`, all arguments from `place` on.
  func ints(_ name: String, _ place: Int, rest: Bool = false) throws -> [Int] {
    if rest, place < arguments.count, case .int = arguments[place] {
      return try arguments[place...].map {
        guard case .int(let number) = $0 else { throw CaseError("\(name) is no integer") }
        return number
      }
    }
    return try value(name, place).map(Self.ints) ?? []
  }

  static func ints(_ value: Value) throws -> [Int] {
    switch value {
    case .int(let number): return [number]
    case .list(let items), .tuple(let items):
      return try items.map {
        guard case .int(let number) = $0 else { throw CaseError("no integer") }
        return number
      }
    default: throw CaseError("no list of integers")
    }
  }

  /// The sizes of a shape.
  static func sizes(_ value: Value) throws -> [Int] { try ints(value) }
}
