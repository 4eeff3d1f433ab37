internal import LevinConfiguration
internal import LevinData
internal import LevinFormats
internal import LevinNN
internal import LevinTensor

extension Checkpoint {
  /// Reads a file of `torch.save`, or weights in any format: of a checkpoint of Lightning's, the state of its training too.
  ///
  /// Random numbers, the order of shuffled samples, the means of a begun epoch and the states of callbacks other than
  /// ``EarlyStopping``, ``ModelCheckpoint`` and ``TrainingTimer`` are only in files that Levin wrote.
  init(other bytes: [UInt8], path: String) throws {
    let file = try TensorFile(bytes, path: path)
    let weights = try file.entries.map { ($0.name, try Tensor($0)) }
    if let own = file.content?[Self.ownKey] {
      try self.init(
        own: own, weights, file.content?["optimizer_states"]?.elements ?? [], path: path)
      return
    }
    self.init()
    self.weights = weights
    guard let content = file.content, content["pytorch-lightning_version"] != nil else { return }
    if let saved = content["hyper_parameters"]?.plain.value {
      moduleHyperparameters = try ConfigValue(saved).json()
      hyperparameters = moduleHyperparameters
    }
    guard let optimizers = content["optimizer_states"]?.elements,
      let loops = content["loops"]?["fit_loop"]
    else { return }
    self.optimizers = try optimizers.enumerated().map { index, state in
      try OptimizerState(torch: state, "optimizer_states[\(index)]", path: path)
    }
    resumePoint = try ResumePoint(lightning: content, loops, path: path)
    for (key, state) in content["callbacks"]?.pairs ?? [] {
      if let key = key.text { callbackStates[key] = try CallbackState.levin(key, state) }
    }
    origin = content["pytorch-lightning_version"]?.text.map { "Lightning \($0)" }
  }

  /// Whether `bytes` begin as the files of `torch.save` do: a zip archive, or a pickle.
  static func isTorch(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 0x03, 0x04])
      || bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
  }

  /// What ``lightning`` wrote.
  private init(
    own: PickleValue, _ weights: [(name: String, tensor: Tensor)], _ optimizers: [PickleValue],
    path: String
  ) throws {
    var file = SafetensorsFile()
    for (key, value) in own["metadata"]?.pairs ?? [] {
      if let key = key.text, let text = value.text { file.metadata[key] = text }
    }
    for (name, tensor) in weights { file.entries.append((name, .init(tensor))) }
    for (index, optimizer) in optimizers.enumerated() {
      let saved = try OptimizerState(torch: optimizer, "optimizer_states[\(index)]", path: path)
      for (name, tensor) in saved.state.sorted(by: { $0.key < $1.key }) {
        file.entries.append(("\(Self.prefix)optimizer.\(index).\(name)", .init(tensor)))
      }
    }
    for (key, value) in own["tensors"]?.pairs ?? [] {
      if let key = key.text, let entry = value.tensor {
        file.entries.append((key, .init(try Tensor(entry))))
      }
    }
    try Self.check(file, path: path)
    try self.init(checked: file, path: path)
  }
}

extension Checkpoint.OptimizerState {
  /// What `torch.optim` saves: `{"state": {0: {"step": …}}, "param_groups": [{"lr": …}]}`.
  fileprivate init(torch value: PickleValue, _ name: String, path: String) throws {
    func misfit(_ what: String) -> CheckpointError {
      .invalid(path: path, what: "'\(name)' \(what)")
    }
    guard let groups = value["param_groups"]?.elements, let states = value["state"]?.pairs else {
      throw misfit("is not the state of an optimizer")
    }
    for (index, group) in groups.enumerated() {
      guard
        let rate = group["lr"]?.double ?? group["lr"]?.tensor.flatMap({ try? Tensor($0).item() })
      else { throw misfit("has no learning rate in group \(index)") }
      state["param_groups.\(index).lr"] = Tensor(rate)
      let momentum = group["momentum"]?.double ?? group["betas"]?[0]?.double
      if let momentum { state["param_groups.\(index).momentum"] = Tensor(momentum) }
      if index == 0 { learningRate = rate }
    }
    for (key, entries) in states {
      guard let parameter = key.int, let entries = entries.pairs else {
        throw misfit("has the key \(key), which is no number of a parameter")
      }
      for (key, entry) in entries {
        guard let kind = key.text else { throw misfit("has the key \(key), which is no name") }
        let values = entry.elements.map { list in
          list.enumerated().map { ("\(kind).\($0.offset)", $0.element) }
        }
        for (kind, entry) in values ?? [(kind, entry)] where !entry.isNone {
          let entryName = "\(parameter).\(kind)"
          let number = entry.int.map { Tensor(Float($0)) } ?? entry.double.map { Tensor(Float($0)) }
          guard let tensor = try entry.tensor.map({ try Tensor($0) }) ?? number else {
            throw misfit("has \(entryName), which is neither a tensor nor a number")
          }
          try tensor.checkSteps(entryName, path: path)
          state[entryName] = tensor
        }
      }
    }
  }
}

