internal import LevinTensor

/// Tells a trainer's profiler what the trainer calls.
final class ProfiledCalls {
  let profiler: Profiler
  private struct Key: Hashable {
    let owner: ObjectIdentifier?
    let hook: Int
  }
  private var actions: [Key: ProfiledAction] = [:]

  private var isRunning = false

  init(_ profiler: Profiler) { self.profiler = profiler }

  func begin(_ trainer: Trainer, _ stage: Stage) {
    profiler.setUp(trainer, stage: stage)
    isRunning = true
  }

  /// Ends the stage, once.
  func end(_ trainer: Trainer) throws {
    guard isRunning else { return }
    isRunning = false
    try profiler.tearDown(trainer)
  }

  @inline(__always)
  func measure<Result>(_ action: ProfiledAction, _ body: () throws -> Result) rethrows -> Result {
    profiler.start(action)
    defer { profiler.stop(action) }
    return try body()
  }

  /// The action of a hook of a callback, a module, or the data module if `owner` is nil.
  func action(_ hook: HookName, of owner: AnyObject?) -> ProfiledAction {
    let key = Key(owner: owner.map { ObjectIdentifier($0) }, hook: hook.rawValue)
    if let known = actions[key] { return known }
    let name =
      switch owner {
      case nil: "[LightningDataModule]"
      case let callback as Callback: "[Callback]\(callback.stateKey)"
      case let module?: "[LightningModule]\(type(of: module))"
      }
    let action = ProfiledAction("\(name).\(hook)", hook.isStep ? .step : .hook)
    actions[key] = action
    return action
  }
}

extension HookName {
  /// Whether it computes rather than being told.
  fileprivate var isStep: Bool {
    switch self {
    case .trainingStep, .validationStep, .testStep, .predictStep, .backward, .optimizerStep: true
    default: false
    }
  }

  /// Whether a method of the data module is called by the trainer itself.
  var isOfData: Bool { self == .dataLoader || self == .setup || self == .teardown }
}

extension Trainer {
  /// Runs `body`, and measures it if there is a profiler.
  @inline(__always)
  func profiled<Result>(
    _ action: @autoclosure () -> ProfiledAction, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profiling else { return try body() }
    return try profiling.measure(action(), body)
  }

  /// Runs a hook of a callback, a module, or the data module if `owner` is nil.
  @inline(__always)
  func profiled<Result>(
    _ hook: HookName, of owner: AnyObject?, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profiling else { return try body() }
    return try profiling.measure(profiling.action(hook, of: owner), body)
  }

  /// Runs a batch, whose operations the profiler may want to see.
  @inline(__always)
  func profiledBatch<Result>(
    _ action: @autoclosure () -> ProfiledAction, _ body: () throws -> Result
  ) rethrows -> Result {
    guard let profiling else { return try body() }
    guard let observer = profiling.profiler.observer else {
      return try profiling.measure(action(), body)
    }
    return try profiling.measure(action()) { try observingOperations(by: observer, body) }
  }
}
