public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// An optimizer whose groups have options of type `Options`.
///
/// A custom optimizer overrides one method, ``update(_:by:_:_:)``, which updates one parameter:
///
///     final class SignDescent: TypedOptimizer<SGD.Options> {
///       override func update(
///         _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: SGD.Options
///       ) { value -= gradient.sign() * options.learningRate }
///     }
open class TypedOptimizer<Options: OptimizerOptions>: Optimizer {
  /// The options of groups for which ``addGroup(_:name:_:)`` does not change them.
  public final let defaults: Options

  /// Creates an optimizer with one group of parameters.
  ///
  /// Traps if an option is out of range.
  public init(_ parameters: [Parameter], _ options: Options = Options()) {
    defaults = options
    super.init()
    addGroup(parameters)
  }

  /// Creates an optimizer with one group of parameters, a learning rate, and the defaults of all other options.
  public init(_ parameters: [Parameter], learningRate: Double) {
    var options = Options()
    options.learningRate = learningRate
    defaults = options
    super.init()
    addGroup(parameters)
  }

  /// Adds a group of parameters, whose options are the optimizer's defaults with changes (PyTorch's `add_param_group`).
  ///
  ///     optimizer.addGroup(head.parameters) { $0.learningRate = 1e-2 }
  ///
  /// Groups can be added at any time. Traps if a parameter is already in the optimizer, or an option is out of range.
  public final func addGroup(
    _ parameters: [Parameter], name: String? = nil, _ change: (inout Options) -> Void = { _ in }
  ) {
    var options = defaults
    change(&options)
    check(options)
    var known = Set(groups.lazy.flatMap(\.parameters).map(ObjectIdentifier.init))
    for parameter in parameters where !known.insert(ObjectIdentifier(parameter)).inserted {
      fail(
        "\(type(of: self))", "a parameter of shape \(parameter.shape) twice",
        expected: "each parameter in one group, once")
    }
    checkParameters(parameters)
    groups.append(ParameterGroup(parameters, name: name, options: options))
  }

  public final override func addGroup(
    _ parameters: [Parameter], name: String? = nil, learningRate: Double
  ) { addGroup(parameters, name: name) { $0.learningRate = learningRate } }

  /// The options of each group, in their order.
  ///
  /// Setting them traps if an option is out of range, or if the number of groups differs.
  public final var options: [Options] {
    get { groups.map(options(of:)) }
    set {
      guard newValue.count == groups.count else {
        fail(
          "\(type(of: self)).options", "\(newValue.count)", expected: "\(groups.count), one a group"
        )
      }
      for (group, options) in zip(groups, newValue) {
        check(options)
        group.options = options
      }
    }
  }

  /// Updates `value` from its gradient; subclasses override this.
  ///
  /// Operations in it are not recorded. `state` holds what this method stored for the parameter in earlier steps.
  open func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    fail("update(_:by:_:_:)", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Updates a parameter that has a gradient; overridden if a kernel does all of it.
  func update(_ parameter: Parameter, _ state: inout ParameterState, _ options: Options) {
    parameter.update { value, gradient in update(&value, by: gradient, &state, options) }
  }

  /// Traps if the optimizer cannot update a parameter.
  func checkParameters(_ parameters: [Parameter]) {}

  open override func step() {
    for group in groups {
      let options = options(of: group)
      let parameters = group.parameters
      for index in parameters.indices {
        update(parameters[index], &group.states[index], options)
      }
    }
  }

  private func options(of group: ParameterGroup) -> Options {
    // In contrast to `as?`, a pattern does not look up the type of an optional of a generic type, in each step.
    switch group.options {
    case let options as Options: return options
    default:
      fail(
        "\(type(of: self))", "options of type \(type(of: group.options))",
        expected: "\(Options.self)")
    }
  }

  private func check(_ options: Options) {
    do {
      try options.require("learning_rate", options.learningRate, atLeast: 0)
      try options.validate()
    } catch { fail("\(type(of: self))", "\(error)") }
  }

  open override func loadState(_ state: [String: Tensor]) throws {
    var saved = SavedState(state, of: "\(type(of: self))")
    let states = try groups.map { group in
      let options = options(of: group)
      return try group.parameters.map { parameter in
        try saved.next(expecting: firstState(of: parameter, options))
      }
    }
    let numbers = try groups.indices.map { try saved.numbers(ofGroup: $0) }
    try saved.finish()
    for (group, (states, numbers)) in zip(groups, zip(states, numbers)) {
      group.states = states
      if let rate = numbers.learningRate { group.learningRate = rate }
      if let momentum = numbers.momentum { group.momentum = momentum }
    }
  }

  package final override var expectedStateBytes: Int {
    groups.reduce(0) { sum, group in
      let options = options(of: group)
      return group.parameters.reduce(sum) { sum, parameter in
        firstState(of: parameter, options).tensors.reduce(sum) {
          $0 + $1.elementCount * $1.dtype.byteCount
        }
      }
    }
  }

  /// The state after a first step with a gradient of 0: the names, shapes and dtypes that belong to a parameter.
  private func firstState(of parameter: Parameter, _ options: Options) -> ParameterState {
    let zero = Parameter(parameter.value.detached().zerosLike())
    zero.gradient = zero.value.detached().zerosLike()
    var state = ParameterState()
    update(zero, &state, options)
    return state
  }
}
