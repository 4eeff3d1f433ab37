/// The state of a training: everything that the loops count.
///
/// It is saved completely, so that a resumed run continues exactly.
struct LoopState: Codable, Equatable {
  /// The epoch, from 0.
  var epoch = 0
  /// Training batches done in this epoch.
  var batchesDone = 0
  /// Training batches of all epochs.
  var totalBatches = 0
  /// The number of optimizer steps made.
  var globalStep = 0
  /// Training batches that ended in an optimizer step; the x-axis of metrics is this minus one.
  var batchesThatStepped = 0
  /// The value of ``batchesDone`` at the last validation of this epoch; nil if there was none.
  var validatedAt: Int?
  /// Validation batches of all passes, the x-axis of values logged at every validation step.
  var validationBatches = 0
  /// Whether the epoch's last batch was trained.
  var isEpochDone = false
}

extension LoopState {
  /// The mark of the state in event files: whatever follows it was logged after the state's checkpoint.
  var mark: String {
    "epoch \(epoch), batch \(batchesDone), \(totalBatches) in all, "
      + (isEpochDone ? "ended" : validatedAt.map { "validated at \($0)" } ?? "not validated")
  }
}
