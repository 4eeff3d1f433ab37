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

  /// Sets training mode (or, with false, evaluation mode) here and in all children.
  public func train(_ on: Bool = true) {
    for (_, module) in namedModules { module.isTraining = on }
  }

  /// The children with their names; a container overrides this (`Sequential`: `0`, `1`, …).
  open var ownMembers: [(name: String, value: Any)] { StoredProperties(of: self).members }

  /// The direct children with their names.
  public var namedChildren: [(name: String, module: Module)] {
    ownMembers.compactMap { member in (member.value as? Module).map { (member.name, $0) } }
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
      module.ownMembers.compactMap { member in
        guard let found = member.value as? Member, seen.insert(ObjectIdentifier(found)).inserted
        else { return nil }
        return (path.isEmpty ? member.name : "\(path).\(member.name)", found)
      }
    }
  }

  /// Moves all parameters, with their gradients, to a device (PyTorch's `Module.to`); create optimizers afterwards.
  @discardableResult
  public func to(_ device: Device) -> Self {
    for parameter in parameters { parameter.move(to: device) }
    return self
  }

  /// All parameters; a shared parameter is listed once.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }
}
