internal import LevinNN
internal import LevinTensor

extension LightningModuleBase {
  /// Loads the weights of a checkpoint, or of a safetensors file with only weights, into the module.
  ///
  /// Throws ``CheckpointError`` if the file is missing or if names or shapes do not match, and errors of the file
  /// system and of the safetensors reader. Inside ``Program/run(_:)`` an error ends the program with one line.
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
