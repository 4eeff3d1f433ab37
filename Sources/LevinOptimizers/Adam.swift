public import LevinTensor

/// Adam (Kingma and Ba 2015) with PyTorch's formula and defaults; `weightDecay` is added to the gradient.
public final class Adam: Optimizer {
  /// How much of the averages of gradients and of their squares stays in a step.
  public let betas: (Double, Double)
  /// What is added to the root of the average square.
  public let epsilon: Double
  /// What of a value is added to its gradient.
  public let weightDecay: Double
  private var steps = 0
  private let averages: [Moment]
  private let squares: [Moment]

  /// An optimizer with averages of zero.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    averages = parameters.map { Moment(count: $0.shape.elementCount) }
    squares = parameters.map { Moment(count: $0.shape.elementCount) }
    super.init(parameters, learningRate: learningRate)
  }

  public override func step() {
    steps += 1
    let options = Kernels.AdamOptions(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: false, step: steps)
    for (index, parameter) in parameters.enumerated() {
      parameter.update { values, gradient in
        Kernels.adam(values, gradient, averages[index].floats, squares[index].floats, options)
      }
    }
  }

  public override var state: [String: Tensor] {
    var state = ["step": Tensor(Int64(steps))]
    for (index, parameter) in parameters.enumerated() {
      state["\(index).exp_avg"] = Tensor(averages[index].scalars, shape: parameter.shape)
      state["\(index).exp_avg_sq"] = Tensor(squares[index].scalars, shape: parameter.shape)
    }
    return state
  }

  public override func restore(_ state: [String: Tensor]) throws {
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let tensor = state[name] else {
        throw OptimizerStateError(description: "the state of Adam lacks \(name)")
      }
      guard tensor.shape == shape else {
        throw OptimizerStateError(
          description: "the state of Adam has \(name) of shape \(tensor.shape); expected \(shape)")
      }
      return tensor
    }
    let step = try tensor("step", []).item()
    let moments = try parameters.enumerated().map { index, parameter in
      let average = try tensor("\(index).exp_avg", parameter.shape)
      let square = try tensor("\(index).exp_avg_sq", parameter.shape)
      return (average.scalars(as: Float.self), square.scalars(as: Float.self))
    }
    steps = Int(step)
    for (index, (average, square)) in moments.enumerated() {
      averages[index].assign(average)
      squares[index].assign(square)
    }
  }
}
