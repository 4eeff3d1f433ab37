public import LevinTensor

/// Adam (Kingma and Ba 2015) with PyTorch's formula and defaults; `weightDecay` times the parameter is added to its
/// gradient.
public final class Adam: Optimizer {
  /// The decay rates of the running averages of the gradients and of their squares.
  public let betas: (Double, Double)
  /// The number added to the root of the average square.
  public let epsilon: Double
  /// The multiple of each parameter that is added to its gradient.
  public let weightDecay: Double
  private var steps = 0
  /// The running averages of the gradients and of their squares, for each parameter.
  private var moments: [[Tensor]]

  /// Creates an optimizer whose averages are zero.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    moments = parameters.map { parameter in
      (0..<2).map { _ in .zeros(parameter.shape, device: parameter.device) }
    }
    super.init(parameters, learningRate: learningRate)
  }

  public override func step() {
    steps += 1
    let rule = UpdateRule.Adam(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: false, step: steps)
    for (index, parameter) in parameters.enumerated() {
      parameter.update(.adam(rule), state: &moments[index])
    }
  }

  public override var state: [String: Tensor] {
    var state = ["step": Tensor(Int64(steps))]
    for (index, moments) in moments.enumerated() {
      (state["\(index).exp_avg"], state["\(index).exp_avg_sq"]) = (moments[0], moments[1])
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
    moments = try parameters.enumerated().map { index, parameter in
      try ["exp_avg", "exp_avg_sq"].map { name in
        try tensor("\(index).\(name)", parameter.shape)
          .detached().to(.float32).to(parameter.device).contiguous()
      }
    }
    steps = Int(step)
  }
}
