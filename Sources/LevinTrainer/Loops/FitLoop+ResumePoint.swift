internal import LevinData
internal import LevinOptimizers
internal import LevinTensor

extension FitLoop {
  var resumePoint: ResumePoint {
    get throws {
      if let beforeValidation { return beforeValidation }
      var point = ResumePoint()
      point.loop = context.state
      point.position = context.state.isEpochDone ? nil : position
      point.random["default"] = Generator.default.state
      for (name, generator) in generators { point.random[name] = generator.state }
      point.trainingMetrics = trainer.trainingMetrics.saved(metricObjects)
      point.validationMetrics = trainer.validationMetrics.saved(metricObjects)
      point.metricObjects = metricObjects.states
      point.schedulers = schedulers.map(\.state)
      point.data = try data.state()
      point.seconds = seconds
      return point
    }
  }

  /// The position of the next batch; of the current one until it counts as done.
  private var position: LoaderPosition? {
    guard var position = pass?.position else { return nil }
    guard let taken, taken.done == context.state.batchesDone else { return position }
    // The first batch of a pass draws the order.
    if taken.position.order != nil || position.order == nil { return taken.position }
    position.batchIndex = taken.position.batchIndex
    return position
  }

  /// The loaders' own generators, by the names that a checkpoint gives them.
  private var generators: [(name: String, generator: Generator)] {
    func named(_ name: String, _ generators: [Generator]) -> [(String, Generator)] {
      generators.enumerated().map { index, generator in
        (index == 0 ? name : "\(name).\(index)", generator)
      }
    }
    return named("training", trainLoader.generators)
      + named("validation", validation?.loaders.flatMap(\.generators) ?? [])
  }

  func restoreRandom(_ point: ResumePoint) throws {
    for (name, generator) in generators {
      if let state = point.random[name] { try generator.restore(state) }
    }
    if let state = point.random["default"] { try Generator.default.restore(state) }
  }
}
