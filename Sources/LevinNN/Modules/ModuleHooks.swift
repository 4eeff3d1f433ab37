public import LevinTensor

/// A call of a module as its hooks see it.
public struct ForwardCall {
  /// The module that is called.
  public let module: Module
  /// Its inputs.
  public var inputs: [Tensor]
  /// Its outputs; empty before the call.
  public var outputs: [Tensor] = []

  /// The first input.
  public var input: Tensor {
    get { inputs[0] }
    set { inputs[0] = newValue }
  }
  /// The first output; traps before the call.
  public var output: Tensor {
    get { outputs[0] }
    set { outputs[0] = newValue }
  }
}

/// The backward pass through a call of a module, as its hooks see it.
public struct BackwardCall {
  /// The module that was called.
  public let module: Module
  /// The gradients of its outputs; zeros for outputs from which nothing was computed.
  public let outputGradients: [Tensor]
  /// The gradients of its inputs; nil for inputs that have none.
  public var inputGradients: [Tensor?]

  /// The gradient of the first output.
  public var outputGradient: Tensor { outputGradients[0] }
  /// The gradient of the first input; nil if it has none.
  public var inputGradient: Tensor? {
    get { inputGradients[0] }
    set { inputGradients[0] = newValue }
  }
}

/// A hook that is called along with a module, until it is removed.
public final class ModuleHook {
  private weak var module: Module?

  fileprivate init(of module: Module) { self.module = module }

  /// Removes the hook from its module.
  public func remove() {
    guard let module, let hooks = module.hooks else { return }
    hooks.before.removeAll { $0.handle === self }
    hooks.after.removeAll { $0.handle === self }
    hooks.backward.removeAll { $0.handle === self }
    if hooks.isEmpty { module.hooks = nil }
  }
}

/// The hooks of a module, in the order in which they were added.
final class ModuleHooks {
  typealias Forward = (inout ForwardCall) -> Void
  typealias Backward = (inout BackwardCall) -> Void
  var before: [(handle: ModuleHook, body: Forward)] = []
  var after: [(handle: ModuleHook, body: Forward)] = []
  var backward: [(handle: ModuleHook, body: Backward)] = []

  var isEmpty: Bool { before.isEmpty && after.isEmpty && backward.isEmpty }

  func run(
    _ module: Module, _ inputs: [Tensor], _ body: ([Tensor]) -> [Tensor]
  ) -> [Tensor] {
    var call = ForwardCall(module: module, inputs: inputs)
    for hook in before { hook.body(&call) }
    let way = backward.isEmpty ? nil : WayBack(module, backward.map(\.body))
    call.outputs = body(way?.entering(call.inputs) ?? call.inputs)
    for hook in after { hook.body(&call) }
    return way?.leaving(call.outputs) ?? call.outputs
  }
}

/// Catches the gradients of one call of a module: those of its outputs first, then those of its inputs.
private final class WayBack {
  private let module: Module
  private let hooks: [ModuleHooks.Backward]
  private var outputGradients: [Tensor] = []
  private var inputs: [Bool] = []

  init(_ module: Module, _ hooks: [ModuleHooks.Backward]) {
    (self.module, self.hooks) = (module, hooks)
  }

  func entering(_ tensors: [Tensor]) -> [Tensor] {
    inputs = tensors.map(\.requiresGradient)
    return customOperation("inputs(_:)", tensors, forward: { $0 }) { step in
      let gradients = step.gradients.enumerated().map { self.inputs[$0] ? $1 : nil }
      return self.told(gradients)
    }
  }

  func leaving(_ tensors: [Tensor]) -> [Tensor] {
    customOperation("outputs(_:)", tensors, forward: { $0 }) { step in
      self.outputGradients = step.gradients
      if !self.inputs.contains(true) { _ = self.told(self.inputs.map { _ in nil }) }
      return step.gradients
    }
  }

  private func told(_ inputGradients: [Tensor?]) -> [Tensor?] {
    var call = BackwardCall(
      module: module, outputGradients: outputGradients, inputGradients: inputGradients)
    for hook in hooks { hook(&call) }
    return call.inputGradients
  }
}

extension Module {
  /// Calls `hook` before each call of this module; it may change the inputs (PyTorch's `register_forward_pre_hook`).
  ///
  /// Layers call their hooks, and so do other modules that use ``call(with:_:)``.
  @discardableResult
  public func beforeForward(_ hook: @escaping (inout ForwardCall) -> Void) -> ModuleHook {
    adding { $0.before.append(($1, hook)) }
  }

  /// Calls `hook` after each call of this module; it may change the outputs (PyTorch's `register_forward_hook`).
  ///
  ///     var features: Tensor?
  ///     let hook = model.layer4.onForward { features = $0.output }
  ///     _ = model(image)
  ///     hook.remove()
  @discardableResult
  public func onForward(_ hook: @escaping (inout ForwardCall) -> Void) -> ModuleHook {
    adding { $0.after.append(($1, hook)) }
  }

  /// Calls `hook` in each backward pass through this module, when the gradients of its inputs are known; it may change
  /// them (PyTorch's `register_full_backward_hook`).
  ///
  /// If no input has a gradient, it is called when the gradients of the outputs are known.
  @discardableResult
  public func onBackward(_ hook: @escaping (inout BackwardCall) -> Void) -> ModuleHook {
    adding { $0.backward.append(($1, hook)) }
  }

  private func adding(_ add: (ModuleHooks, ModuleHook) -> Void) -> ModuleHook {
    let own = hooks ?? ModuleHooks()
    hooks = own
    let handle = ModuleHook(of: self)
    add(own, handle)
    return handle
  }
}
