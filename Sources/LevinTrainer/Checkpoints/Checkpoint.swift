public import LevinTensor

/// The content of a checkpoint file.
///
/// The weights have PyTorch's plain names; all other names begin with `levin.` (docs/checkpoints.md).
public struct Checkpoint {
  /// The module's parameters under PyTorch's names.
  public var weights: [(name: String, tensor: Tensor)] = []
  /// The hyperparameters of the module and the data module, as JSON; nil if there are none.
  public var hyperparameters: String?
  /// The hyperparameters of the module alone, as JSON; nil if it has none.
  public var moduleHyperparameters: String?
  /// Strings that the module added, by name.
  public var extra: [String: String] = [:]
  /// Tensors that callbacks or the module added, by name.
  public var tensors: [String: Tensor] = [:]
  /// The states of callbacks by their keys.
  public var callbackStates: [String: String] = [:]

  /// The fingerprints of the training, validation and test data, by the name of the set.
  var dataHashes: [String: String] = [:]
  /// The state of each optimizer: tensors by name, and the learning rate.
  var optimizers: [(state: [String: Tensor], learningRate: Double)] = []
  /// The state of the training; nil in a file with only weights.
  var resumePoint: ResumePoint?

  /// The epoch, from 0, in which the checkpoint was written.
  public var epoch: Int { resumePoint?.loop.epoch ?? 0 }
  /// The number of optimizer steps made before it was written.
  public var globalStep: Int { resumePoint?.loop.globalStep ?? 0 }

  /// An empty checkpoint.
  public init() {}
}
