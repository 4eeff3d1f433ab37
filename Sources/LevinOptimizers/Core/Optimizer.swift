internal import LevinSystem
public import LevinTensor

/// Changes parameters by their gradients, group by group.
///
/// All optimizers are ``TypedOptimizer``s; this class is what schedulers and a training know of them.
open class Optimizer {
  /// The groups of parameters, each with options of its own.
  public internal(set) final var groups: [ParameterGroup] = []

  init() {}

  /// The parameters of all groups, in the order that they were given.
  public final var parameters: [Parameter] { groups.flatMap(\.parameters) }

  /// The learning rate of the first group; setting it sets that of all groups.
  public final var learningRate: Double {
    get { groups[0].learningRate }
    set { for group in groups { group.learningRate = newValue } }
  }

  /// One step over all parameters that have a gradient.
  open func step() {
    fail("step()", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  /// Calls `closure`, which computes gradients anew and returns the loss, then makes a step; ``LBFGS`` calls it several times.
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

  /// What the optimizer remembers, under the names of PyTorch's state dictionary: by the parameter's index `0.exp_avg`,
  /// `0.step`; learning rate and momentum of each group as `param_groups.0.lr` and `param_groups.0.momentum`, float64.
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

  /// Puts back what ``state`` gave, here or in PyTorch; a group whose learning rate is not in it keeps its own.
  ///
  /// Throws ``OptimizerStateError`` where names, shapes or dtypes do not fit, and changes nothing then.
  open func restore(_ state: [String: Tensor]) throws {
    fail("restore(_:)", "no override in \(type(of: self))", expected: "one in each optimizer")
  }

  static var groupPrefix: String { "param_groups." }
}
