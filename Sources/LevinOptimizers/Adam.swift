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
  private var averages: [[Float]]
  private var squares: [[Float]]

  /// An optimizer with averages of zero.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    averages = parameters.map { Array(repeating: 0, count: $0.shape.elementCount) }
    squares = averages
    super.init(parameters, learningRate: learningRate)
  }

  public override func step() {
    steps += 1
    let options = Kernels.AdamOptions(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: false, step: steps)
    for (index, parameter) in parameters.enumerated() {
      parameter.update { values, gradient in
        averages[index].withUnsafeMutableBufferPointer { average in
          squares[index].withUnsafeMutableBufferPointer { squares in
            guard let m = average.baseAddress, let v = squares.baseAddress else { return }
            Kernels.adam(values, gradient, m, v, options)
          }
        }
      }
    }
  }

  public override var state: [String: Tensor] {
    var state = ["step": Tensor(Int64(steps))]
    for (index, parameter) in parameters.enumerated() {
      state["\(index).exp_avg"] = Tensor(averages[index], shape: parameter.shape)
      state["\(index).exp_avg_sq"] = Tensor(squares[index], shape: parameter.shape)
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
    var (newAverages, newSquares) = (averages, squares)
    for (index, parameter) in parameters.enumerated() {
      newAverages[index] = try tensor("\(index).exp_avg", parameter.shape).scalars(as: Float.self)
      newSquares[index] = try tensor("\(index).exp_avg_sq", parameter.shape).scalars(as: Float.self)
    }
    (steps, averages, squares) = (Int(step), newAverages, newSquares)
  }
}
