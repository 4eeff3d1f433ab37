internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// L-BFGS (Nocedal 1980; after Schmidt's minFunc), as `torch.optim.LBFGS`.
///
/// A step computes the loss several times, so ``step(_:)`` takes a closure that clears the gradients, computes the loss and
/// the gradients again, and returns the loss. All parameters are in one group, have one dtype, and are on one device.
public final class LBFGS: TypedOptimizer<LBFGS.Options> {
  /// The options of ``LBFGS``.
  public struct Options: OptimizerOptions {
    /// How far a step goes.
    public var learningRate = 1.0
    /// The maximum number of iterations in a step.
    public var maxIterations = 20
    /// The maximum number of times that a step computes the loss; nil: 1.25 times ``maxIterations``.
    public var maxEvaluations: Int?
    /// A step ends when no element of the gradient is larger than this.
    public var toleranceGradient = 1e-7
    /// A step ends when the loss or the parameters change by less than this.
    public var toleranceChange = 1e-9
    /// The number of earlier steps and gradients that are kept.
    public var historySize = 100
    /// How the length of an iteration is found; nil: it is the learning rate.
    public var lineSearch: LineSearch?

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1, maxIterations: Int = 20, maxEvaluations: Int? = nil,
      toleranceGradient: Double = 1e-7, toleranceChange: Double = 1e-9, historySize: Int = 100,
      lineSearch: LineSearch? = nil
    ) {
      self.learningRate = learningRate
      self.maxIterations = maxIterations
      self.maxEvaluations = maxEvaluations
      self.toleranceGradient = toleranceGradient
      self.toleranceChange = toleranceChange
      self.historySize = historySize
      self.lineSearch = lineSearch
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("max_iterations", maxIterations, atLeast: 1)
      try require("max_evaluations", maxEvaluations ?? 1, atLeast: 1)
      try require("history_size", historySize, atLeast: 1)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate,
      "max_iterations": "How many iterations a step has at most.",
      "max_evaluations":
        "How often a step computes the loss at most; null: 1.25 times as often as it iterates.",
      "tolerance_gradient": "A step ends where no element of the gradient is larger.",
      "tolerance_change": "A step ends where loss or parameters change by less.",
      "history_size": "How many earlier steps and gradients are kept.",
      "line_search": "How the length of an iteration is found; null: it is the learning rate.",
    ]
  }

  /// How the length of an iteration is found (PyTorch's `line_search_fn`).
  public enum LineSearch: String, Codable, CaseIterable, Sendable {
    case strongWolfe = "strong_wolfe"
  }

  /// The state between iterations; vectors are all parameters one after another.
  private struct Memory {
    var evaluations = 0
    var iterations = 0
    var direction: Tensor?
    var length = 0.0
    /// Changes of the gradient, changes of the parameters, and 1 over their product, oldest first.
    var history: [(gradient: Tensor, step: Tensor, inverse: Double)] = []
    var scale = 1.0
    var gradient: Tensor?
    var loss = 0.0
  }
  private var memory = Memory()

  override func checkParameters(_ parameters: [Parameter]) {
    guard groups.isEmpty else {
      fail("LBFGS", "a second group of parameters", expected: "all parameters in one group")
    }
  }

  public override func step() {
    fail(
      "LBFGS.step()", "no closure", expected: "one that computes loss and gradients",
      hint: "call step { … }")
  }

  @discardableResult
  public override func step(_ closure: () throws -> Tensor) rethrows -> Tensor {
    let options = options[0]
    let mostEvaluations = options.maxEvaluations ?? options.maxIterations * 5 / 4
    let first = try closure()
    var evaluations = 1
    memory.evaluations += 1
    var point = Point(loss: first.item(), gradient: flatGradient())
    if point.steepest <= options.toleranceGradient { return first }

    for iteration in 1...options.maxIterations {
      let direction = nextDirection(point.gradient, historySize: options.historySize)
      memory.direction = direction
      let before = point.loss
      (memory.gradient, memory.loss) = (point.gradient, before)
      var length = options.learningRate
      if memory.iterations == 1 { length *= min(1, 1 / point.gradient.absolute().sum().item()) }
      memory.length = length
      let slope = point.gradient.dot(direction).item()
      if slope > -options.toleranceChange { break }

      var newEvaluations = 0
      if options.lineSearch == .strongWolfe {
        let start = values()
        let search = StrongWolfe(
          direction: direction, slope: slope, start: point,
          toleranceChange: options.toleranceChange, mostEvaluations: mostEvaluations - evaluations)
        let found = try search.run(from: length) { length in
          add(direction, times: length)
          defer { set(start) }
          return Point(loss: try closure().item(), gradient: flatGradient())
        }
        (point, length, newEvaluations) = (found.point, found.length, found.evaluations)
        memory.length = length
        add(direction, times: length)
      } else {
        add(direction, times: length)
        if iteration != options.maxIterations {
          point = Point(loss: try closure().item(), gradient: flatGradient())
          newEvaluations = 1
        }
      }
      evaluations += newEvaluations
      memory.evaluations += newEvaluations
      let change = (direction * length).absolute().maximum().item()
      if evaluations >= mostEvaluations || point.steepest <= options.toleranceGradient
        || change <= options.toleranceChange
        || abs(point.loss - before) < options.toleranceChange
      {
        break
      }
    }
    return first
  }

  /// The direction of descent, from the gradient and the curvature that the history implies.
  private func nextDirection(_ gradient: Tensor, historySize: Int) -> Tensor {
    memory.iterations += 1
    guard let last = memory.gradient, let direction = memory.direction else { return -gradient }
    let (change, step) = (gradient - last, direction * memory.length)
    let product = change.dot(step).item()
    if product > 1e-10 {
      if memory.history.count == historySize { memory.history.removeFirst() }
      memory.history.append((change, step, 1 / product))
      memory.scale = product / change.dot(change).item()
    }
    var result = -gradient
    var weights: [Double] = []
    for past in memory.history.reversed() {
      let weight = past.step.dot(result).item() * past.inverse
      weights.append(weight)
      result -= past.gradient * weight
    }
    result *= memory.scale
    for (past, weight) in zip(memory.history, weights.reversed()) {
      result += past.step * (weight - past.gradient.dot(result).item() * past.inverse)
    }
    return result
  }

  // MARK: Parameters as one vector

  private func flatGradient() -> Tensor {
    Tensor.concatenated(
      parameters.map { ($0.gradient ?? $0.value.detached().zerosLike()).reshaped(to: [-1]) })
  }

  private func values() -> [Tensor] { parameters.map { $0.value.detached() } }

  private func set(_ values: [Tensor]) {
    for (parameter, value) in zip(parameters, values) { parameter.assign(value) }
  }

  private func add(_ direction: Tensor, times length: Double) {
    var start = 0
    for parameter in parameters {
      let end = start + parameter.shape.elementCount
      let change = direction[start..<end].reshaped(to: parameter.shape) * length
      parameter.assign(parameter.value.detached() + change)
      start = end
    }
  }

  // MARK: State

  /// The state under PyTorch's names, as that of the first parameter: `0.d`, `0.old_dirs.0` and so on.
  public override var state: [String: Tensor] {
    var result = super.state
    guard memory.evaluations > 0 else { return result }
    result["0.func_evals"] = Tensor(Int64(memory.evaluations))
    result["0.n_iter"] = Tensor(Int64(memory.iterations))
    guard let direction = memory.direction, let gradient = memory.gradient else { return result }
    (result["0.d"], result["0.prev_flat_grad"]) = (direction, gradient)
    result["0.t"] = Tensor(memory.length)
    result["0.H_diag"] = Tensor(memory.scale)
    result["0.prev_loss"] = Tensor(memory.loss)
    for (index, past) in memory.history.enumerated() {
      result["0.old_dirs.\(index)"] = past.gradient
      result["0.old_stps.\(index)"] = past.step
      result["0.ro.\(index)"] = Tensor(past.inverse)
    }
    return result
  }

  public override func loadState(_ state: [String: Tensor]) throws {
    var saved = SavedState(state, of: "LBFGS")
    var own = saved.next()
    var memory = Memory()
    let vector = flatGradient()
    if own.tensors["func_evals"] != nil {
      memory.evaluations = try own.count("func_evals")
      memory.iterations = try own.count("n_iter")
    }
    if own.tensors["d"] != nil {
      (memory.direction, memory.gradient) = (
        try own.tensor("d", like: vector), try own.tensor("prev_flat_grad", like: vector)
      )
      (memory.length, memory.scale, memory.loss) = (
        try own.number("t"), try own.number("H_diag"), try own.number("prev_loss")
      )
      while own.tensors["ro.\(memory.history.count)"] != nil {
        let index = memory.history.count
        memory.history.append(
          (
            try own.tensor("old_dirs.\(index)", like: vector),
            try own.tensor("old_stps.\(index)", like: vector), try own.number("ro.\(index)")
          ))
      }
    }
    try own.finish()
    let numbers = try saved.numbers(ofGroup: 0)
    try saved.finish()
    self.memory = memory
    if let rate = numbers.learningRate { groups[0].learningRate = rate }
  }
}

extension LBFGS {
  /// The loss at a point, and its gradient.
  struct Point {
    var loss: Double
    var gradient: Tensor
    /// The largest element of the gradient.
    var steepest: Double { gradient.absolute().maximum().item() }
  }
}
