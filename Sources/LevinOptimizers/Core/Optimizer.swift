internal import LevinSystem
public import LevinTensor

/// Updates parameters from their gradients, group by group.
///
/// All optimizers are ``TypedOptimizer``s; schedulers and training loops use this class.
open class Optimizer {
  /// The groups of parameters, each with its own options.
  public internal(set) final var groups: [ParameterGroup] = []

  init() {}

  /// The parameters of all groups, in the order in which they were given.
  public final var parameters: [Parameter] { groups.flatMap(\.parameters) }

  /// The learning rate of the first group; setting it sets that of all groups.
  public final var learningRate: Double {
    get { groups[0].learningRate }
    set { for group in groups { group.learningRate = newValue } }
  }

  /// Adds a group of parameters with the optimizer's defaults and a learning rate of its own; see
  /// ``TypedOptimizer/addGroup(_:name:_:)``.
  open func addGroup(_ parameters: [Parameter], name: String? = nil, learningRate: Double) {
    fail("addGroup(_:)", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Makes one step with all parameters that have a gradient.
  open func step() {
    fail("step()", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Calls `closure`, which computes the gradients again and returns the loss, then makes a step; ``LBFGS`` calls it several
  /// times.
  @discardableResult
  open func step(_ closure: () throws -> Tensor) rethrows -> Tensor {
    let loss = try closure()
    step()
    return loss
  }

  /// Clears all gradients.
  public final func zeroGradients() {
    for group in groups {
      for parameter in group.parameters { parameter.zeroGradient() }
    }
  }

  /// The optimizer's state under the names of PyTorch's state dictionary.
  ///
  /// Entries of parameters begin with the parameter's index (`0.exp_avg`, `0.step`); the learning rate and the momentum of
  /// each group are `param_groups.0.lr` and `param_groups.0.momentum`, in float64.
  open var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    var index = 0
    for (number, group) in groups.enumerated() {
      result["\(Self.groupPrefix)\(number).lr"] = Tensor(group.learningRate)
      if let momentum = group.momentum {
        result["\(Self.groupPrefix)\(number).momentum"] = Tensor(momentum)
      }
      for state in group.states {
        for (name, tensor) in zip(state.names, state.tensors) {
          result["\(index).\(name)"] = tensor
        }
        if state.step > 0 { result["\(index).step"] = Tensor(Float(state.step)) }
        index += 1
      }
    }
    return result
  }

  /// Restores a ``state``, from Levin or PyTorch; a group whose learning rate is not in it keeps its own.
  ///
  /// Throws ``OptimizerStateError`` and changes nothing if names, shapes or dtypes do not match.
  open func loadState(_ state: [String: Tensor]) throws {
    fail("loadState(_:)", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// The bytes that the state takes after a first step.
  package var expectedStateBytes: Int { 0 }

  static var groupPrefix: String { "param_groups." }
}
