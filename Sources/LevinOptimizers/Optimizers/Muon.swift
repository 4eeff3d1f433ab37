internal import LevinConfiguration
internal import LevinSystem
public import LevinTensor

/// Muon (Jordan 2024; https://kellerjordan.github.io/posts/muon/), as `torch.optim.Muon`: each step is a matrix whose
/// singular values are all about 1.
///
/// It is meant for the weights `[out, in]` of hidden layers, and traps for parameters that are not matrices: use another
/// optimizer for those.
public final class Muon: TypedOptimizer<Muon.Options> {
  /// The options of ``Muon``.
  public struct Options: MomentumOptions {
    /// How far a step goes.
    public var learningRate = 1e-3
    /// How much a value shrinks in a step, times the learning rate.
    public var weightDecay = 0.1
    /// How much of the average of gradients stays in a step.
    public var momentum = 0.95
    /// Whether a step looks ahead by the momentum.
    public var nesterov = true
    /// The coefficients of x, x³ and x⁵ in the polynomial that moves singular values towards 1.
    public var coefficients = [3.4445, -4.7750, 2.0315]
    /// The smallest norm that a step is divided by.
    public var epsilon = 1e-7
    /// The number of times that the polynomial is applied, below 100 (PyTorch's `ns_steps`).
    public var iterations = 5
    /// How the learning rate depends on a matrix's shape.
    public var adjustment = Adjustment.original

    /// Creates options with their defaults.
    public init() {}
    /// Creates options, with defaults for omitted arguments.
    public init(
      learningRate: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
      nesterov: Bool = true, coefficients: [Double] = [3.4445, -4.7750, 2.0315],
      epsilon: Double = 1e-7, iterations: Int = 5, adjustment: Adjustment = .original
    ) {
      self.learningRate = learningRate
      self.weightDecay = weightDecay
      self.momentum = momentum
      self.nesterov = nesterov
      self.coefficients = coefficients
      self.epsilon = epsilon
      self.iterations = iterations
      self.adjustment = adjustment
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try requireNotNegative("weight_decay", weightDecay)
      try requireNotNegative("momentum", momentum)
      guard coefficients.count == 3 else {
        throw ConfigError(
          "coefficients: found \(coefficients); expected three numbers", key: "coefficients")
      }
      guard (0..<100).contains(iterations) else {
        throw ConfigError("iterations: found \(iterations); expected 0 to 99", key: "iterations")
      }
    }

    /// A sentence about each option.
    public static let help = [
      "learning_rate": OptionHelp.learningRate, "weight_decay": OptionHelp.decoupledDecay,
      "momentum": "How much of the average of gradients stays in a step.",
      "nesterov": "Whether a step looks ahead by the momentum.",
      "coefficients": "The coefficients of the polynomial that draws singular values to 1.",
      "epsilon": "The least norm that a step is divided by.",
      "iterations": "How often the polynomial is applied.",
      "adjustment": "How the learning rate follows from a matrix's shape.",
    ]
  }

  /// How the learning rate depends on a matrix's shape (PyTorch's `adjust_lr_fn`).
  public enum Adjustment: String, Codable, CaseIterable, Sendable {
    /// Multiplied by the root of rows / columns if that is above 1 (Jordan).
    case original
    /// Multiplied by a fifth of the root of the longer side, which suits the learning rates of ``AdamW`` (Liu and others
    /// 2025).
    case matchRMSAdamW = "match_rms_adamw"
  }

  override func checkParameters(_ parameters: [Parameter]) {
    for parameter in parameters where parameter.shape.rank != 2 {
      fail("Muon", "a parameter of shape \(parameter.shape)", expected: "matrices [out, in]")
    }
  }

  public override func update(
    _ value: inout Tensor, by gradient: Tensor, _ state: inout ParameterState, _ options: Options
  ) {
    let average = state["momentum_buffer", default: gradient.zerosLike()]
      .lerp(gradient, 1 - options.momentum)
    state["momentum_buffer"] = average
    let direction = options.nesterov ? gradient.lerp(average, options.momentum) : average
    let (rows, columns) = (Double(value.shape[0]), Double(value.shape[1]))
    let factor =
      switch options.adjustment {
      case .original: max(1, rows / columns).squareRoot()
      case .matchRMSAdamW: 0.2 * max(rows, columns).squareRoot()
      }
    let step = Self.orthogonalized(direction, options).to(value.dtype)
    value *= 1 - options.learningRate * options.weightDecay
    value -= step * (options.learningRate * factor)
  }

  /// A matrix with the same singular vectors, whose singular values are about 1, computed in bfloat16 (Newton and Schulz).
  private static func orthogonalized(_ matrix: Tensor, _ options: Options) -> Tensor {
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = matrix.to(.bfloat16)
    if isTall { x = x.transposed() }
    x = x / x.norm().clamped(atLeast: options.epsilon)
    let (a, b, c) = (options.coefficients[0], options.coefficients[1], options.coefficients[2])
    for _ in 0..<options.iterations {
      let gram = x.matmul(x.transposed())
      let update = gram.addingProduct(gram, gram, beta: b, alpha: c)
      x = x.addingProduct(update, x, beta: a)
    }
    return isTall ? x.transposed() : x
  }
}
