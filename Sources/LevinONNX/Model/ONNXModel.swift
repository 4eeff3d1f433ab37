internal import LevinSystem
package import LevinTensor

/// A model in ONNX's terms.
package struct ONNXModel {
  /// The versions that are written: IR 8 and opset 17, of ONNX 1.12 (2022).
  package static let irVersion: Int64 = 8
  package static let opset: Int64 = 17

  /// An operator that is applied.
  package struct Node {
    package var name: String
    package var operation: String
    /// The names of values; "" for an optional one that is left out.
    package var inputs: [String]
    package var outputs: [String]
    package var attributes: [Attribute] = []
  }

  /// An argument of an operator that is not a value.
  package struct Attribute {
    package enum Value {
      case int(Int)
      case ints([Int])
      case float(Double)
      case string(String)
    }
    package let name: String
    package let value: Value

    package init(_ name: String, _ value: Value) { (self.name, self.value) = (name, value) }
  }

  /// A size: fixed, or a name for one that differs from call to call.
  package enum Size: Hashable {
    case fixed(Int)
    case named(String)
  }

  /// An input or output of the graph.
  package struct Port {
    package var name: String
    package var dtype: DType
    package var shape: [Size]
  }

  /// The name of the graph.
  package var name: String
  /// In an order in which they can be computed.
  package var nodes: [Node] = []
  /// The weights and constants.
  package var initializers: [(name: String, tensor: Tensor)] = []
  package var inputs: [Port] = []
  package var outputs: [Port] = []
  /// The properties of the model.
  package var metadata: [(key: String, value: String)] = []

  /// The version of Levin, in the file.
  package var producerVersion = LevinVersion.current

  package init(name: String) { self.name = name }
}
