public import LevinTensor

/// What a checkpoint file holds.
///
/// The weights have PyTorch's plain names; the names of everything else begin with `levin.`
/// (docs/checkpoints.md).
public struct Checkpoint {
  /// The module's parameters under PyTorch's names.
  public var weights: [(name: String, tensor: Tensor)] = []
  /// The hyperparameters of the module and the data module, as JSON; nil where there are none.
  public var hyperparameters: String?
  /// Texts that the module added, by name.
  public var extra: [String: String] = [:]
  /// The states of callbacks, by their keys.
  public var callbackStates: [String: String] = [:]

  /// The fingerprints of the training, validation and test data, by those names.
  var dataHashes: [String: String] = [:]
  /// The state of each optimizer: tensors by name, and the learning rate.
  var optimizers: [(state: [String: Tensor], learningRate: Double)] = []
  /// The state of the training; nil in a file with only weights.
  var resumePoint: ResumePoint?

  /// The epoch, from 0, in which the checkpoint was written.
  public var epoch: Int { resumePoint?.loop.epoch ?? 0 }
  /// Optimizer steps made before it was written.
  public var globalStep: Int { resumePoint?.loop.globalStep ?? 0 }

  /// An empty checkpoint.
  public init() {}
}
