internal import LevinNN
internal import LevinTensor

/// Logs histograms of the weights and of the gradients at the end of an epoch: `weights/model.0.weight`,
/// `gradients/model.0.weight`, with the epoch as the x-axis.
///
/// The gradients are those of the last step, after they were clipped.
public final class WeightHistograms: Callback {
  /// The number of epochs from one histogram to the next.
  public let everyNEpochs: Int
  /// Whether gradients have histograms, too.
  public let gradients: Bool

  /// - Parameters:
  ///   - everyNEpochs: The number of epochs from one histogram to the next, at least 1.
  ///   - gradients: Whether gradients have histograms, too.
  public init(everyNEpochs: Int = 1, gradients: Bool = true) {
    (self.everyNEpochs, self.gradients) = (max(1, everyNEpochs), gradients)
  }

  /// Logs the histograms.
  public override func onTrainEpochEnd(_ trainer: Trainer, _ module: LightningModuleBase) {
    let epoch = trainer.currentEpoch
    guard epoch % everyNEpochs == 0 else { return }
    for (name, parameter) in module.namedParameters {
      module.logger.addHistogram("weights/\(name)", parameter.value, step: epoch)
      if gradients, let gradient = parameter.gradient {
        module.logger.addHistogram("gradients/\(name)", gradient, step: epoch)
      }
    }
  }
}
