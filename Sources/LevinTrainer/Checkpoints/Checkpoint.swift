public import LevinTensor

/// What a checkpoint file holds.
///
/// The weights stand bare under PyTorch's names; all else is kept under names that begin with `levin.`
/// (docs/checkpoints.md).
public struct Checkpoint {
  /// The module's parameters under PyTorch's names.
  public var weights: [(name: String, tensor: Tensor)] = []
  /// The hyperparameters of the module and the data module, as JSON; nil where there are none.
  public var hyperparameters: String?
  /// Texts of the module's own, by name.
  public var extra: [String: String] = [:]
  /// What callbacks keep, by their keys.
  public var callbackStates: [String: String] = [:]

  /// The fingerprints of the data that it was trained and validated on, by what it was used for.
  var dataHashes: [String: String] = [:]
  /// The state of each optimizer: tensors by name, and the learning rate.
  var optimizers: [(state: [String: Tensor], learningRate: Double)] = []
  /// Where the training stands; nil in a file of weights alone.
  var resumePoint: ResumePoint?

  /// The epoch, from 0, in which the checkpoint was written.
  public var epoch: Int { resumePoint?.loop.epoch ?? 0 }
  /// Optimizer steps made before it was written.
  public var globalStep: Int { resumePoint?.loop.globalStep ?? 0 }

  /// An empty checkpoint.
  public init() {}
}
