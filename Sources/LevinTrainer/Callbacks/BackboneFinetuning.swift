public import LevinConfiguration
internal import LevinNN
public import LevinOptimizers
internal import LevinSystem

/// Trains a model's `backbone` from an epoch on, with a learning rate that grows from a small one to that of the rest.
///
///     BackboneFinetuning(unfreezeAtEpoch: 5)
///
/// The backbone is frozen until then, but for its batch normalization.
public final class BackboneFinetuning: BaseFinetuning {
  /// The options of ``BackboneFinetuning``.
  public struct Options: HyperparameterSet {
    /// The path of the backbone in the module.
    public var backbone = "backbone"
    /// The epoch, from 0, from which the backbone is trained (Lightning's `unfreeze_backbone_at_epoch`).
    public var unfreezeAtEpoch = 10
    /// The factor of the backbone's learning rate from epoch to epoch; see also ``BackboneFinetuning/growth``.
    public var growth = 2.0
    /// The backbone's first learning rate, as a part of that of the first group.
    public var initialRatio = 0.1
    /// The backbone's first learning rate; nil: by ``initialRatio``.
    public var initialRate: Double?
    /// Whether the backbone's learning rate stays at most that of the first group.
    public var shouldAlign = true
    /// Whether the backbone's batch normalization is in its group.
    public var trainBatchNorm = true
    /// Whether the learning rates of each epoch are printed.
    public var verbose = false

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case backbone
      case unfreezeAtEpoch = "unfreezeBackboneAtEpoch"
      case growth
      case initialRatio = "backboneInitialRatioLr"
      case initialRate = "backboneInitialLr"
      case shouldAlign
      case trainBatchNorm = "trainBn"
      case verbose
    }

    /// Throws ``ConfigError`` if a value is out of range.
    public func validate() throws {
      try require("unfreeze_backbone_at_epoch", unfreezeAtEpoch, atLeast: 0)
      try require("growth", growth, atLeast: 0)
      try require("backbone_initial_ratio_lr", initialRatio, atLeast: 0)
      try require("backbone_initial_lr", initialRate ?? 0, atLeast: 0)
    }

    /// A sentence about each option.
    public static let help = [
      "backbone": "The path of the backbone in the module.",
      "unfreeze_backbone_at_epoch": "The epoch from which the backbone is trained.",
      "growth": "The factor of the backbone's learning rate from epoch to epoch.",
      "backbone_initial_ratio_lr":
        "The backbone's first learning rate, as a part of the first group's.",
      "backbone_initial_lr": "The backbone's first learning rate; null: by the ratio.",
      "should_align": "Whether the backbone's rate stays at most the first group's.",
      "train_bn": "Whether the backbone's batch normalization is in its group.",
      "verbose": "Whether the learning rates of each epoch are printed.",
    ]
  }

  /// The options.
  public let options: Options
  /// The factor of the backbone's learning rate for an epoch (Lightning's `lambda_func`); by default ``Options/growth``.
  public let growth: (_ epoch: Int) -> Double
  private var rate: Double?

  /// Creates a callback.
  ///
  /// Traps if an option is out of range.
  public init(_ options: Options, growth: ((_ epoch: Int) -> Double)? = nil) {
    do { try options.validate() } catch { fail("BackboneFinetuning", "\(error)") }
    self.options = options
    self.growth = growth ?? { _ in options.growth }
    super.init()
  }

  /// Creates a callback with these options; `change` sets any other.
  public convenience init(
    unfreezeAtEpoch: Int = 10, _ change: (inout Options) -> Void = { _ in }
  ) {
    var options = Options()
    options.unfreezeAtEpoch = unfreezeAtEpoch
    change(&options)
    self.init(options)
  }

  private func backbone(of module: LightningModuleBase) throws -> Module {
    guard let found = module.child(at: options.backbone) else {
      throw TrainerError.configuration(
        key: "callbacks",
        found:
          "BackboneFinetuning of '\(options.backbone)', which \(type(of: module)) does not have",
        expected: "the path of a child, such as "
          + (module.namedChildren.first?.name ?? "backbone"))
    }
    return found
  }

  public override func freezeBeforeTraining(_ module: LightningModuleBase) throws {
    freeze(try backbone(of: module))
  }

  public override func finetune(
    _ module: LightningModuleBase, epoch: Int, _ optimizer: Optimizer
  ) throws {
    let current = optimizer.learningRate
    if epoch == options.unfreezeAtEpoch {
      let first = options.initialRate ?? current * options.initialRatio
      rate = first
      unfreezeAndAddGroup(
        try backbone(of: module), to: optimizer, learningRate: first,
        trainBatchNorm: options.trainBatchNorm)
    } else if epoch > options.unfreezeAtEpoch, let old = rate {
      let next = growth(epoch + 1) * old
      let new = options.shouldAlign ? min(next, current) : next
      optimizer.groups.last?.learningRate = new
      rate = new
    } else {
      return
    }
    guard options.verbose, let rate else { return }
    module.trainer?.note(
      "Epoch \(epoch): learning rate \(CheckpointName.short(current)), of the backbone \(CheckpointName.short(rate))."
    )
  }

  public override var moreState: String? { rate.map { "\($0)" } }
  public override func restoreMore(_ state: String) { rate = Double(state) }
}
