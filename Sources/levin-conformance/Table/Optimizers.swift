import LevinConfiguration
import LevinOptimizers
import LevinTensor

/// An optimizer of PyTorch's suite, what users of Levin write instead, and a function that makes it from PyTorch's
/// keywords.
struct OptimizerRow: Sendable {
  let name: String
  let spelling: String
  let make: @Sendable ([Parameter], ConfigValue) throws -> Optimizer
}

/// The table from PyTorch's optimizers to Levin's.
let optimizers: [OptimizerRow] = [
  row("Adadelta(parameters, .init(rho: 0.9))", Adadelta.self, Adadelta.init),
  row("Adafactor(parameters, learningRate: 1e-2)", Adafactor.self, Adafactor.init),
  row("Adagrad(parameters, learningRate: 1e-2)", Adagrad.self, Adagrad.init),
  row("Adam(parameters, .init(betas: [0.9, 0.99]))", Adam.self, Adam.init),
  row("AdamW(parameters, .init(weightDecay: 0.1))", AdamW.self, AdamW.init),
  row("Adamax(parameters, learningRate: 2e-3)", Adamax.self, Adamax.init),
  row("ASGD(parameters, learningRate: 1e-2)", ASGD.self, ASGD.init),
  row("LBFGS(parameters, .init(lineSearch: .strongWolfe))", LBFGS.self, LBFGS.init),
  row("Muon(matrices, learningRate: 0.02)", Muon.self, Muon.init),
  row("NAdam(parameters, learningRate: 2e-3)", NAdam.self, NAdam.init),
  row("RAdam(parameters, learningRate: 1e-3)", RAdam.self, RAdam.init),
  row("RMSprop(parameters, .init(centered: true))", RMSprop.self, RMSprop.init),
  row("Rprop(parameters, learningRate: 1e-2)", Rprop.self, Rprop.init),
  row("SGD(parameters, .init(learningRate: 0.1, momentum: 0.9))", SGD.self, SGD.init),
]

/// PyTorch's keywords that have other names in Levin.
private let keywords = [
  "lr": "learning_rate", "eps": "epsilon", "d": "clipping_threshold",
  "lr_decay": "learning_rate_decay", "lambd": "decay", "t0": "averaging_start",
  "ns_steps": "iterations", "ns_coefficients": "coefficients", "adjust_lr_fn": "adjustment",
  "max_iter": "max_iterations", "max_eval": "max_evaluations",
  "tolerance_grad": "tolerance_gradient", "line_search_fn": "line_search",
]

private func row<Options>(
  _ spelling: String, _ type: (some TypedOptimizer<Options>).Type,
  _ initialize: @escaping @Sendable ([Parameter], Options) -> Optimizer
) -> OptimizerRow {
  OptimizerRow(name: "\(type)", spelling: spelling) { parameters, arguments in
    let defaults = ConfigSchema(of: Options.self).defaults
    let known = Set(defaults.members.map(\.key))
    let renamed = arguments.members.map {
      ConfigValue.Member(keywords[$0.key] ?? $0.key, $0.value)
    }
    if let unknown = renamed.first(where: { !known.contains($0.key) }) {
      throw CaseError("the keyword \(unknown.key) is not offered")
    }
    return initialize(parameters, try Options(decoding: defaults.merging(.object(renamed))))
  }
}

extension ConfigValue {
  /// A keyword's value.
  init(_ value: Value) throws {
    switch value {
    case .int(let number): self = .integer(number)
    case .double(let number): self = .float(number)
    case .bool(let flag): self = .bool(flag)
    case .text(let text): self = .string(text)
    case .list(let items), .tuple(let items): self = .array(try items.map { try Self($0) })
    case .none: self = .null
    default: throw CaseError("a keyword that is no setting")
    }
  }
}
