internal import LevinNN
internal import LevinTensor

extension FitLoop {
  /// Computes the step of a batch and its gradients once more, and returns the first operation that gives NaN; nil if
  /// none does.
  ///
  /// Gradients, buffers, random numbers and metrics stay as they are.
  func anomaly(in batch: BatchContext) throws -> AnomalyError? {
    guard let content = batch.batch(as: Batch.self), module.automaticOptimization else {
      return nil
    }
    let gradients = module.parameters.map(\.gradient)
    let buffers = module.namedBuffers.map { ($0.buffer, $0.buffer.value) }
    let objects = MetricObjects(of: module)
    let states = objects.states
    let ignoredLog = context.ignoresLog
    context.ignoresLog = true
    defer {
      context.ignoresLog = ignoredLog
      for (parameter, gradient) in zip(module.parameters, gradients) {
        parameter.gradient = gradient
      }
      for (buffer, value) in buffers { buffer.value = value }
      // They were just read from the same objects.
      try? objects.restore(states)
    }
    return try keepingRandomNumbers {
      do {
        try withAnomalyDetection {
          try module.trainingStep(content, batchIndex: batch.index)?.backward()
        }
        return nil
      } catch let anomaly as AnomalyError {
        return anomaly
      }
    }
  }
}
