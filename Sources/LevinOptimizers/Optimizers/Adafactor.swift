internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// Adafactor (Shazeer and Stern 2018), as `torch.optim.Adafactor`: a matrix's average squares take a row and a column.
public final class Adafactor: TypedOptimizer<Adafactor.Options> {
  /// The options of ``Adafactor``.
  public struct Options: OptimizerOptions {
    /// How far a step goes at most, relative to the size of the values.
    public var learningRate = 1e-2
    /// The exponent by which the share of the newest squares falls with the steps, 0 or less.
    public var beta2Decay = -0.8
    /// Two numbers: the smallest root of an average square, where nil is the distance from 1 to the next number of the
    /// parameter's dtype, and the smallest size of values that a step is relative to.
    public var epsilon: [Double?] = [nil, 1e-3]
    /// The largest root mean square of a step, 1 or more (PyTorch's `d`).
    public var clippingThreshold = 1.0
    /// How much a value shrinks in a step, times the learning rate.
    public var weightDecay = 0.0
    /// Whether steps maximize the loss instead of minimizing it.
    public var maximize = false

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-2, beta2Decay: Double = -0.8, epsilon: [Double?] = [nil, 1e-3],
      clippingThreshold: Double = 1, weightDecay: Double = 0, maximize: Bool = false
    ) {
      self.learningRate = learningRate
      self.beta2Decay = beta2Decay
      self.epsilon = epsilon
      self.clippingThreshold = clippingThreshold
      self.weightDecay = weightDecay
      self.maximize = maximize
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      guard beta2Decay <= 0 else {
        throw ConfigError(
          "beta2_decay: found \(beta2Decay); expected 0 or less", key: "beta2_decay")
      }
      guard epsilon.count == 2, epsilon[1] != nil else {
        let found = epsilon.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ", ")
        throw ConfigError(
          "epsilon: found [\(found)]; expected two numbers, of which the first may be null",
          key: "epsilon")
      }
      for number in epsilon { try requireNotNegative("epsilon", number ?? 0) }
      try require("clipping_threshold", clippingThreshold, atLeast: 1)
      try requireNotNegative("weight_decay", weightDecay)
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": "How far a step goes at most, relative to the size of the values.",
      "beta2_decay": "How the share of the newest squares falls: a power of the steps.",
      "epsilon":
        "The least root of an average square (null: that of the parameter's dtype), and the least size of values that a step is relative to.",
      "clipping_threshold": "How large the root of a step's mean square may be.",
      "weight_decay": OptionHelp.decoupledDecay, "maximize": OptionHelp.maximize,
    ]
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    state.step += 1
    let (step, rate) = (Double(state.step), options.learningRate)
    let slope = options.maximize ? -gradient : gradient
    let epsilon = options.epsilon[0] ?? Self.epsilon(of: value.dtype)
    let share = step.raised(to: options.beta2Decay)
    let size =
      max(options.epsilon[1] ?? 0, Self.rootMeanSquare(value)) * min(rate, 1 / step.squareRoot())
    if options.weightDecay != 0 { value *= 1 - rate * options.weightDecay }
    let square = slope * slope
    let variance: Tensor
    if slope.rank > 1 {
      func average(_ name: String, _ dimension: Int) -> Tensor {
        let mean = square.mean(dimension: dimension, keepDimension: true)
        let result = state[name, default: mean.zerosLike()].lerp(mean, share)
        state[name] = result
        return result
      }
      let (row, column) = (average("row_var", -1), average("col_var", -2))
      variance =
        row * column / row.mean(dimension: -2, keepDimension: true).clamped(atLeast: epsilon)
    } else {
      variance = state["variance", default: slope.zerosLike()].lerp(square, share)
      state["variance"] = variance
    }
    let change = variance.clamped(atLeast: epsilon * epsilon).rsqrt() * slope
    let clipped = max(1, Self.rootMeanSquare(change) / options.clippingThreshold)
    value -= change * (size / clipped)
  }

  private static func rootMeanSquare(_ x: Tensor) -> Double {
    x.norm().item() / Double(x.elementCount).squareRoot()
  }

  /// The distance from 1 to the next number.
  private static func epsilon(of dtype: DType) -> Double {
    switch dtype {
    case .float64: 0x1p-52
    case .float16: 0x1p-10
    case .bfloat16: 0x1p-7
    default: 0x1p-23
    }
  }
}
