internal import LevinConfiguration
internal import LevinOptimizers
internal import LevinTensor

extension BuiltInClasses {
  static let optimizers: [ClassEntry] = [
    optimizer(Adam.Options.self, "Adam (Kingma and Ba 2015).") { Adam($0, $1) },
    optimizer(AdamW.Options.self, "Adam with decoupled weight decay.") { AdamW($0, $1) },
    optimizer(SGD.Options.self, "Gradient descent, with momentum if asked for.") { SGD($0, $1) },
    optimizer(RMSprop.Options.self, "RMSprop (Tieleman and Hinton 2012).") { RMSprop($0, $1) },
    optimizer(Adagrad.Options.self, "Adagrad (Duchi and others 2011).") { Adagrad($0, $1) },
    optimizer(Adadelta.Options.self, "Adadelta (Zeiler 2012).") { Adadelta($0, $1) },
    optimizer(Adamax.Options.self, "Adam with the infinity norm.") { Adamax($0, $1) },
    optimizer(NAdam.Options.self, "Adam with Nesterov's momentum.") { NAdam($0, $1) },
    optimizer(RAdam.Options.self, "Rectified Adam (Liu and others 2020).") { RAdam($0, $1) },
    optimizer(
      ASGD.Options.self, "Averaged gradient descent.",
      ["decay": "lambd", "averaging_start": "t0"]
    ) { ASGD($0, $1) },
    optimizer(Rprop.Options.self, "Steps by the signs of gradients.") { Rprop($0, $1) },
    optimizer(
      Adafactor.Options.self, "Adafactor (Shazeer and Stern 2018).", ["clipping_threshold": "d"]
    ) { Adafactor($0, $1) },
    optimizer(
      Muon.Options.self, "Muon, for matrices.",
      ["coefficients": "ns_coefficients", "iterations": "ns_steps", "adjustment": "adjust_lr_fn"]
    ) { Muon($0, $1) },
    optimizer(
      LBFGS.Options.self, "L-BFGS, which evaluates a batch several times a step.",
      [
        "max_iterations": "max_iter", "max_evaluations": "max_eval",
        "tolerance_gradient": "tolerance_grad", "line_search": "line_search_fn",
      ]
    ) { LBFGS($0, $1) },
  ]

  private static func optimizer<Options: OptimizerOptions, Object: Optimizer>(
    _ options: Options.Type, _ about: String, _ names: [String: String] = [:],
    _ make: @escaping @Sendable ([Parameter], Options) -> Object
  ) -> ClassEntry {
    let common = ["learning_rate": "lr", "epsilon": "eps", "learning_rate_decay": "lr_decay"]
    return .optimizer(
      options, path: "torch.optim.\(Object.self)", names: common.merging(names) { $1 },
      about: about, make)
  }
}
