/// A tree of plain data and tensors: what ``TorchFile/write(_:to:)`` saves for `torch.load`.
public indirect enum TorchValue {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case text(String)
  case list([TorchValue])
  case tuple([TorchValue])
  /// A dictionary in this order; keys are texts and whole numbers.
  case dictionary([(key: TorchValue, value: TorchValue)])
  /// An `OrderedDict`, which `state_dict()` returns.
  case orderedDictionary([(key: TorchValue, value: TorchValue)])
  case tensor(TensorFile.Source)

  /// A state dictionary.
  public static func state(_ sources: [TensorFile.Source]) -> TorchValue {
    .orderedDictionary(sources.map { (.text($0.name), .tensor($0)) })
  }
}

extension TorchValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// Python's None.
  public init(nilLiteral: ()) { self = .none }
  /// A list.
  public init(arrayLiteral elements: TorchValue...) { self = .list(elements) }
  /// A dictionary.
  public init(dictionaryLiteral elements: (TorchValue, TorchValue)...) {
    self = .dictionary(elements.map { (key: $0.0, value: $0.1) })
  }
}
