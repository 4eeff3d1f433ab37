public import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// An optimizer whose groups have options of type `Options`.
///
/// One of one's own overrides one method, ``update(_:by:_:_:)``, which changes one parameter:
///
///     final class SignDescent: TypedOptimizer<SGD.Options> {
///       override func update(
///         _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: SGD.Options
///       ) { value -= gradient.sign() * options.learningRate }
///     }
open class TypedOptimizer<Options: OptimizerOptions>: Optimizer {
  /// What options a group has unless ``addGroup(_:name:_:)`` changes them.
  public final let defaults: Options

  /// An optimizer of one group of parameters.
  ///
  /// Traps for options out of their ranges.
  public init(_ parameters: [Parameter], _ options: Options = Options()) {
    defaults = options
    super.init()
    addGroup(parameters)
  }

  /// An optimizer of one group of parameters, with all other options as they are by default.
  public init(_ parameters: [Parameter], learningRate: Double) {
    var options = Options()
    options.learningRate = learningRate
    defaults = options
    super.init()
    addGroup(parameters)
  }

  /// Adds a group of parameters, at any time, whose options are the optimizer's with changes (PyTorch's `add_param_group`).
  ///
  ///     optimizer.addGroup(head.parameters) { $0.learningRate = 1e-2 }
  ///
  /// Traps for a parameter that is already in the optimizer, and for options out of their ranges.
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

  /// The options of each group, in their order.
  ///
  /// Traps for options out of their ranges, and for another number of groups.
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

  /// Changes `value` by its gradient; to be overridden.
  ///
  /// Nothing is recorded inside. `state` is what this method remembered of the parameter in earlier steps.
  open func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    fail("update(_:by:_:_:)", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Changes a parameter that has a gradient; overridden where there is a kernel for all of it.
  func update(_ parameter: Parameter, _ state: inout ParameterState, _ options: Options) {
    parameter.update { value, gradient in update(&value, by: gradient, &state, options) }
  }

  /// Traps for parameters that the optimizer cannot change.
  func checkParameters(_ parameters: [Parameter]) {}

  open override func step() {
    for group in groups {
      let options = options(of: group)
      for (index, parameter) in group.parameters.enumerated() {
        update(parameter, &group.states[index], options)
      }
    }
  }

  private func options(of group: ParameterGroup) -> Options {
    guard let options = group.options as? Options else {
      fail(
        "\(type(of: self))", "options of type \(type(of: group.options))",
        expected: "\(Options.self)")
    }
    return options
  }

  private func check(_ options: Options) {
    do {
      try options.require("learning_rate", options.learningRate, atLeast: 0)
      try options.validate()
    } catch { fail("\(type(of: self))", "\(error)") }
  }

  open override func restore(_ state: [String: Tensor]) throws {
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

  /// What a step with a gradient of 0 makes of no state: the names, shapes and dtypes that belong to a parameter.
  private func firstState(of parameter: Parameter, _ options: Options) -> ParameterState {
    let zero = Parameter(parameter.value.detached().zerosLike())
    zero.gradient = zero.value.detached().zerosLike()
    var state = ParameterState()
    update(zero, &state, options)
    return state
  }
}
