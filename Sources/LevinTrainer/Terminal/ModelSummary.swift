public import LevinConfiguration
public import LevinNN
internal import LevinTensor

/// Prints, before a training, the model's layers and their numbers of parameters.
///
/// A module with an `exampleInput` also has the sizes of inputs and outputs and the numbers of floating-point operations (FLOPs).
public final class ModelSummary: TypedCallback<ModelSummary.Options> {
  /// The options of ``ModelSummary``.
  public struct Options: HyperparameterSet {
    /// How deep to look: 1 for the module's children, 2 for theirs, too; -1: all layers; 0: no summary.
    public var maxDepth = 1

    /// Creates options with their defaults.
    public init() {}
    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws { try require("max_depth", maxDepth, atLeast: -1) }
    /// A sentence about each option.
    public static let help = [
      "max_depth": "How deep to look; 1: the children; -1: all; 0: no summary."
    ]
  }

  /// Creates a callback; traps if the depth is below -1.
  public convenience init(maxDepth: Int = 1) {
    self.init(Options { $0.maxDepth = maxDepth })
  }

  public override func onFitStart(_ trainer: Trainer, _ module: LightningModuleBase) throws {
    guard options.maxDepth != 0 else { return }
    let example = try module.exampleInput.map { try ExampleRun(of: module, $0) }
    Terminal.print(
      Self.text(
        of: module, example, maxDepth: options.maxDepth, width: Terminal.layoutWidth))
  }

  /// The summary: the layers, then totals.
  ///
  /// - Parameters:
  ///   - maxDepth: How deep to look: 1 for the direct children; -1: all layers.
  ///   - width: The available columns: if there are too few, the last columns are left out, then the names of types are
  ///     shortened.
  public static func text(of module: Module, maxDepth: Int = 1, width: Int = .max) -> String {
    text(of: module, nil, maxDepth: maxDepth, width: width)
  }

  static func text(
    of module: Module, _ example: ExampleRun?, maxDepth: Int = 1, width: Int
  ) -> String {
    let layers = module.namedModules.dropFirst().filter { layer in
      maxDepth < 0 || layer.name.filter { $0 == "." }.count < maxDepth
    }
    let rows = layers.enumerated().map { index, layer in
      [
        "\(index)", layer.name, "\(type(of: layer.module))", short(count(layer.module)),
        layer.module.isTraining ? "train" : "eval",
      ] + (example.map { sizes(of: $0.layers[layer.name]) } ?? [])
    }
    let heads =
      ["", "Name", "Type", "Params", "Mode"]
      + (example == nil ? [] : ["FLOPs", "In sizes", "Out sizes"])
    let lines = table([heads] + rows, width: width)
    let rule = String(repeating: "-", count: lines.map(\.count).max() ?? 0)
    let parameters = module.parameters
    let total = parameters.reduce(0) { $0 + $1.shape.elementCount }
    let trainable = parameters.filter(\.requiresGradient).reduce(0) { $0 + $1.shape.elementCount }
    let modes = module.namedModules.dropFirst().map(\.module.isTraining)
    let training = modes.filter { $0 }.count
    let totals =
      [
        (short(trainable), "Trainable params"), (short(total - trainable), "Non-trainable params"),
        (short(total), "Total params"),
        (megabytes(bytes(parameters)), "Total estimated model params size (MB)"),
        ("\(training)", "Modules in train mode"),
        ("\(modes.count - training)", "Modules in eval mode"),
      ] + (example.map { [(short($0.operations), "Total FLOPs")] } ?? [])
    return
      ([lines[0], rule] + lines.dropFirst() + [rule]
      + totals.map { number, what in
        Terminal.wrapped(
          [number + String(repeating: " ", count: max(0, 9 - number.count))]
            + what.split(separator: " ").map(String.init),
          separator: " ", indent: 10, width: width)
      })
      .joined(separator: "\n")
  }

  private static func sizes(of layer: ExampleRun.Layer?) -> [String] {
    guard let layer else { return ["0", "?", "?"] }
    func text(_ shapes: [Shape]) -> String {
      shapes.isEmpty ? "?" : shapes.map { "\($0)" }.joined(separator: ", ")
    }
    return [short(layer.operations), text(layer.inputs), text(layer.outputs)]
  }

  /// Rows in columns, with the first row as the head: those of ``text(of:width:)``.
  private static func table(_ rows: [[String]], width: Int) -> [String] {
    var rows = rows
    func widths() -> [Int] {
      rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    }
    func excess() -> Int { widths().reduce(0, +) + 3 * (rows[0].count - 1) - width }
    while excess() > 0, rows[0].count > 4 { rows = rows.map { Array($0.dropLast()) } }
    // The longest name in the two columns of names is shortened first.
    while excess() > 0, let column = [2, 1].max(by: { widths()[$0] < widths()[$1] }),
      widths()[column] > 4
    {
      let length = widths()[column] - 1
      rows = rows.map { row in
        var row = row
        if row[column].count > length { row[column] = row[column].prefix(length - 1) + "…" }
        return row
      }
    }
    let columns = widths()
    return rows.map { row in
      let line = zip(row, columns).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: " | ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func count(_ module: Module) -> Int {
    module.parameters.reduce(0) { $0 + $1.shape.elementCount }
  }

  private static func bytes(_ parameters: [Parameter]) -> Int {
    parameters.reduce(0) { $0 + $1.shape.elementCount * $1.value.dtype.byteCount }
  }

  private static func megabytes(_ bytes: Int) -> String {
    let thousandths = (bytes + 500) / 1000
    let digits = "\(thousandths % 1000)"
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// A count with up to three digits unchanged, otherwise in units of K, M, B or T, with one decimal below 100.
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
