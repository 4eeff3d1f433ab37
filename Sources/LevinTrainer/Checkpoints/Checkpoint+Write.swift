internal import LevinConfiguration
internal import LevinFormats
internal import LevinNN
internal import LevinOptimizers
internal import LevinSystem
internal import LevinTensor

extension Checkpoint {
  /// The prefix of all names that are not weights.
  static let prefix = "levin."

  /// Writes the checkpoint to a temporary file, syncs it and renames it to `path`.
  ///
  /// With a name that ends in `.ckpt` or `.pt`, PyTorch opens the file with `torch.load`, Lightning with
  /// `fit(ckpt_path=…)` and `load_from_checkpoint`, and Levin as any other; otherwise it is safetensors.
  public func write(to path: String) throws {
    if [".ckpt", ".pt", ".pth"].contains(where: path.lowercased().hasSuffix) {
      try TorchFile.write(lightning.value, to: path)
    } else {
      let (tensors, metadata) = try content
      try TensorFile.writeSafetensors(tensors, to: path, metadata: metadata)
    }
  }

  /// The tensors and the metadata of a file of Levin's own; nothing is copied.
  var content: (tensors: [TensorFile.Source], metadata: [String: String]) {
    get throws {
      let tensors = namedTensors.map { TensorFile.Source($0.name, $0.tensor) }
      var metadata = try notes()
      metadata[Self.checksumKey] = Self.text(
        ofChecksum: try SafetensorsFile.checksum(
          of: tensors, metadata, leavingOut: Self.checksumKey))
      return (tensors, metadata)
    }
  }

  private var namedTensors: [(name: String, tensor: Tensor)] {
    var result: [(name: String, tensor: Tensor)] = []
    func add(_ name: String, _ tensor: Tensor) { result.append((name, tensor)) }
    for (name, tensor) in weights { add(name, tensor) }
    for (index, optimizer) in optimizers.enumerated() {
      for (name, tensor) in optimizer.state.sorted(by: { $0.key < $1.key }) {
        add("\(Self.prefix)optimizer.\(index).\(name)", tensor)
      }
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      add("\(Self.prefix)tensor.\(name)", tensor)
    }
    for (name, state) in (resumePoint?.random ?? [:]).sorted(by: { $0.key < $1.key }) {
      add("\(Self.prefix)random.\(name)", Tensor(state))
    }
    for (path, state) in (resumePoint?.metricObjects ?? [:]).sorted(by: { $0.key < $1.key }) {
      for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
        add("\(Self.prefix)metric.\(path).\(name)", tensor)
      }
    }
    return result
  }

  /// The metadata without the checksum.
  private func notes() throws -> [String: String] {
    // Python's tools accept files that say "pt", for PyTorch.
    var metadata = ["format": "pt", "levin.format": Self.format]
    func note(_ name: String, _ value: some Encodable) throws {
      metadata[Self.prefix + name] = try JSONText.encode(value)
    }
    if !dataHashes.isEmpty { try note("data", dataHashes) }
    if let resumePoint {
      try note("loop", resumePoint.loop)
      if let position = resumePoint.position { try note("loader", position) }
      try note("metrics.training", resumePoint.trainingMetrics)
      try note("metrics.validation", resumePoint.validationMetrics)
      try note("learning_rates", optimizers.map(\.learningRate))
      try note("optimizer_groups", optimizers.map(\.groups))
      if !resumePoint.schedulers.isEmpty {
        try note("schedulers", resumePoint.schedulers)
        try note("scheduler_optimizers", schedulerOptimizers)
      }
      if resumePoint.seconds > 0 { try note("seconds", resumePoint.seconds) }
      metadata[Self.prefix + "data_module"] = resumePoint.data
    }
    metadata[Self.prefix + "hyperparameters"] = hyperparameters
    metadata[Self.prefix + "hyperparameters.module"] = moduleHyperparameters
    metadata[Self.prefix + "module"] = moduleName
    for (key, state) in callbackStates { metadata["\(Self.prefix)callback.\(key)"] = state }
    for (key, text) in extra { metadata["\(Self.prefix)extra.\(key)"] = text }
    return metadata
  }
}

extension Checkpoint.OptimizerState {
  init(_ optimizer: Optimizer, _ schedulers: [LearningRateScheduler]) throws {
    (state, learningRate) = (optimizer.state, optimizer.learningRate)
    let own = schedulers.filter { $0.optimizer === optimizer }
    groups = try optimizer.groups.enumerated().map { index, group in
      var options = ConfigValue(encoding: group.options)
      for (name, value) in own.flatMap({ Self.limits(of: $0, group: index) }) {
        options[name] = .float(value)
      }
      return Group(options: try options.json(), count: group.parameters.count)
    }
  }

  /// What PyTorch's schedulers keep in an optimizer's groups, under PyTorch's names.
  private static func limits(
    of scheduler: LearningRateScheduler, group: Int
  ) -> [(name: String, value: Double)] {
    func own(_ numbers: [Double]) -> Double { numbers.count == 1 ? numbers[0] : numbers[group] }
    switch scheduler {
    case let scheduler as SWALR: return [("swa_lr", own(scheduler.options.averagingRates))]
    // Each adds its own when it is made.
    case let scheduler as SequentialLR:
      return scheduler.schedulers.flatMap { limits(of: $0, group: group) }
    case let scheduler as ChainedScheduler:
      return scheduler.schedulers.flatMap { limits(of: $0, group: group) }
    default: break
    }
    guard let options = (scheduler as? OneCycleLR)?.options else { return [] }
    let first = own(options.maxRates) / options.divFactor
    let rates = [
      ("initial_lr", first), ("max_lr", own(options.maxRates)),
      ("min_lr", first / options.finalDivFactor),
    ]
    guard options.cycleMomentum else { return rates }
    return rates + [
      ("base_momentum", own(options.baseMomentum)), ("max_momentum", own(options.maxMomentum)),
    ]
  }
}

extension SafetensorsFile.Entry {
  init(_ tensor: Tensor) {
    let dtype =
      switch tensor.dtype {
      case .float32: "F32"
      case .float64: "F64"
      case .int32: "I32"
      case .int64: "I64"
      case .uint8: "U8"
      case .bool: "BOOL"
      case .float16: "F16"
      case .bfloat16: "BF16"
      }
    self.init(
      dtype: dtype, shape: Array(tensor.shape), bytes: tensor.withUnsafeBytes { Array($0) })
  }
}
