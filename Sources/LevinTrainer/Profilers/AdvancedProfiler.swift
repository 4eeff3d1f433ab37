internal import LevinNN
internal import LevinSystem
public import LevinTensor

/// Measures actions and every operation on tensors, and writes them as a trace that Perfetto (ui.perfetto.dev) and
/// Chromium (chrome://tracing) show.
///
/// Each stage has a file `STAGE-trace.json` in the run's folder, with the actions of the trainer, the operations of each
/// batch and of its backward pass with layers and shapes, the memory of tensors as a curve, and copies on write: where
/// they happened, and which parameter was written to while something else held its memory. A training step has some
/// hundred events of about 150 bytes. The report at the end of a stage has the table of ``SimpleProfiler`` with a row for
/// each operation, too, and the copies.
public final class AdvancedProfiler: Profiler, OperationObserver {
  private var rows = ActionTable()
  private var open: [(action: ProfiledAction, start: UInt64, copied: Int)] = []
  private var openOperations: [(start: UInt64, copied: Int)] = []
  private var operations: [String: ProfiledAction] = [:]
  private let begin = Clock.uptime
  private var trace = TraceText()
  private weak var trainer: Trainer?
  private var memory = 0
  /// The memory of each parameter, to find those that are copied.
  private var holders: [String: ObjectIdentifier] = [:]
  /// What ``Tensor/copiesOnWrite`` was when copies were last looked for.
  private var noted = 0
  private var copies: [String: (count: Int, bytes: Int)] = [:]
  /// The first error of writing; thrown at the end of the stage.
  private var failure: (any Error)?

  /// - Parameters:
  ///   - dirPath: The folder of trace and report; nil: that of the run.
  ///   - fileName: The report goes into `dirPath/STAGE-fileName.txt`, the trace into `STAGE-fileName.json`. nil: the
  ///     report is printed, and the trace is named `STAGE-trace.json`.
  public override init(dirPath: String? = nil, fileName: String? = nil) {
    super.init(dirPath: dirPath, fileName: fileName)
  }

  /// This profiler.
  public override var observer: (any OperationObserver)? { self }

  /// Begins to measure an action.
  public override func start(_ action: ProfiledAction) {
    if action === ProfiledAction.trainingBatch, holders.isEmpty { findHolders() }
    let copied = Tensor.copiesOnWrite
    if copied > noted {
      // What was copied before is the outer action's.
      if let outer = open.last {
        noteCopies(of: copied - noted, in: outer.action, at: Clock.uptime)
      }
      noted = copied
    }
    open.append((action, Clock.uptime, copied))
  }

  /// Ends the action that began last.
  public override func stop(_ action: ProfiledAction) {
    let end = Clock.uptime
    guard let (begun, start, copied) = open.popLast() else { return }
    let bytes = Tensor.copiesOnWrite
    rows.add(begun, nanoseconds: end - start, copied: bytes - copied)
    if bytes > noted {
      noteCopies(of: bytes - noted, in: begun, at: end)
      noted = bytes
    }
    trace.add(begun.name, begun.kind.rawValue, from: start, to: end)
    writeIfFull()
  }

  // MARK: Operations

  /// Begins to measure an operation.
  public func operationBegan(_ operation: ObservedOperation) {
    openOperations.append((Clock.uptime, Tensor.copiesOnWrite))
  }

  /// Ends the operation that began last.
  public func operationEnded(_ operation: ObservedOperation) {
    let end = Clock.uptime
    guard let (start, copied) = openOperations.popLast() else { return }
    let name = operation.isBackward ? "backward of \(operation.name)" : operation.name
    let action = operations[name] ?? ProfiledAction("[Operation]\(name)", .user)
    operations[name] = action
    rows.add(action, nanoseconds: end - start, copied: Tensor.copiesOnWrite - copied)
    var details: [(String, String)] = []
    if let module = operation.module { details.append(("module", module)) }
    if !operation.attributes.isEmpty {
      details.append(("arguments", operation.attributes.map(\.description).joined(separator: ", ")))
    }
    details.append(("inputs", Self.shapes(operation.inputs)))
    details.append(("outputs", Self.shapes(operation.outputs)))
    trace.add(
      name, operation.isBackward ? "backward" : "operation", from: start, to: end, details)
    if operation.depth == 0 {
      let now = Tensor.memoryInUse
      // A curve needs no point for every small tensor.
      if abs(now - memory) >= 1 << 16 {
        memory = now
        trace.addCounter("memory of tensors", now, at: end)
      }
    }
    writeIfFull()
  }

