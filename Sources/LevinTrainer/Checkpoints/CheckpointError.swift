/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No file at the path; `offersLast` if the message should mention `last`.
  case missing(path: String, offersLast: Bool = false)
  /// A file of `torch.save`.
  case pickle(path: String)
  /// `last` or `best`, but no run has a checkpoint.
  case noneBelow(folder: String, wanted: String)
  /// A run's folder without a checkpoint.
  case noneIn(folder: String)
  /// `best` of a run whose checkpoints do not say which is best.
  case noBest(folder: String)
  /// The weights do not fit the module.
  case doesNotFit(path: String, what: String)
  /// Weights only, which no training can resume from.
  case weightsOnly(path: String)
  /// Something in the file is not as Levin writes it.
  case invalid(path: String, what: String)
  /// A file that another version of Levin wrote.
  case unknownFormat(path: String, found: String, expected: String)
  /// An epoch beyond the requested maximum.
  case beyondLimit(path: String, epoch: Int, maxEpochs: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path, let offersLast):
      "checkpoint '\(path)': there is no such file. Check the path"
        + (offersLast ? "; 'last' takes the newest one." : ".")
    case .pickle(let path):
      "checkpoint '\(path)' is a PyTorch pickle, which Levin does not read. "
        + "Save its state_dict as safetensors, in Python:\n" + Pickle.conversion(of: path)
    case .noneBelow(let folder, let wanted):
      "checkpoint '\(wanted)': no run in '\(folder)' has a checkpoint. "
        + "Train first, or name a file."
    case .noneIn(let folder):
      "checkpoint '\(folder)': the folder holds none. Name a run that has one, or a file."
    case .noBest(let folder):
      "checkpoint 'best': the checkpoints in '\(folder)' do not say which is the best. "
        + "Take 'last', or name a file."
    case .doesNotFit(let path, let what): "checkpoint '\(path)': \(what)"
    case .weightsOnly(let path):
      "checkpoint '\(path)' holds only weights, so no training can resume from it. "
        + "Call loadWeights(from:) of the module before fit, or take a checkpoint that Levin wrote."
    case .invalid(let path, let what):
      "checkpoint '\(path)' is damaged: \(what). Take another one."
    case .unknownFormat(let path, let found, let expected):
      "checkpoint '\(path)' has the format '\(found)'; this version of Levin reads '\(expected)'. "
        + "Take the version that wrote it."
    case .beyondLimit(let path, let epoch, let maxEpochs):
      "checkpoint '\(path)' is at the end of epoch \(epoch), but max_epochs is \(maxEpochs). "
        + "Raise max_epochs to continue."
    }
  }
}
