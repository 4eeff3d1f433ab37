internal import LevinNN

/// How the trainer calls hooks.
extension Trainer {
  /// Calls a hook of the callbacks and then of the module.
  func run(_ hook: Hook) throws {
    guard let module else { return }
    context.enter(hook.name)
    if let method = hook.callback {
      for callback in callbacks {
        try profiled(hook.name, of: callback) { try method(callback)(self, module) }
      }
    }
    if let method = hook.module { try profiled(hook.name, of: module) { try method(module)() } }
    try context.check()
  }

  /// Calls a hook that passes something on.
  @inline(__always)
  func run<Argument>(_ hook: ArgumentHook<Argument>, _ argument: Argument) throws {
    guard let module else { return }
    context.enter(hook.name)
    for callback in callbacks {
      try profiled(hook.name, of: callback) { try hook.callback(callback, self, module, argument) }
    }
    if let method = hook.module {
      try profiled(hook.name, of: module) { try method(module, argument) }
    }
    try context.check()
  }

  /// Calls a hook of the callbacks, and then the module's, which has the type of its batches.
  @inline(__always)
  func run<Result>(
    _ hook: ArgumentHook<BatchContext>, _ batch: BatchContext, module body: () throws -> Result
  ) throws -> Result {
    context.enter(hook.name)
    if let module {
      for callback in callbacks {
        try profiled(hook.name, of: callback) { try hook.callback(callback, self, module, batch) }
      }
    }
    let result = try profiled(hook.name, of: module, body)
    try context.check()
    return result
  }

  /// Calls a method of the module alone.
  @inline(__always)
  func run<Result>(_ name: HookName, _ body: () throws -> Result) throws -> Result {
    context.enter(name)
    let result = try profiled(name, of: name.isOfData ? nil : module, body)
    try context.check()
    return result
  }

  /// Calls a step of the module.
  @inline(__always)
  func runStep<Result>(_ name: HookName, _ body: () throws -> Result) throws -> Result {
    try located { try run(name) { try module?.call(body) ?? body() } }
  }

  /// Remembers where the loops were when `body` threw, for the message that ends a ``Program``.
  @inline(__always)
  func located<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      if let place = progress.place { Program.note(error, at: place) }
      throw error
    }
  }
}
