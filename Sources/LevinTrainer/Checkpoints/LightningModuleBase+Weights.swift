internal import LevinNN
internal import LevinTensor

extension LightningModuleBase {
  /// Puts the weights of a checkpoint, or of a safetensors file of weights alone, into the module.
  ///
  /// Throws ``CheckpointError`` where the file is missing or names and shapes do not fit, and what the file
  /// system or the safetensors reader found; within ``Program/run(_:)`` that ends a program with one line.
  public final func loadWeights(from path: String) throws {
    try loadWeights(of: Checkpoint(path: path), path: path)
  }

  func loadWeights(of checkpoint: Checkpoint, path: String) throws {
    let weights = checkpoint.weights.map { ($0.name, $0.tensor) }
    do {
      try loadState(Dictionary(weights, uniquingKeysWith: { $1 }))
    } catch let error as StateError {
      throw CheckpointError.doesNotFit(path: path, what: "\(error)")
    }
  }
}
