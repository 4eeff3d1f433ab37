import LevinTensor

/// A call of Levin's public interface with the arguments of a case.
typealias Call = @Sendable (Case) throws -> [Tensor]

/// A name of PyTorch's suite, what users of Levin write instead, and that as a call.
struct Operation: Sendable {
  let name: String
  let spelling: String
  let call: Call
}

/// The table from PyTorch's names to Levin's, with one operation per line, in the file of its family.
///
/// A name with a variant stands for that entry only; one without stands for all entries under it that have no line of
/// their own.
let operations: [Operation] =
  arithmetic + functions + comparisons + reductions + statistics + views + joining + indexing
  + searching + products + creation + draws + activations
  + losses + distances + normalizations + pictures + linears + convolutions + poolings

/// The line of the table for an entry.
func operation(for entry: Entry) -> Operation? { byName[entry.fullName] ?? byName[entry.name] }

private let byName = Dictionary(
  operations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

// MARK: Building blocks of lines

func op(_ name: String, _ spelling: String, _ call: @escaping @Sendable (Case) throws -> Tensor)
  -> Operation
{
  Operation(name: name, spelling: spelling) { [try call($0)] }
}

func ops(_ name: String, _ spelling: String, _ call: @escaping Call) -> Operation {
  Operation(name: name, spelling: spelling, call: call)
}

/// An operation on one tensor.
func unary(_ name: String, _ spelling: String, _ call: @escaping @Sendable (Tensor) -> Tensor)
  -> Operation
{
  Operation(name: name, spelling: spelling) { [call(try $0.x)] }
}

/// An operation on two tensors.
func binary(
  _ name: String, _ spelling: String, _ call: @escaping @Sendable (Tensor, Tensor) -> Tensor
)
  -> Operation
{
  Operation(name: name, spelling: spelling) { [call(try $0.x, try $0.second)] }
}

/// An operation on two tensors, or on a tensor and a number.
func pair(
  _ name: String, _ spelling: String, _ tensors: @escaping @Sendable (Tensor, Tensor) -> Tensor,
  _ number: @escaping @Sendable (Tensor, AnyNumber) -> Tensor
) -> Operation {
  Operation(name: name, spelling: spelling) { c in
    let x = try c.x
    guard let value = c.other else { throw CaseError("no second operand") }
    if case .tensor(let other) = value { return [tensors(x, other)] }
    return [number(x, AnyNumber(number: try Case.number(value)))]
  }
}

/// A number of any kind.
struct AnyNumber: TensorNumber {
  let number: Number
}

extension Case {
  /// The second operand, whatever the suite calls it.
  var other: Value? { value("other", 0) ?? value("exponent", 0) }

  /// The second operand as a tensor.
  var second: Tensor { get throws { try asTensor(other, "other") } }

  /// A tensor, or nil if it is absent.
  func optional(_ name: String, _ place: Int) throws -> Tensor? {
    try value(name, place) == nil ? nil : tensor(name, place)
  }

  /// A bool, or `missing` if it is absent.
  func flag(_ name: String, _ place: Int, _ missing: Bool) throws -> Bool {
    try value(name, place) == nil ? missing : bool(name, place)
  }

  /// The argument `dim`, or nil if it is absent.
  func dim(_ place: Int) throws -> Int? { try int("dim", place) }
  /// The argument `dim`, one or several.
  func dims(_ place: Int) throws -> [Int] { try ints("dim", place) }
  func keeps(_ place: Int) throws -> Bool { try bool("keepdim", place) }
  func anyNumber(_ name: String, _ place: Int, _ missing: Number) throws -> AnyNumber {
    AnyNumber(number: try number(name, place) ?? missing)
  }
}
