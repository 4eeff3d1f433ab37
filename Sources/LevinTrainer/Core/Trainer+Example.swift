internal import LevinNN
internal import LevinTensor

extension Trainer {
  /// Adds the graph that the module's example input runs through to the logger, if it has one.
  func logExampleGraph(of module: LightningModuleBase) throws {
    guard logger != nil, let input = module.exampleInput else { return }
    // Errors of the module's own method would be lost in the tracing.
    _ = try module.evaluatingExample { try module.forward(input) }
    context.logger.addGraph(module, input) { input in
      withoutGradients { (try? module.forward(input)) ?? input }
    }
  }
}

extension LightningModuleBase {
  /// Runs `body` in evaluation mode without gradients, and leaves random numbers as they are.
  func evaluatingExample<Result>(_ body: () throws -> Result) throws -> Result {
    let modes = ModelModes(of: self)
    defer { modes.restore() }
    train(false)
    return try keepingRandomNumbers { try withoutGradients(body) }
  }
}
