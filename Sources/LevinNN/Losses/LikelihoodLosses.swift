public import LevinTensor

/// The negative log-likelihood of class indices (int64) under log-probabilities `[batch, classes, …]` or `[classes]`.
public final class NLLLoss: Loss {
  /// The weight of each class, `[classes]`; nil for 1.
  public let weight: Buffer?
  /// The target of elements that are ignored.
  public let ignoreIndex: Int64

  /// Creates the loss; the defaults are PyTorch's.
  public init(weight: Tensor? = nil, ignoreIndex: Int64 = -100, reduction: LossReduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    self.ignoreIndex = ignoreIndex
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.nllLoss(target, weight: weight?.value, ignoreIndex: ignoreIndex, reduction: reduction)
  }
}

/// The Kullback–Leibler divergence of target distributions from log-probabilities.
///
/// As in PyTorch, the mean in the mathematical sense is ``LevinTensor/LossReduction/batchMean``.
public final class KLDivLoss: Loss {
  /// Whether targets are log-probabilities, too.
  public let logTarget: Bool

  /// Creates the loss; the defaults are PyTorch's.
  public init(logTarget: Bool = false, reduction: LossReduction = .mean) {
    self.logTarget = logTarget
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.klDivergence(target, logTarget: logTarget, reduction: reduction)
  }
}

/// The negative log-likelihood of targets under normal distributions with the given means and variances (Nix and
/// Weigend 1994).
public final class GaussianNLLLoss: Module {
  /// Whether the constant ½ log 2π is added.
  public let full: Bool
  /// The lower limit of a variance.
  public let epsilon: Double
  /// How the losses of all elements are reduced.
  public let reduction: LossReduction

  /// Creates the loss; the defaults are PyTorch's.
  public init(full: Bool = false, epsilon: Double = 1e-6, reduction: LossReduction = .mean) {
    self.full = full
    self.epsilon = epsilon
    self.reduction = reduction
  }

  /// The loss: a scalar, or one value for each element if the reduction is `none`.
  public func callAsFunction(_ input: Tensor, _ target: Tensor, _ variance: Tensor) -> Tensor {
    call(with: [input, target, variance]) {
      $0[0].gaussianNLLLoss(
        $0[1], variance: $0[2], full: full, epsilon: epsilon, reduction: reduction)
    }
  }
}

/// The negative log-likelihood of counts under Poisson distributions.
public final class PoissonNLLLoss: Loss {
  /// Whether predictions are the logarithms of the expected counts.
  public let logInput: Bool
  /// Whether Stirling's approximation of log(target!) is added.
  public let full: Bool
  /// The number added to expected counts before their logarithm is taken.
  public let epsilon: Double

  /// Creates the loss; the defaults are PyTorch's.
  public init(
    logInput: Bool = true, full: Bool = false, epsilon: Double = 1e-8,
    reduction: LossReduction = .mean
  ) {
    self.logInput = logInput
    self.full = full
    self.epsilon = epsilon
    super.init(reduction: reduction)
  }

  public override func forward(_ input: Tensor, _ target: Tensor) -> Tensor {
    input.poissonNLLLoss(
      target, logInput: logInput, full: full, epsilon: epsilon, reduction: reduction)
  }
}
