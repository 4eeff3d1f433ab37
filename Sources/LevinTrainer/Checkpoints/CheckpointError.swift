/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no file at the path; `offersLast` if the message should mention `last`.
  case missing(path: String, offersLast: Bool = false)
  /// `last` or `best` was asked for, but no run has a checkpoint.
  case noneBelow(folder: String, wanted: String)
  /// A run's folder has no checkpoint.
  case noneIn(folder: String)
  /// `best` was asked for in a run whose checkpoints do not record which is best.
  case noBest(folder: String)
  /// The weights do not fit the module.
  case doesNotFit(path: String, what: String)
  /// The file holds weights only, so training cannot resume from it.
  case weightsOnly(path: String)
  /// Something in the file is not in Levin's format.
  case invalid(path: String, what: String)
  /// The file was written by another version of Levin.
  case unknownFormat(path: String, found: String, expected: String)
  /// The epoch exceeds the requested maximum.
  case beyondLimit(path: String, epoch: Int, maxEpochs: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path, let offersLast):
      "checkpoint '\(path)': there is no such file. Check the path"
        + (offersLast ? "; 'last' is the newest one." : ".")
    case .noneBelow(let folder, let wanted):
      "checkpoint '\(wanted)': no run in '\(folder)' has a checkpoint. "
        + "Train first, or name a file."
    case .noneIn(let folder):
      "checkpoint '\(folder)': the folder holds none. Name a run that has one, or a file."
    case .noBest(let folder):
      "checkpoint 'best': the checkpoints in '\(folder)' do not record which one is best. "
        + "Use 'last', or name a file."
    case .doesNotFit(let path, let what): "checkpoint '\(path)': \(what)"
    case .weightsOnly(let path):
      "checkpoint '\(path)' holds only weights, so no training can resume from it. "
        + "Call the module's loadWeights(from:) before fit, or use a checkpoint that Levin wrote."
    case .invalid(let path, let what):
      "checkpoint '\(path)' is damaged: \(what). Use another one."
    case .unknownFormat(let path, let found, let expected):
      "checkpoint '\(path)' has the format '\(found)'; this version of Levin reads '\(expected)'. "
        + "Use the version that wrote it."
    case .beyondLimit(let path, let epoch, let maxEpochs):
      "checkpoint '\(path)' is at the end of epoch \(epoch), but max_epochs is \(maxEpochs). "
        + "Raise max_epochs to continue."
    }
  }
}
