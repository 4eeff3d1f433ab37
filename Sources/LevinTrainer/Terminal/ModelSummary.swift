public import LevinNN
internal import LevinTensor

/// Prints, before a training, what the model consists of and how many parameters it has.
public final class ModelSummary: Callback {
  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) {
    Terminal.print(Self.text(of: module))
  }

  /// The summary: the direct children, then totals.
  public static func text(of module: Module) -> String {
    let rows = module.namedChildren.enumerated().map { index, child in
      [
        "\(index)", child.name, "\(type(of: child.module))", short(count(child.module)),
        child.module.isTraining ? "train" : "eval",
      ]
    }
    let heads = ["", "Name", "Type", "Params", "Mode"]
    let widths = heads.indices.map { column in
      ([heads] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([heads] + rows).map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: " | ")
    }
    let rule = String(repeating: "-", count: lines.map(\.count).max() ?? 0)
    let parameters = module.parameters
    let total = parameters.reduce(0) { $0 + $1.shape.elementCount }
    let trainable = parameters.filter(\.requiresGradient).reduce(0) { $0 + $1.shape.elementCount }
    let modes = module.namedModules.dropFirst().map(\.module.isTraining)
    let training = modes.filter { $0 }.count
    let totals = [
      (short(trainable), "Trainable params"), (short(total - trainable), "Non-trainable params"),
      (short(total), "Total params"),
      (megabytes(total * 4), "Total estimated model params size (MB)"),
      ("\(training)", "Modules in train mode"),
      ("\(modes.count - training)", "Modules in eval mode"),
    ]
    return
      ([lines[0], rule] + lines.dropFirst() + [rule]
      + totals.map { $0 + String(repeating: " ", count: max(1, 10 - $0.count)) + $1 })
      .map { String($0.reversed().drop { $0 == " " }.reversed()) }
      .joined(separator: "\n")
  }

  private static func count(_ module: Module) -> Int {
    module.parameters.reduce(0) { $0 + $1.shape.elementCount }
  }

  private static func megabytes(_ bytes: Int) -> String {
    let thousandths = (bytes + 500) / 1000
    let digits = "\(thousandths % 1000)"
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// Up to three digits as they are; else in units of K, M, B or T, one decimal below 100.
  static func short(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count)" }
    var scale = 1
    var unit = -1
    while count / scale >= 1000, unit < 3 {
      scale *= 1000
      unit += 1
    }
    let name = ["K", "M", "B", "T"][unit]
    guard count / scale < 100 else { return "\(count / scale) \(name)" }
    return "\(count / scale).\(count % scale * 10 / scale) \(name)"
  }
}
