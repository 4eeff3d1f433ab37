internal import LevinConfiguration
internal import LevinFormats
internal import LevinNN
internal import LevinTensor

extension Checkpoint {
  /// Under this key, a file for Lightning has what Lightning has no place for.
  static let ownKey = "levin"

  /// What Lightning goes on from, and Levin too, as exactly as from a file of its own.
  ///
  /// Without the options of the optimizers, which files of earlier versions lack, no training can go on from it.
  var lightning: LightningCheckpoint {
    get throws {
      var result = LightningCheckpoint()
      result.weights = weights.map { TensorFile.Source($0.name, $0.tensor) }
      if let text = moduleHyperparameters {
        result.hyperparameters = TorchValue(try ConfigValue(yaml: text, file: "hyperparameters"))
      }
      if let loop = resumePoint?.loop, optimizers.allSatisfy({ !$0.groups.isEmpty }) {
        result.progress = LightningCheckpoint.Progress(loop)
        let schedulers = resumePoint?.schedulers ?? []
        result.optimizers = optimizers.enumerated().map { index, optimizer in
          let first = schedulers.indices.first { self.optimizer(ofScheduler: $0) == index }
          return optimizer.torch(initialRates: first.flatMap { schedulers[$0]["base_lrs"] })
        }
        result.schedulers = schedulers.enumerated().map { index, state in
          let number = optimizer(ofScheduler: index)
          let rates = optimizers.indices.contains(number) ? optimizers[number].rates : []
          return TorchValue(schedule: state, rates: rates)
        }
        result.callbacks = try callbackStates.sorted { $0.key < $1.key }.compactMap { key, text in
          try CallbackState.lightning(key, text).map { (key, $0) }
        }
      }
      let (tensors, metadata) = try content
      let own = tensors.filter {
        $0.name.hasPrefix(Self.prefix) && !$0.name.hasPrefix("\(Self.prefix)optimizer.")
      }
      result.extra = [
        (
          Self.ownKey,
          [
            "metadata": .dictionary(
              metadata.sorted { $0.key < $1.key }.map { (.text($0.key), .text($0.value)) }),
            "tensors": .state(own),
          ]
        )
      ]
      return result
    }
  }
}

extension LightningCheckpoint.Progress {
  fileprivate init(_ loop: LoopState) {
    self.init()
    finishedEpochs = loop.isEpochDone ? loop.epoch + 1 : loop.epoch
    batchesDone = loop.isEpochDone ? 0 : loop.batchesDone
    batchesPerEpoch = loop.isEpochDone ? loop.batchesDone : 0
    (totalBatches, globalStep) = (loop.totalBatches, loop.globalStep)
    validationBatches = loop.validationBatches
  }
}

extension Checkpoint.OptimizerState {
  /// PyTorch's names of options, where they are not Levin's.
  private static let torchNames = [
    "learning_rate": "lr", "epsilon": "eps", "learning_rate_decay": "lr_decay",
    // ASGD, Adafactor
    "decay": "lambd", "averaging_start": "t0", "clipping_threshold": "d",
    // LBFGS
    "line_search": "line_search_fn", "max_iterations": "max_iter", "max_evaluations": "max_eval",
    "tolerance_gradient": "tolerance_grad",
    // Muon
    "coefficients": "ns_coefficients", "iterations": "ns_steps", "adjustment": "adjust_lr_fn",
  ]

  private func rate(ofGroup index: Int) -> Double {
    state["param_groups.\(index).lr"]?.item() ?? learningRate
  }

  /// The learning rate of each group.
  fileprivate var rates: [Double] { groups.indices.map(rate) }

