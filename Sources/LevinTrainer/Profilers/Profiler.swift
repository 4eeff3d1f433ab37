internal import LevinSystem
public import LevinTensor

/// Measures what a run does, action by action (Lightning's `Profiler`).
///
/// A profiler of one's own overrides ``start(_:)`` and ``stop(_:)``, and ``summary()`` for the report that is printed at
/// the end of each stage. Code of one's own is measured with ``profile(_:_:)``.
open class Profiler {
  /// The folder of the report; nil: that of the run.
  public let dirPath: String?
  /// The name of the report's file, without its stage and extension; nil: the report is printed.
  public let fileName: String?
  /// The current stage, or the last one.
  public private(set) var stage: Stage?
  private var actions: [String: ProfiledAction] = [:]

  /// - Parameters:
  ///   - dirPath: The folder of the report; nil: that of the run.
  ///   - fileName: The report goes into `dirPath/STAGE-fileName.txt`; nil: it is printed.
  public init(dirPath: String? = nil, fileName: String? = nil) {
    (self.dirPath, self.fileName) = (dirPath, fileName)
  }

  /// Whether anything is measured; false costs nothing.
  open var isActive: Bool { true }
  /// Called when an action begins; actions may begin within others.
  open func start(_ action: ProfiledAction) {}
  /// Called when the action that began last ends.
  open func stop(_ action: ProfiledAction) {}
  /// Receives the operations of each batch, if the profiler wants them.
  open var observer: (any OperationObserver)? { nil }
  /// The report; nil if there is none.
  open func summary() -> String? { nil }
  /// Called when a stage begins; call `super`.
  open func setUp(_ trainer: Trainer, stage: Stage) { self.stage = stage }
  /// Called when a stage ends, also by an error: prints the report, or writes its file.
  open func tearDown(_ trainer: Trainer) throws {
    guard let summary = summary() else { return }
    guard fileName != nil else {
      // The standard output of a prediction belongs to its outputs.
      return stage == .predict ? Terminal.printError(summary) : Terminal.print(summary)
    }
    try AtomicFile.write(Array(summary.utf8), to: try path(of: trainer, extension: "txt"))
  }

  /// Measures `body` as an action with this name.
  public final func profile<Result>(
    _ name: String, _ body: () throws -> Result
  ) rethrows -> Result {
    guard isActive else { return try body() }
    let action = actions[name] ?? ProfiledAction(name, .user)
    actions[name] = action
    start(action)
    defer { stop(action) }
    return try body()
  }

  /// The path of a file of this profiler, whose folder is created: `dirPath/STAGE-fileName.extension`.
  public final func path(of trainer: Trainer, extension name: String) throws -> String {
    let run = trainer.logger?.logDirectory
    let folder = dirPath ?? run ?? trainer.configuration.defaultRootDir ?? "."
    try FileBytes.makeFolder(folder)
    let parts = [stage?.rawValue, fileName].compactMap { $0 }
    return FileSystem.joined(folder, "\(parts.joined(separator: "-")).\(name)")
  }
}

/// Measures nothing: the profiler of a trainer without one.
public final class PassThroughProfiler: Profiler {
  /// A profiler that measures nothing.
  public init() { super.init() }
  /// False.
  public override var isActive: Bool { false }
}

/// Which profiler the command line chooses.
public enum ProfilerKind: String, Sendable, Codable, CaseIterable {
  /// ``SimpleProfiler``.
  case simple
  /// ``AdvancedProfiler``.
  case advanced

  func make() -> Profiler {
    switch self {
    case .simple: SimpleProfiler()
    case .advanced: AdvancedProfiler()
    }
  }
}
