public import LevinTensor

/// The base of everything that has parameters: layers, losses, whole models.
///
/// Parameters, buffers and children are found by reflection over stored properties, superclass first, in order of
/// declaration, arrays as `layers.0`; names equal PyTorch's (`model.0.weight`).
open class Module {
  public init() {}

  /// Whether the module is in training mode (dropout, batch normalisation).
  public private(set) var isTraining = true
  /// Sets training or evaluation mode here and in all children.
  public func train(_ on: Bool = true) { fatalError("skeleton") }
  /// The direct children with their names.
  public var namedChildren: [(name: String, module: Module)] { fatalError("skeleton") }
  /// All modules below and this one, with dotted names ("" for this one).
  public var namedModules: [(name: String, module: Module)] { fatalError("skeleton") }
  /// All parameters, shared ones once, with PyTorch's dotted names.
  public var namedParameters: [(name: String, parameter: Parameter)] { fatalError("skeleton") }
  /// All parameters, shared ones once.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }
}

/// A module that maps one tensor to one tensor.
open class Layer: Module {
  /// The layer's output for `input`.
  open func forward(_ input: Tensor) -> Tensor { fatalError("\(type(of: self)) must override forward(_:)") }
  /// The layer's output for `input`.
  public final func callAsFunction(_ input: Tensor) -> Tensor { forward(input) }
}