  /// What `state_dict()` of the optimizer's namesake in `torch.optim` returns.
  fileprivate func torch(initialRates: [Double]?) -> TorchValue {
    var number = 0
    var groups: [TorchValue] = []
    for (index, group) in self.groups.enumerated() {
      var pairs: [(key: TorchValue, value: TorchValue)] = []
      let options = (try? ConfigValue(yaml: group.options, file: "options"))?.members ?? []
      for member in options {
        let name = Self.torchNames[member.key] ?? member.key
        var value = TorchValue(member.value)
        if case .list(let elements) = value { value = .tuple(elements) }
        if name == "lr" { value = .double(rate(ofGroup: index)) }
        if name == "momentum", let momentum = state["param_groups.\(index).momentum"] {
          value = .double(momentum.item())
        }
        pairs.append((.text(name), value))
      }
      // What PyTorch has besides: ways to compute the same.
      pairs += [
        ("foreach", .none), ("capturable", .bool(false)), ("differentiable", .bool(false)),
        ("fused", .none),
      ]
      if let initialRates, initialRates.indices.contains(index),
        !options.contains(where: { $0.key == "initial_lr" })
      {
        pairs.append(("initial_lr", .double(initialRates[index])))
      }
      pairs.append(("params", .list((number..<number + group.count).map { .int($0) })))
      number += group.count
      groups.append(.dictionary(pairs))
    }
    return ["state": .dictionary(parameterStates), "param_groups": .list(groups)]
  }

  private var parameterStates: [(key: TorchValue, value: TorchValue)] {
    var states: [Int: [String: [(index: Int?, tensor: Tensor)]]] = [:]
    for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count >= 2, let parameter = Int(parts[0]) else { continue }
      states[parameter, default: [:]][parts[1], default: []].append(
        (parts.count > 2 ? Int(parts[2]) : nil, tensor))
    }
    return states.sorted { $0.key < $1.key }.map { parameter, entries in
      let pairs = entries.sorted { $0.key < $1.key }.map {
        kind, tensors -> (TorchValue, TorchValue) in
        func source(_ tensor: Tensor) -> TorchValue { .tensor(TensorFile.Source(kind, tensor)) }
        if tensors[0].index != nil {
          let ordered = tensors.sorted { $0.index ?? 0 < $1.index ?? 0 }
          return (.text(kind), .list(ordered.map { source($0.tensor) }))
        }
        let tensor = tensors[0].tensor
        // LBFGS counts with plain numbers.
        return switch kind {
        case "func_evals", "n_iter": (.text(kind), .int(Int(tensor.item())))
        case "t", "prev_loss": (.text(kind), .double(tensor.item()))
        default: (.text(kind), source(tensor))
        }
      }
      return (.int(parameter), .dictionary(pairs.map { (key: $0.0, value: $0.1) }))
    }
  }
}

extension TorchValue {
  /// `state_dict()` of a scheduler.
  fileprivate init(schedule state: [String: [Double]], rates: [Double]) {
    let counts: Set = [
      "last_epoch", "_step_count", "T_cur", "T_i", "num_bad_epochs", "cooldown_counter",
    ]
    var pairs: [(key: TorchValue, value: TorchValue)] = []
    var parts: [Int: [String: [Double]]] = [:]
    for (name, numbers) in state.sorted(by: { $0.key < $1.key }) {
      let path = name.split(separator: ".", maxSplits: 2).map(String.init)
      if path.count == 3, path[0] == "_schedulers", let index = Int(path[1]) {
        parts[index, default: [:]][path[2]] = numbers
      } else if name == "base_lrs" {
        pairs.append((.text(name), .list(numbers.map { .double($0) })))
      } else if let number = numbers.first, numbers.count == 1 {
        pairs.append((.text(name), counts.contains(name) ? .int(Int(number)) : .double(number)))
      }
    }
    pairs.append(("_last_lr", .list(rates.map { .double($0) })))
    if !parts.isEmpty {
      let schedules = parts.sorted { $0.key < $1.key }.map {
        TorchValue(schedule: $0.value, rates: rates)
      }
      pairs.append(("_schedulers", .list(schedules)))
    }
    self = .dictionary(pairs)
  }

  /// A tree of options.
  fileprivate init(_ value: ConfigValue) {
    switch value {
    case .null: self = .none
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = .int(number)
    case .float(let number): self = .double(number)
    case .string(let text): self = .text(text)
    case .array(let elements): self = .list(elements.map { TorchValue($0) })
    case .object(let members):
      self = .dictionary(members.map { (.text($0.key), TorchValue($0.value)) })
    }
  }
}
