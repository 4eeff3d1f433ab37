internal import LevinNN
internal import LevinOptimizers
internal import LevinTensor

/// Watches the first epoch of a training for problems that raise no error: parameters that get no gradient, and a
/// loss that stays NaN or infinite.
struct FirstEpochWatch {
  /// The optimizers' parameters that have had no gradient yet.
  private var waiting: [(name: String, parameter: Parameter)]
  private var hasGradients = false
  /// The first batch since which every loss was NaN or infinite, and the last of these losses.
  private var broken: (firstBatch: Int, loss: Double)?
  private let optimizers: [Optimizer]

  init(_ module: LightningModuleBase, _ optimizers: [Optimizer]) {
    self.optimizers = optimizers
    let held = Set(optimizers.flatMap(\.parameters).map(ObjectIdentifier.init))
    waiting = module.namedParameters.filter {
      $0.parameter.requiresGradient && held.contains(ObjectIdentifier($0.parameter))
    }
  }

  /// Takes in the loss of a batch and the gradients that it made.
  mutating func observe(_ loss: Tensor, batch: Int) {
    hasGradients = true
    let loss = loss.item()
    broken = loss.isFinite ? nil : (broken?.firstBatch ?? batch, loss)
    waiting.removeAll { $0.parameter.gradient != nil }
  }

  /// Returns a line for each problem.
  func lines(epoch: Int) -> [String] {
    var lines: [String] = []
    if hasGradients, !waiting.isEmpty {
      lines.append(
        "Without a gradient in epoch \(epoch), because no loss depends on them: "
          + "\(Trainer.listed(waiting.map(\.name))).")
    }
    if let broken {
      let rates = optimizers.map { "\($0.learningRate)" }.joined(separator: ", ")
      lines.append(
        "The loss has been \(broken.loss.unsignedNaN) since batch \(broken.firstBatch) of epoch \(epoch). Lower the learning "
          + "rate (now \(rates)), limit the gradients (trainer.gradient_clip_val), or look for such "
          + "values in the data.")
    }
    return lines
  }
}

extension Double {
  /// The number as a text, in which a NaN has no sign.
  var unsignedNaN: String { isNaN ? "nan" : "\(self)" }
}
