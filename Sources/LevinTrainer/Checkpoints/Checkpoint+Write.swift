internal import LevinConfiguration
internal import LevinFormats
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
      try AtomicFile.write(try safetensors().encoded(), to: path)
    }
  }

  func safetensors() throws -> SafetensorsFile {
    var file = SafetensorsFile()
    func add(_ name: String, _ tensor: Tensor) {
      file.entries.append((name, SafetensorsFile.Entry(tensor)))
    }
    for (name, tensor) in weights { add(name, tensor) }
    for (index, optimizer) in optimizers.enumerated() {
      for (name, tensor) in optimizer.state.sorted(by: { $0.key < $1.key }) {
        add("\(Self.prefix)optimizer.\(index).\(name)", tensor)
      }
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      add("\(Self.prefix)tensor.\(name)", tensor)
    }
    // Python's tools accept files that say "pt", for PyTorch.
    file.metadata = ["format": "pt", "levin.format": Self.format]
    func note(_ name: String, _ value: some Encodable) throws {
      file.metadata[Self.prefix + name] = try JSONText.encode(value)
    }
    if !dataHashes.isEmpty { try note("data", dataHashes) }
    if let resumePoint {
      for (name, state) in resumePoint.random.sorted(by: { $0.key < $1.key }) {
        add("\(Self.prefix)random.\(name)", Tensor(state))
      }
      try note("loop", resumePoint.loop)
      if let position = resumePoint.position { try note("loader", position) }
      try note("metrics.training", resumePoint.trainingMetrics)
      try note("metrics.validation", resumePoint.validationMetrics)
      try note("learning_rates", optimizers.map(\.learningRate))
      try note("optimizer_groups", optimizers.map(\.groups))
      for (path, state) in resumePoint.metricObjects.sorted(by: { $0.key < $1.key }) {
        for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
          add("\(Self.prefix)metric.\(path).\(name)", tensor)
        }
      }
      if !resumePoint.schedulers.isEmpty { try note("schedulers", resumePoint.schedulers) }
      if resumePoint.seconds > 0 { try note("seconds", resumePoint.seconds) }
      file.metadata[Self.prefix + "data_module"] = resumePoint.data
    }
    file.metadata[Self.prefix + "hyperparameters"] = hyperparameters
    file.metadata[Self.prefix + "hyperparameters.module"] = moduleHyperparameters
    file.metadata[Self.prefix + "module"] = moduleName
    for (key, state) in callbackStates { file.metadata["\(Self.prefix)callback.\(key)"] = state }
    for (key, text) in extra { file.metadata["\(Self.prefix)extra.\(key)"] = text }
    file.metadata[Self.checksumKey] = Self.checksum(of: file)
    return file
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
    if let scheduler = scheduler as? SWALR {
      return [("swa_lr", own(scheduler.options.averagingRates))]
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