  private static func shapes(_ tensors: [Tensor]) -> String {
    tensors.map { "\($0.dtype.name) \($0.shape)" }.joined(separator: ", ")
  }

  /// Finds the parameters that were written to while something else held their memory: they have new memory.
  private func noteCopies(of bytes: Int, in action: ProfiledAction, at time: UInt64) {
    guard let module = trainer?.module else { return }
    var left = bytes
    func note(_ name: String, _ bytes: Int) {
      let key = "\(name), in \(action.name)"
      let known = copies[key] ?? (0, 0)
      copies[key] = (known.count + 1, known.bytes + bytes)
      trace.addInstant(
        "copy on write", at: time, [("holder", name), ("bytes", "\(bytes)")])
      left -= bytes
    }
    for (name, parameter) in module.namedParameters {
      let memory = parameter.value.identity.memory
      guard let known = holders.updateValue(memory, forKey: name), known != memory else { continue }
      let size = parameter.shape.elementCount * parameter.dtype.byteCount
      if size <= left { note(name, size) }
    }
    if left > 0 { note("gradients, states and other tensors", left) }
  }

  /// Remembers the memory of all parameters.
  private func findHolders() {
    for (name, parameter) in trainer?.module?.namedParameters ?? [] {
      holders[name] = parameter.value.identity.memory
    }
  }

  // MARK: Stages

  /// Begins a trace.
  public override func setUp(_ trainer: Trainer, stage: Stage) {
    super.setUp(trainer, stage: stage)
    self.trainer = trainer
    Tensor.resetPeakMemoryInUse()
    (holders, memory, noted) = ([:], 0, Tensor.copiesOnWrite)
    trace = TraceText(process: "Levin \(stage.rawValue)", origin: Clock.uptime)
  }

  /// Ends the trace, and prints or writes the report.
  public override func tearDown(_ trainer: Trainer) throws {
    trace.end()
    write()
    try super.tearDown(trainer)
    if let failure { throw failure }
  }

  /// The path of the trace of the current stage.
  public private(set) var tracePath: String?
  private var file: OpenFile?

  private func writeIfFull() {
    if trace.isFull { write() }
  }

  private func write() {
    guard failure == nil, let trainer else { return }
    do {
      if trace.isAtStart {
        let path = try tracePath(of: trainer)
        FileSystem.removeFile(path)
        (file, tracePath) = (try OpenFile(path, for: .creating), path)
      }
      try trace.write { bytes in try file?.write(bytes) }
      if trace.isEnded { file = nil }
    } catch {
      failure = error
    }
  }

  private func tracePath(of trainer: Trainer) throws -> String {
    guard fileName == nil else { return try path(of: trainer, extension: "json") }
    let plain = try path(of: trainer, extension: "json")
    return plain.dropLast(".json".count) + "-trace.json"
  }

  /// The table, the memory of tensors and the copies.
  public override func summary() -> String? {
    let title = (stage.map { $0.rawValue.uppercased() + " " } ?? "") + "Profiler Report\n"
    guard !rows.isEmpty else { return title }
    var rows = rows
    rows.addCost(
      of: "[Profiler]AdvancedProfiler", perAction: SimpleProfiler.costOfAnAction() + trace.cost)
    let seconds = Double(Clock.uptime - begin) / 1e9
    var text = title + rows.table(seconds: seconds, extended: true) + "\n" + rows.memory()
    for (key, copy) in copies.sorted(by: { $0.value.bytes > $1.value.bytes }).prefix(10) {
      text += "\n  \(ActionTable.bytes(copy.bytes)) in \(copy.count) copies of \(key)"
    }
    if let tracePath {
      text += "\nTrace: \(tracePath); open it at https://ui.perfetto.dev or chrome://tracing"
    }
    return text
  }
}
