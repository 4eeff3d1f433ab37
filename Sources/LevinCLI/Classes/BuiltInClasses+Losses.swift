internal import LevinConfiguration
internal import LevinNN
internal import LevinVision
internal import LevinTensor

extension BuiltInClasses {
  static let losses: [ClassEntry] = [
    loss(Reduced.self, "The mean squared error.") { MSELoss(reduction: $0.reduction.loss) },
    entry(
      Loss.self, Reduced.self, path: nil,
      about: "The binary cross-entropy of probabilities over the targets that count, from 0 on."
    ) { MaskedBCELoss(reduction: $0.reduction.loss) },
    loss(Reduced.self, "The mean absolute error.") { L1Loss(reduction: $0.reduction.loss) },
    loss(CrossEntropyOptions.self, "Logits of classes, and class indices or probabilities.") {
      CrossEntropyLoss(
        weight: $0.weight.map { Tensor($0) }, ignoreIndex: Int64($0.ignoreIndex),
        reduction: $0.reduction.loss, labelSmoothing: $0.labelSmoothing)
    },
    loss(Weighted.self, "Probabilities, and targets in 0…1.") {
      BCELoss(weight: $0.weight.map { Tensor($0) }, reduction: $0.reduction.loss)
    },
    loss(LogitsOptions.self, "Logits, and targets in 0…1.") {
      BCEWithLogitsLoss(
        weight: $0.weight.map { Tensor($0) }, positiveWeight: $0.posWeight.map { Tensor($0) },
        reduction: $0.reduction.loss)
    },
    loss(NLLOptions.self, "Log-probabilities of classes, and class indices.") {
      NLLLoss(
        weight: $0.weight.map { Tensor($0) }, ignoreIndex: Int64($0.ignoreIndex),
        reduction: $0.reduction.loss)
    },
    loss(SmoothOptions.self, "Quadratic near 0, linear elsewhere.") {
      SmoothL1Loss(beta: $0.beta, reduction: $0.reduction.loss)
    },
    loss(HuberOptions.self, "Quadratic near 0, linear elsewhere.") {
      HuberLoss(delta: $0.delta, reduction: $0.reduction.loss)
    },
    loss(DivergenceOptions.self, "The Kullback-Leibler divergence of log-probabilities.") {
      KLDivLoss(
        logTarget: $0.logTarget,
        reduction: $0.reduction == .batchmean ? .batchMean : $0.reduction.loss)
    },
    loss(PoissonOptions.self, "Expected counts, and counts.") {
      PoissonNLLLoss(
        logInput: $0.logInput, full: $0.full, epsilon: $0.eps, reduction: $0.reduction.loss)
    },
    loss(Reduced.self, "Scores, and targets -1 and 1.") {
      SoftMarginLoss(reduction: $0.reduction.loss)
    },
    loss(Weighted.self, "Logits of labels, of which several may be true.") {
      MultiLabelSoftMarginLoss(
        weight: $0.weight.map { Tensor($0) }, reduction: $0.reduction.loss)
    },
    loss(Reduced.self, "Scores, and the indices of the true labels.") {
      MultiLabelMarginLoss(reduction: $0.reduction.loss)
    },
    loss(MarginOptions.self, "Scores of classes, and class indices.") {
      MultiMarginLoss(
        p: $0.p, margin: $0.margin, weight: $0.weight.map { Tensor($0) },
        reduction: $0.reduction.loss)
    },
    loss(HingeOptions.self, "Distances, and targets -1 and 1.") {
      HingeEmbeddingLoss(margin: $0.margin, reduction: $0.reduction.loss)
    },
  ]

  private static func loss<Options: HyperparameterSet, Object: Loss>(
    _ options: Options.Type, _ about: String,
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    entry(
      Loss.self, options, path: "torch.nn", about: about,
      ignored: ["size_average": [.null], "reduce": [.null]], make)
  }

  private enum Reduction: String, Codable, CaseIterable, Sendable {
    case none, mean, sum, batchmean
    var loss: LossReduction {
      switch self {
      case .none: .none
      case .mean: .mean
      case .sum: .sum
      case .batchmean: .batchMean
      }
    }
  }

  private static let reductionHelp = "How the losses of all elements are reduced."
  private static let weightHelp = "The weight of each class or element; null: 1."
  private static let help = ["reduction": reductionHelp, "weight": weightHelp]

  private struct Reduced: HyperparameterSet {
    var reduction = Reduction.mean
    static let help = BuiltInClasses.help
  }
  private struct Weighted: HyperparameterSet {
    var weight: [Float]?
    var reduction = Reduction.mean
    static let help = BuiltInClasses.help
  }
  private struct CrossEntropyOptions: HyperparameterSet {
    var weight: [Float]?
    var ignoreIndex = -100
    var reduction = Reduction.mean
    var labelSmoothing = 0.0
    func validate() throws { try require("label_smoothing", labelSmoothing, in: 0...1) }
    static let help = BuiltInClasses.help.merging([
      "ignore_index": "The target of elements that are ignored.",
      "label_smoothing": "The part of each target that is spread over all classes.",
    ]) { $1 }
  }
  private struct LogitsOptions: HyperparameterSet {
    var weight: [Float]?
    var reduction = Reduction.mean
    var posWeight: [Float]?
    static let help = BuiltInClasses.help.merging([
      "pos_weight": "The weight of positive targets; null: 1."
    ]) { $1 }
  }
  private struct NLLOptions: HyperparameterSet {
    var weight: [Float]?
    var ignoreIndex = -100
    var reduction = Reduction.mean
    static let help = CrossEntropyOptions.help
  }
  private struct SmoothOptions: HyperparameterSet {
    var reduction = Reduction.mean
    var beta = 1.0
    func validate() throws { try require("beta", beta, atLeast: 0) }
    static let help = BuiltInClasses.help.merging([
      "beta": "The difference up to which the loss is quadratic."
    ]) { $1 }
  }
  private struct HuberOptions: HyperparameterSet {
    var reduction = Reduction.mean
    var delta = 1.0
    func validate() throws { try require("delta", delta, atLeast: Double.leastNormalMagnitude) }
    static let help = BuiltInClasses.help.merging([
      "delta": "The difference up to which the loss is quadratic."
    ]) { $1 }
  }
  private struct DivergenceOptions: HyperparameterSet {
    var reduction = Reduction.mean
    var logTarget = false
    static let help = BuiltInClasses.help.merging([
      "log_target": "Whether targets are log-probabilities, too."
    ]) { $1 }
  }
  private struct PoissonOptions: HyperparameterSet {
    var logInput = true
    var full = false
    var eps = 1e-8
    var reduction = Reduction.mean
    static let help = BuiltInClasses.help.merging([
      "log_input": "Whether predictions are logarithms.",
      "full": "Whether Stirling's approximation is added.",
      "eps": "What is added to expected counts before their logarithm.",
    ]) { $1 }
  }
  private struct MarginOptions: HyperparameterSet {
    var p = 1
    var margin = 1.0
    var weight: [Float]?
    var reduction = Reduction.mean
    func validate() throws { try require("p", p, in: 1...2) }
    static let help = BuiltInClasses.help.merging([
      "p": "The power, 1 or 2.", "margin": "The margin.",
    ]) { $1 }
  }
  private struct HingeOptions: HyperparameterSet {
    var margin = 1.0
    var reduction = Reduction.mean
    static let help = BuiltInClasses.help.merging(["margin": "The margin."]) { $1 }
  }
}
