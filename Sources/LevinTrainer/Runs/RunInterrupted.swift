internal import LevinSystem

/// The error of a run that was stopped from outside: by a signal such as Ctrl-C, or by the cancellation of its task.
public struct RunInterrupted: Error, Sendable, CustomStringConvertible {
  /// What stopped the run.
  public enum Cause: Sendable, Hashable {
    /// A signal, by its number.
    case signal(Int32)
    /// The cancellation of the surrounding task.
    case cancellation
  }
  /// What stopped the run.
  public let cause: Cause
  /// The epoch, from 0.
  public let epoch: Int
  /// The number of optimizer steps made.
  public let globalStep: Int
  /// The checkpoint that was written; nil if there was nothing to save.
  public let checkpointPath: String?
  /// How to resume from there: a command, or a line of Swift.
  public let continuation: String?

  /// The exit status: 128 plus the number of the signal, as in shells.
  public var exitStatus: Int32 {
    switch cause {
    case .signal(let number): 128 + number
    case .cancellation: 1
    }
  }

  /// Where the run stopped, what was saved, and how to resume.
  public var description: String {
    var text = "interrupted\(sender) in epoch \(epoch) after step \(globalStep)"
    if let checkpointPath { text += "; saved \(checkpointPath)" }
    if let continuation { text += "\nTo continue from there:\n  \(continuation)" }
    return text
  }

  /// The signal's name, unless it is one that its sender knows about: Ctrl-C or a kill.
  private var sender: String {
    guard case .signal(let number) = cause, let name = StopSignals.unusual[number] else {
      return ""
    }
    return " by \(name)"
  }
}