extension ResumePoint {
  /// The counters of Lightning's loops.
  fileprivate init(lightning content: PickleValue, _ fit: PickleValue, path: String) throws {
    func count(_ keys: String...) throws -> Int {
      let value = keys.reduce(Optional(fit)) { $0?[$1] }
      guard let count = value?.int else {
        throw CheckpointError.invalid(
          path: path, what: "'loops' has no number \(keys.joined(separator: "."))")
      }
      return count
    }
    func batches(_ scope: String, _ name: String) throws -> Int {
      try count("epoch_loop.batch_progress", scope, name)
    }
    func epochs(_ name: String) throws -> Int { try count("epoch_progress", "current", name) }
    // After the training, its last epoch has been counted as completed.
    let hasEnded = try epochs("completed") == epochs("ready") && epochs("ready") > 0
    loop.epoch = try epochs("completed") - (hasEnded ? 1 : 0)
    loop.globalStep = content["global_step"]?.int ?? 0
    loop.totalBatches = try batches("total", "ready")
    loop.batchesDone = try batches("current", "ready")
    // A checkpoint after a batch is written before that batch is counted.
    let isWithinBatch = try batches("current", "completed") < loop.batchesDone
    loop.batchesThatStepped =
      try count("epoch_loop.state_dict", "_batches_that_stepped") + (isWithinBatch ? 1 : 0)
    loop.validationBatches =
      (try? count("epoch_loop.val_loop.batch_progress", "total", "ready")) ?? 0
    let isLast = fit["epoch_loop.batch_progress"]?["is_last_batch"]?.bool ?? false
    loop.isEpochDone = try isLast && epochs("processed") > loop.epoch
    if isLast, !isWithinBatch { loop.validatedAt = loop.batchesDone }
    try loop.check(path: path)
    if !loop.isEpochDone {
      position = LoaderPosition(after: loop.batchesDone)
    }
    schedulers = (content["lr_schedulers"]?.elements ?? []).map { saved in
      var state = saved.numbers("")
      // ReduceLROnPlateau has none of these.
      if state["base_lrs"] == nil { state["base_lrs"] = state["_last_lr"] }
      if state["_step_count"] == nil {
        state["_step_count"] = state["last_epoch"].map { [$0[0] + 1] }
      }
      return state.mapValues { $0.filter(\.isFinite) }
    }
  }
}

extension PickleValue {
  /// The numbers, truth values and lists of numbers of a dictionary, and those of dictionaries in it.
  fileprivate func numbers(_ prefix: String) -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for (key, value) in pairs ?? [] {
      guard let key = key.text else { continue }
      let list = value.elements?.compactMap { $0.double }
      if let number = value.double ?? value.bool.map({ $0 ? 1 : 0 }) {
        result[prefix + key] = [number]
      } else if let list, list.count == value.elements?.count {
        result[prefix + key] = list
      }
      for (index, part) in (value.elements ?? []).enumerated() where part.pairs != nil {
        result.merge(part.numbers("\(prefix)\(key).\(index).")) { $1 }
      }
    }
    return result
  }
}

extension ConfigValue {
  /// A plain tree of Python's; tensors are left out.
  init(_ value: TorchValue) {
    switch value {
    case .none, .tensor: self = .null
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .integer(number)
    case .double(let number): self = .float(number)
    case .text(let text): self = .string(text)
    case .list(let elements), .tuple(let elements): self = .array(elements.map { ConfigValue($0) })
    case .dictionary(let pairs), .orderedDictionary(let pairs):
      self = .object(
        pairs.map { key, value in
          if case .text(let name) = key { return Member(name, ConfigValue(value)) }
          if case .int(let number) = key { return Member("\(number)", ConfigValue(value)) }
          return Member("\(key)", ConfigValue(value))
        })
    }
  }
}
