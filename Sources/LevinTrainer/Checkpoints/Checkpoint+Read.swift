internal import LevinData
internal import LevinFormats
internal import LevinSystem
internal import LevinTensor

extension Checkpoint {
  /// Reads a checkpoint of Levin's or Lightning's, or a file with only weights in any format that `TensorFile` reads.
  ///
  /// Throws ``CheckpointError``, and errors of the file system and of the readers.
  public init(path: String) throws {
    guard FileBytes.isFile(path) else { throw CheckpointError.missing(path: path) }
    let bytes = try FileBytes.read(path)
    let isSafetensors = bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
    if !isSafetensors, Self.isTorch(bytes) || bytes.first == UInt8(ascii: "{") {
      try self.init(other: bytes, path: path)
    } else {
      try self.init(SafetensorsFile(bytes, path: path), path: path)
    }
  }

  init(_ file: SafetensorsFile, path: String) throws {
    try Self.check(file, path: path)
    try self.init(checked: file, path: path)
  }

  init(checked file: SafetensorsFile, path: String) throws {
    func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
      guard let text = file.metadata[Self.prefix + name] else { return nil }
      do {
        return try JSONText.decode(type, text)
      } catch {
        throw CheckpointError.invalid(
          path: path, what: "'\(Self.prefix)\(name)' is not in Levin's format")
      }
    }
    var random: [String: [UInt8]] = [:]
    var states: [Int: [String: Tensor]] = [:]
    var metrics: [String: [String: Tensor]] = [:]
    for (name, entry) in file.entries {
      if let key = name.suffix(after: "levin.random.") {
        random[key] = entry.bytes
      } else if let rest = name.suffix(after: "levin.optimizer.") {
        guard let dot = rest.firstIndex(of: "."), let index = Int(rest[..<dot]) else {
          throw CheckpointError.invalid(path: path, what: "'\(name)' names no optimizer")
        }
        let tensor = try Tensor(entry, name: name, path: path)
        try tensor.checkSteps(name, path: path)
        states[index, default: [:]][String(rest[rest.index(after: dot)...])] = tensor
      } else if let rest = name.suffix(after: "levin.metric.") {
        guard let dot = rest.lastIndex(of: ".") else {
          throw CheckpointError.invalid(path: path, what: "'\(name)' names no state of a metric")
        }
        metrics[String(rest[..<dot]), default: [:]][String(rest[rest.index(after: dot)...])] =
          try Tensor(entry, name: name, path: path)
      } else if let key = name.suffix(after: "levin.tensor.") {
        tensors[key] = try Tensor(entry, name: name, path: path)
      } else if !name.hasPrefix(Self.prefix) {
        weights.append((name, try Tensor(entry, name: name, path: path)))
      }
    }
    for (key, text) in file.metadata {
      if let name = key.suffix(after: "levin.callback.") { callbackStates[name] = text }
      if let name = key.suffix(after: "levin.extra.") { extra[name] = text }
    }
    hyperparameters = file.metadata["levin.hyperparameters"]
    moduleHyperparameters = file.metadata["levin.hyperparameters.module"]
    moduleName = file.metadata["levin.module"]
    dataHashes = try decode([String: String].self, "data") ?? [:]
    guard let loop = try decode(LoopState.self, "loop") else { return }
    try loop.check(path: path)
    let position = try decode(LoaderPosition.self, "loader")
    guard position?.batchIndex ?? 0 >= 0 else {
      throw CheckpointError.invalid(path: path, what: "'levin.loader' holds a negative count")
    }
    resumePoint = ResumePoint(
      loop: loop, position: position, random: random,
      trainingMetrics: try decode([LoggedMetric.Saved].self, "metrics.training") ?? [],
      validationMetrics: try decode([LoggedMetric.Saved].self, "metrics.validation") ?? [],
      metricObjects: metrics,
      schedulers: try decode([[String: [Double]]].self, "schedulers") ?? [],
      data: file.metadata["levin.data_module"],
      seconds: try decode(Double.self, "seconds") ?? 0)
    schedulerOptimizers = try decode([Int].self, "scheduler_optimizers") ?? []
    let rates = try decode([Double].self, "learning_rates") ?? []
    let groups = try decode([[OptimizerState.Group]].self, "optimizer_groups")
    optimizers = rates.enumerated().map { index, rate in
      OptimizerState(
        state: states[index] ?? [:], learningRate: rate,
        groups: groups.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? [])
    }
  }
}

extension Tensor {
  init(_ entry: SafetensorsFile.Entry, name: String, path: String) throws {
    let dtype: DType
    switch entry.dtype {
    case "F32": dtype = .float32
    case "F64": dtype = .float64
    case "I32": dtype = .int32
    case "I64": dtype = .int64
    case "U8": dtype = .uint8
    case "BOOL": dtype = .bool
    case "F16": dtype = .float16
    case "BF16": dtype = .bfloat16
    default:
      throw CheckpointError.doesNotFit(
        path: path,
        what:
          "'\(name)' has the dtype \(entry.dtype); expected F64, F32, F16, BF16, I64, I32, U8 or BOOL"
      )
    }
    guard entry.shape.count <= 8 else {
      throw CheckpointError.doesNotFit(
        path: path, what: "'\(name)' has \(entry.shape.count) dimensions; expected at most 8")
    }
    self.init(shape: Shape(entry.shape), dtype: dtype) { $0.copyBytes(from: entry.bytes) }
  }
}

extension String {
  /// What follows `prefix`; nil if the string does not begin with it.
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
