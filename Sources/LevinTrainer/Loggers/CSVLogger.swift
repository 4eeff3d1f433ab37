public import LevinConfiguration
internal import LevinSystem

/// Writes metrics to `metrics.csv` and hyperparameters to `hparams.yaml`, as Lightning's logger of this name.
///
/// The columns are the names of all metrics and `step`, in alphabetical order. Each call of ``logMetrics(_:step:)`` is a
/// row, with blanks for metrics that are not in it, and on the disk at once. A training that resumes in its folder first
/// removes the rows that it will write again.
public final class CSVLogger: Logger {
  private var folder: RunFolder
  /// Whether the trainer may put the file into the folder of the run.
  private let mayShare: Bool
  private let hasOwnParent: Bool
  private let prefix: String
  private var table: MetricsTable?
  private var hasOpened = false
  /// The mark to resume from, and a mark before the first row, until the file is open.
  private var resumeMark, headMark: String?

  /// - Parameters:
  ///   - saveDir: The folder of all experiments. nil: the run's folder if another logger makes one, else the working
  ///     directory.
  ///   - name: The folder of this experiment below it; may be empty.
  ///   - version: The folder of the run; nil: that of the other loggers if they have the same `saveDir` and `name`, else
  ///     `version_N` with the next N.
  ///   - prefix: Metrics are named `prefix-name`.
  public init(
    saveDir: String? = nil, name: String = "lightning_logs", version: RunVersion? = nil,
    prefix: String = ""
  ) {
    folder = RunFolder(saveDir: saveDir ?? ".", name: name, version: version)
    (mayShare, hasOwnParent) = (version == nil, saveDir != nil)
    self.prefix = prefix
  }

  /// The folder of the run with its record.
  public var runFolder: RunFolder? { folder }
  /// The folder of the file, created if necessary; nil if that fails.
  public var logDirectory: String? { try? folder.claim() }

  /// Writes into the run's folder from now on, unless this logger was given another one.
  public func share(_ folder: RunFolder) {
    guard mayShare, !hasOwnParent || folder.parent == self.folder.parent else { return }
    self.folder = folder
  }

  /// Remembers the mark to resume from.
  public func beginStage(globalStep: Int, after mark: String?) {
    if let mark { (resumeMark, table) = (mark, nil) }
  }

  /// Remembers the rows before the mark.
  public func mark(_ mark: String, globalStep: Int) throws {
    guard let table else { return headMark = mark }
    try table.mark(mark)
  }

  /// Writes a row.
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) throws {
    let path = RunFolder.joined(try folder.claim(), "metrics.csv")
    let open = try table ?? MetricsTable(path: path, keeps: hasOpened || folder.isContinuation)
    if table == nil {
      if let resumeMark { try open.rewind(to: resumeMark) }
      if let headMark { try open.mark(headMark) }
      (table, resumeMark, headMark, hasOpened) = (open, nil, nil, true)
    }
    var row = Dictionary(
      metrics.map { name, value in
        (prefix.isEmpty ? name : "\(prefix)-\(name)", Self.text(value, isWhole: name == "epoch"))
      }, uniquingKeysWith: { $1 })
    row["step"] = "\(step)"
    try open.append(row, at: path)
  }

  /// Keeps the hyperparameters for `hparams.yaml`.
  public func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) throws {
    try folder.setHyperparameters(hyperparameters.yaml(sortKeys: true))
  }

  /// A number as Python's `repr` writes it: a float, or an int if `isWhole`.
  static func text(_ value: Double, isWhole: Bool = false) -> String {
    if value.isNaN { return "nan" }
    if isWhole, let whole = Int(exactly: value) { return "\(whole)" }
    let text = "\(value)"
    // Python changes to exponents at 1e16, Swift at 2^54.
    guard abs(value) >= 1e16, text.hasSuffix(".0") else { return text }
    let sign = value < 0 ? "-" : ""
    var digits = text.drop { $0 == "-" }.dropLast(2)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    let rest = digits.dropFirst()
    return sign + digits.prefix(1) + (rest.isEmpty ? "" : ".\(rest)") + "e+16"
  }
}
