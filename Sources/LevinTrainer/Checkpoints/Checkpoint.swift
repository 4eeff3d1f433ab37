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
  /// The class of the module; nil in files of earlier versions and of other programs.
  public var moduleName: String?
  /// Strings that the module added, by name.
  public var extra: [String: String] = [:]
  /// Tensors that callbacks or the module added, by name.
  public var tensors: [String: Tensor] = [:]
  /// The states of callbacks by their keys.
  public var callbackStates: [String: String] = [:]

  /// The fingerprints of the training, validation and test data, by the name of the set.
  var dataHashes: [String: String] = [:]
  /// The state of each optimizer.
  var optimizers: [OptimizerState] = []
  /// The number of the optimizer of each scheduler; empty in files of earlier versions and of other programs.
  var schedulerOptimizers: [Int] = []
  /// The state of the training; nil in a file with only weights.
  var resumePoint: ResumePoint?

  /// The program that wrote the file, if it was not Levin.
  var origin: String?

  /// What a checkpoint holds of an optimizer.
  struct OptimizerState {
    /// A group of parameters, for programs that want to know its options.
    struct Group: Codable {
      /// JSON.
      var options: String
      /// The number of parameters.
      var count: Int
    }
    /// Tensors by name.
    var state: [String: Tensor] = [:]
    /// The learning rate of the first group.
    var learningRate = 0.0
    /// Empty in files of earlier versions and of other programs.
    var groups: [Group] = []
  }

  /// The epoch, from 0, in which the checkpoint was written.
  public var epoch: Int { resumePoint?.loop.epoch ?? 0 }
  /// The number of a scheduler's optimizer.
  func optimizer(ofScheduler index: Int) -> Int {
    schedulerOptimizers.indices.contains(index) ? schedulerOptimizers[index] : 0
  }
  /// The number of optimizer steps made before it was written.
  public var globalStep: Int { resumePoint?.loop.globalStep ?? 0 }

  /// An empty checkpoint.
  public init() {}
}
