internal import LevinFormats
internal import LevinNN
internal import LevinTensor

/// The states of callbacks that Levin and Lightning both have, under the keys that they share.
enum CallbackState {
  /// Lightning's form of a state of Levin's; nil for a callback that Lightning does not have.
  static func lightning(_ key: String, _ text: String) throws -> TorchValue? {
    if key.hasPrefix("EarlyStopping{") {
      let state = try JSONText.decode(EarlyStopping.State.self, text)
      return [
        "wait_count": .int(state.waitCount), "stopped_epoch": .int(state.stoppedEpoch ?? 0),
        "best_score": score(state.bestScore ?? (isMax(key) ? -.infinity : .infinity)),
        "patience": .int(state.patience ?? 3),
        "stopping_reason": .int(
          state.stoppingReason.flatMap { reasons.firstIndex(of: $0) }.map { $0 + 1 } ?? 0),
        "stopping_reason_message": state.stoppingMessage.map { .text($0) } ?? .none,
      ]
    }
    if key == "Timer" {
      let seconds = try JSONText.decode([String: Double].self, text)
      let stages = ["train", "sanity_check", "validate", "test", "predict"]
      return [
        "time_elapsed": .dictionary(
          stages.map { (.text($0), .double(seconds[$0 == "train" ? "fit" : $0] ?? 0)) })
      ]
    }
    guard key.hasPrefix("ModelCheckpoint{") else { return nil }
    let state = try JSONText.decode(ModelCheckpoint.State.self, text)
    let worst = state.kept.first { $0.path == state.kthBestModelPath }
    let best = state.kept.compactMap { file in file.score.map { (file.path, $0) } }
    let folder = state.bestModelPath ?? state.lastModelPath
    func path(_ path: String?) -> TorchValue { .text(path ?? "") }
    return [
      "monitor": state.monitor.map { .text($0) } ?? .none,
      "best_model_score": state.bestModelScore.map { score($0) } ?? .none,
      "best_model_path": path(state.bestModelPath),
      "current_score": state.currentScore.map { score($0) } ?? .none,
      "dirpath": path(folder.map { RunFolder.folder(of: $0) }),
      "best_k_models": .dictionary(best.map { (.text($0.0), score($0.1)) }),
      "kth_best_model_path": path(state.kthBestModelPath),
      "kth_value": score(worst?.score ?? (state.mode == .min ? .infinity : -.infinity)),
      "last_model_path": path(state.lastModelPath),
    ]
  }

  /// Levin's form of a state that Lightning saved; nil for other callbacks.
  static func levin(_ key: String, _ saved: PickleValue) throws -> String? {
    if key.hasPrefix("EarlyStopping{") {
      let stopped = saved["stopped_epoch"]?.int ?? 0
      return try JSONText.encode(
        EarlyStopping.State(
          waitCount: saved["wait_count"]?.int ?? 0, stoppedEpoch: stopped > 0 ? stopped : nil,
          bestScore: number(saved["best_score"]).flatMap { $0.isFinite ? $0 : nil },
          stoppingReason: saved["stopping_reason"]?.int.flatMap {
            (1...reasons.count).contains($0) ? reasons[$0 - 1] : nil
          },
          stoppingMessage: saved["stopping_reason_message"]?.text))
    }
    if key == "Timer" {
      var seconds: [String: Double] = [:]
      for (stage, value) in saved["time_elapsed"]?.pairs ?? [] {
        if let stage = stage.text { seconds[stage == "train" ? "fit" : stage] = value.double }
      }
      return try JSONText.encode(seconds)
    }
    guard key.hasPrefix("ModelCheckpoint{") else { return nil }
    func path(_ name: String) -> String? {
      saved[name]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }
    let kept = (saved["best_k_models"]?.pairs ?? []).compactMap { key, value in
      key.text.map { KeptCheckpoints.Kept(path: $0, score: number(value)) }
    }
    return try JSONText.encode(
      ModelCheckpoint.State(
        monitor: saved["monitor"]?.text, mode: isMax(key) ? .max : .min,
        bestModelPath: path("best_model_path"), bestModelScore: number(saved["best_model_score"]),
        lastModelPath: path("last_model_path"), currentScore: number(saved["current_score"]),
        kept: kept, kthBestModelPath: path("kth_best_model_path")))
  }

  /// Lightning's numbers, from 1 on.
  private static let reasons: [EarlyStopping.Reason] = [
    .stoppingThreshold, .divergenceThreshold, .patienceExhausted, .nonFiniteMetric,
  ]

  private static func isMax(_ key: String) -> Bool { key.contains("'mode': 'max'") }

  /// Lightning keeps scores as tensors.
  private static func score(_ value: Double) -> TorchValue {
    .tensor(TensorFile.Source("score", Tensor(Float(value))))
  }

  private static func number(_ value: PickleValue?) -> Double? {
    value?.double ?? value?.tensor.flatMap { try? Tensor($0).item() }
  }
}
