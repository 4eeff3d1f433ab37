public import LevinConfiguration
internal import LevinSystem

/// Writes a checkpoint if a training ends with an error: the state before the batch that failed.
///
/// An interruption writes its own. Resume with `checkpointPath: "folder/on_exception.safetensors"`.
public final class OnExceptionCheckpoint: TypedCallback<OnExceptionCheckpoint.Options> {
  /// The options of ``OnExceptionCheckpoint``.
  public struct Options: HyperparameterSet {
    /// The folder (Lightning's `dirpath`); nil: `checkpoints` in the run's folder.
    public var directory: String?
    /// The name without extension.
    public var fileName = "on_exception"

    /// Creates options with their defaults.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case directory = "dirpath"
      case fileName = "filename"
    }

    /// A sentence about each option.
    public static let help = [
      "dirpath": "The folder; null: checkpoints in the run's folder.",
      "filename": "The name without extension.",
    ]
  }

  /// The path of the checkpoint; nil if there was no error.
  public private(set) var path: String?

  /// Creates a callback with these options.
  public convenience init(directory: String? = nil, fileName: String = "on_exception") {
    var options = Options()
    (options.directory, options.fileName) = (directory, fileName)
    self.init(options)
  }

  public override var priority: Priority { .last }

  public override func setup(
    _ trainer: Trainer, _ module: LightningModuleBase, stage: Stage
  ) throws {
    guard stage == .fit, !trainer.configuration.fastDevRun.isOn else { return }
    try trainer.checkCheckpointFolder(options.directory)
  }

  public override func onException(
    _ trainer: Trainer, _ module: LightningModuleBase, _ error: any Error
  ) {
    guard !(error is RunInterrupted), trainer.activeFit != nil, trainer.savesCheckpoints else {
      return
    }
    do {
      guard let folder = try trainer.checkpointFolder(options.directory) else { return }
      let path = RunFolder.joined(folder, options.fileName + CheckpointPath.fileExtension)
      try trainer.saveCheckpoint(to: path)
      self.path = path
      trainer.note("Saved \(path) because of the error.")
    } catch {
      // The first error is the one to report.
      trainer.note("No checkpoint could be saved: \(error)")
    }
  }
}
