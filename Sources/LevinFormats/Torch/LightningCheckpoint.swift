/// What a checkpoint holds so that Lightning goes on from it: `fit(ckpt_path=)`, `load_from_checkpoint`, `test`.
///
/// The layout is that of Lightning 2.6.
public struct LightningCheckpoint {
  /// How far a training with one optimizer step per batch is.
  public struct Progress {
    /// The number of epochs that are finished, validation included.
    public var finishedEpochs = 0
    /// The batches done of the epoch after those; 0 at its beginning.
    public var batchesDone = 0
    /// The batches of the last finished epoch.
    public var batchesPerEpoch = 0
    /// The batches done since the training began.
    public var totalBatches = 0
    /// The optimizer steps since then.
    public var globalStep = 0
    /// The batches of the last validation; 0 if there was none.
    public var validationBatches = 0
    /// A training that has not begun.
    public init() {}
  }
  /// Parameters and buffers under their names: a tied one under each of its names, since PyTorch wants all.
  public var weights: [TensorFile.Source] = []
  /// How far the training is; nil for weights alone, from which no training goes on.
  public var progress: Progress?
  /// `state_dict()` of each optimizer: `{"state": {0: {"step": …}}, "param_groups": [{"lr": …, "params": [0, …]}]}`.
  public var optimizers: [TorchValue] = []
  /// `state_dict()` of each scheduler.
  public var schedulers: [TorchValue] = []
  /// The states of callbacks by their keys (``callbackKey(_:_:)``).
  public var callbacks: [(key: String, state: TorchValue)] = []
  /// The hyperparameters of the module by their names; nil if there are none.
  public var hyperparameters: TorchValue?
  /// What Levin or a module adds, under names of its own.
  public var extra: [(key: String, value: TorchValue)] = []

  /// An empty checkpoint.
  public init() {}

  /// The key of a callback's state, `ModelCheckpoint{'monitor': 'val/loss', …}`.
  public static func callbackKey(
    _ name: String, _ settings: [(key: String, value: TorchValue)]
  ) -> String {
    name + TorchValue.dictionary(settings.map { (.text($0.key), $0.value) }).pythonText
  }

  /// The tree that ``TorchFile/write(_:to:)`` saves.
  public var value: TorchValue {
    var pairs: [(String, TorchValue)] = []
    if let progress {
      pairs += [("epoch", .int(progress.epoch)), ("global_step", .int(progress.globalStep))]
    }
    pairs += [("pytorch-lightning_version", "2.6.6"), ("state_dict", .state(weights))]
    if let progress {
      pairs += [
        ("loops", progress.loops),
        ("callbacks", .dictionary(callbacks.map { (.text($0.key), $0.state) })),
        ("optimizer_states", .list(optimizers)), ("lr_schedulers", .list(schedulers)),
      ]
    }
    if let hyperparameters {
      pairs += [("hparams_name", "kwargs"), ("hyper_parameters", hyperparameters)]
    }
    return .dictionary((pairs + extra).map { (.text($0.0), $0.1) })
  }
}

extension LightningCheckpoint.Progress {
  private var isBetweenEpochs: Bool { batchesDone == 0 }

  /// Lightning counts an epoch as completed only after the checkpoint at its end was written.
  var epoch: Int { isBetweenEpochs ? max(finishedEpochs - 1, 0) : finishedEpochs }

  private func counts(_ ready: Int, _ completed: Int) -> TorchValue {
    ["ready": .int(ready), "completed": .int(completed)]
  }

  private func counts(
    _ ready: Int, _ completed: Int, started: Int, processed: Int
  ) -> TorchValue {
    [
      "ready": .int(ready), "completed": .int(completed), "started": .int(started),
      "processed": .int(processed),
    ]
  }

  private func batches(total: Int, current: Int, late: Int, isLast: Bool?) -> TorchValue {
    var pairs: [(key: TorchValue, value: TorchValue)] = [
      ("total", counts(total, total - late, started: total, processed: total)),
      ("current", counts(current, current - late, started: current, processed: current)),
    ]
    if let isLast { pairs.append(("is_last_batch", .bool(isLast))) }
    return .dictionary(pairs)
  }

  private func evaluation(_ isLast: Bool?) -> TorchValue {
    ["state_dict": [:], "batch_progress": batches(total: 0, current: 0, late: 0, isLast: isLast)]
  }

  /// The counters of Lightning's loops, as it writes them at the end of an epoch, or after a batch, whose own
  /// completion is then counted late.
  var loops: TorchValue {
    let late = isBetweenEpochs ? 0 : 1
    let current = isBetweenEpochs ? batchesPerEpoch : batchesDone
    let begun = finishedEpochs + late
    let epochs = counts(begun, epoch, started: begun, processed: finishedEpochs)
    func zeroGradient(_ count: Int) -> TorchValue {
      ["ready": .int(count), "completed": .int(count), "started": .int(count)]
    }
    let validated = batches(
      total: validationBatches, current: validationBatches, late: 0, isLast: validationBatches > 0)
    let fit: TorchValue = [
      "state_dict": [:],
      "epoch_loop.state_dict": ["_batches_that_stepped": .int(globalStep - late)],
      "epoch_loop.batch_progress": batches(
        total: totalBatches, current: current, late: late, isLast: isBetweenEpochs),
      "epoch_loop.scheduler_progress": [
        "total": counts(finishedEpochs, finishedEpochs), "current": counts(1, 1),
      ],
      "epoch_loop.automatic_optimization.state_dict": [:],
      "epoch_loop.automatic_optimization.optim_progress": [
        "optimizer": [
          "step": ["total": counts(globalStep, globalStep), "current": counts(current, current)],
          "zero_grad": ["total": zeroGradient(globalStep), "current": zeroGradient(current)],
        ]
      ],
      "epoch_loop.manual_optimization.state_dict": [:],
      "epoch_loop.manual_optimization.optim_step_progress": [
        "total": counts(0, 0), "current": counts(0, 0),
      ],
      "epoch_loop.val_loop.state_dict": [:],
      "epoch_loop.val_loop.batch_progress": validated,
      "epoch_progress": ["total": epochs, "current": epochs],
    ]
    return [
      "fit_loop": fit, "validate_loop": evaluation(false), "test_loop": evaluation(false),
      "predict_loop": evaluation(nil),
    ]
  }
}

extension TorchValue {
  /// The value as Python's `repr` shows it.
  var pythonText: String {
    switch self {
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .text(let text): Self.pythonText(text)
    case .list(let elements): "[\(elements.map(\.pythonText).joined(separator: ", "))]"
    case .tuple(let members):
      "(\(members.map(\.pythonText).joined(separator: ", "))\(members.count == 1 ? "," : ""))"
    case .dictionary(let pairs), .orderedDictionary(let pairs):
      "{\(pairs.map { "\($0.key.pythonText): \($0.value.pythonText)" }.joined(separator: ", "))}"
    case .tensor: "tensor"
    }
  }

  private static func pythonText(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quote + (quote == "'" ? escaped.replacing("'", with: "\\'") : escaped) + quote
  }
}
