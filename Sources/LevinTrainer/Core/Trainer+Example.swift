internal import LevinNN
internal import LevinTensor
internal import LevinTensorBoard

extension Trainer {
  /// Adds the graph that the module's example input runs through to the logger, if it has one.
  func logExampleGraph(of module: LightningModuleBase) throws {
    guard let logger, let input = module.exampleInput else { return }
    // Errors of the module's own method would be lost in the tracing.
    _ = try module.evaluatingExample { try module.forward(input) }
    let graph = GraphSummary(tracing: module, input: input) {
      withoutGradients { (try? module.forward(input)) ?? input }
    }
    logger.each { try $0.logGraph(graph) }
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
