internal import LevinSystem
public import LevinTensor

/// The base of everything that has parameters: layers, losses, whole models.
///
/// Parameters, buffers and children are the stored properties of those types, found by reflection at each access:
/// superclass first, in order of declaration. Shared ones are listed once. Elements of arrays are named `layers.0`,
/// those of dictionaries `layers.key` in the order of the keys, those of tuples and structs by their labels; lazy and
/// wrapped properties by their own names. Names equal PyTorch's (`model.0.weight`).
///
/// A lazy property of such a type must be built before that: it traps otherwise, since its parameters
/// would be neither trained nor saved.
open class Module {
  /// Creates a module in training mode.
  public init() {}

  /// Whether the module is in training mode, for layers that behave differently in training.
  public private(set) var isTraining = true

  /// The hooks that are called along with this module; nil if there are none.
  final var hooks: ModuleHooks?

  /// Sets training mode (or, with false, evaluation mode) here and in all children.
  @discardableResult
  public func train(_ on: Bool = true) -> Self {
    for (_, module) in namedModules { module.isTraining = on }
    return self
  }

  /// Sets evaluation mode here and in all children.
  @discardableResult
  public func eval() -> Self { train(false) }

  /// Calls `body` with all modules: children before their parents, this one last, and shared ones once (PyTorch's
  /// `apply`).
  ///
  ///     model.apply { module in
  ///       if let linear = module as? Linear { linear.weight.assign(Init.xavierUniform(linear.weight.shape)) }
  ///     }
  @discardableResult
  public func apply(_ body: (Module) throws -> Void) rethrows -> Self {
    var seen: Set<ObjectIdentifier> = []
    func visit(_ module: Module) throws {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      for child in module.namedChildren { try visit(child.module) }
      try body(module)
    }
    try visit(self)
    return self
  }

  /// The modules, parameters and buffers directly in this module, with their names; containers override this
  /// (`Sequential`: `0`, `1`, …).
  open var namedMembers: [(name: String, value: Any)] { StoredProperties(of: self).members }

  /// The direct children with their names.
  public var namedChildren: [(name: String, module: Module)] {
    namedMembers.compactMap { member in (member.value as? Module).map { (member.name, $0) } }
  }

  /// This module (named "") and all modules below it, with dotted names; a shared module is listed once.
  public var namedModules: [(name: String, module: Module)] {
    var seen: Set<ObjectIdentifier> = []
    var found: [(String, Module)] = []
    func visit(_ module: Module, _ name: String) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      found.append((name, module))
      for child in module.namedChildren {
        visit(child.module, name.isEmpty ? child.name : "\(name).\(child.name)")
      }
    }
    visit(self, "")
    return found
  }

  /// All parameters with PyTorch's dotted names; a shared parameter is listed once.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    named(Parameter.self).map { ($0.name, $0.member) }
  }

  /// All buffers, persistent or not, with PyTorch's dotted names; a shared buffer is listed once.
  public var namedBuffers: [(name: String, buffer: Buffer)] {
    named(Buffer.self).map { ($0.name, $0.member) }
  }

  private func named<Member: AnyObject>(_ type: Member.Type) -> [(name: String, member: Member)] {
    var seen: Set<ObjectIdentifier> = []
    return namedModules.flatMap { path, module in
      module.namedMembers.compactMap { member in
        guard let found = member.value as? Member, seen.insert(ObjectIdentifier(found)).inserted
        else { return nil }
        return (path.isEmpty ? member.name : "\(path).\(member.name)", found)
      }
    }
  }

  /// All parameters; a shared parameter is listed once.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// Whether any parameter here or below requires a gradient; setting it sets all of them (PyTorch's `requires_grad_`).
  ///
  /// Running statistics of normalizations still change in training mode; ``eval()`` stops that.
  public var requiresGradient: Bool {
    get { parameters.contains(where: \.requiresGradient) }
    set { for parameter in parameters { parameter.requiresGradient = newValue } }
  }

  /// Moves all parameters, with their gradients, and all buffers to a device (PyTorch's `Module.to`); create optimizers
  /// afterwards.
  @discardableResult
  public func to(_ device: Device) -> Self {
    for parameter in parameters { parameter.move(to: device) }
    for (_, buffer) in namedBuffers { buffer.move(to: device) }
    return self
  }

  /// Converts all parameters, with their gradients, and the floating-point buffers to a floating-point dtype (PyTorch's
  /// `Module.to`); create optimizers afterwards.
  ///
  /// Traps if the dtype is not a floating-point one.
  @discardableResult
  public func to(_ dtype: DType) -> Self {
    guard dtype.isFloatingPoint else {
      fail(
        "\(type(of: self)).to(_:)", "dtype \(dtype.name)",
        expected: "a floating-point dtype, for parameters have gradients")
    }
    for parameter in parameters { parameter.convert(to: dtype) }
    for (_, buffer) in namedBuffers where buffer.dtype.isFloatingPoint { buffer.convert(to: dtype) }
    return self
  }
}
