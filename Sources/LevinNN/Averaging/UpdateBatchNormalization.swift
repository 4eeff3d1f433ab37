internal import LevinTensor

/// Recomputes the running statistics of a model's batch normalization, as the average over all batches (PyTorch's
/// `update_bn`).
///
/// Averaged weights need this, since the statistics belong to other weights. `call` calls the model with a batch; it is
/// not recorded for gradients. A model without batch normalization is not called.
public func updateBatchNormalization<Batch>(
  of model: Module, over batches: some Sequence<Batch>, _ call: (Batch) throws -> Void
) rethrows {
  let norms = model.namedModules.compactMap { $0.module as? BatchNorm }
  guard !norms.isEmpty else { return }
  let momentums = norms.map(\.momentum)
  let wasTraining = model.isTraining
  defer {
    for (norm, momentum) in zip(norms, momentums) { norm.momentum = momentum }
    model.train(wasTraining)
  }
  for norm in norms {
    norm.resetRunningStatistics()
    norm.momentum = nil
  }
  model.train()
  try withoutGradients {
    for batch in batches { try call(batch) }
  }
}

extension BatchNorm {
  fileprivate func resetRunningStatistics() {
    if let runningMean { runningMean.value = runningMean.value.zerosLike() }
    if let runningVariance { runningVariance.value = runningVariance.value.onesLike() }
    if let batchesTracked { batchesTracked.value = batchesTracked.value.zerosLike() }
  }
}
