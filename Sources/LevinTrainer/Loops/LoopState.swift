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
  /// The number of steps of all optimizers.
  var globalStep = 0
  /// Training batches that ended in an optimizer step; the x-axis of metrics is this minus one.
  var batchesThatStepped = 0
  /// The value of ``batchesDone`` at the last validation of this epoch; nil if there was none.
  var validatedAt: Int?
  /// Validation batches of all passes, the x-axis of values logged at every validation step; of the first loader.
  var validationBatches = 0
  /// The same of the loaders after the first.
  var moreValidationBatches: [Int] = []
  /// Whether the epoch's last batch was trained.
  var isEpochDone = false
  /// Whether the schedulers that follow a metric still have to step: at the end of the last epoch, or after the last
  /// batch.
  var isPlateauDue = false

  init() {}

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    epoch = try values.decode(Int.self, forKey: .epoch)
    batchesDone = try values.decode(Int.self, forKey: .batchesDone)
    totalBatches = try values.decode(Int.self, forKey: .totalBatches)
    globalStep = try values.decode(Int.self, forKey: .globalStep)
    batchesThatStepped = try values.decode(Int.self, forKey: .batchesThatStepped)
    validatedAt = try values.decodeIfPresent(Int.self, forKey: .validatedAt)
    validationBatches = try values.decode(Int.self, forKey: .validationBatches)
    isEpochDone = try values.decode(Bool.self, forKey: .isEpochDone)
    // Files from before these were counted lack them.
    moreValidationBatches =
      try values.decodeIfPresent([Int].self, forKey: .moreValidationBatches) ?? []
    isPlateauDue = try values.decodeIfPresent(Bool.self, forKey: .isPlateauDue) ?? false
  }
}

extension LoopState {
  /// Forgets the batches of the last epoch.
  mutating func beginEpoch() { (batchesDone, validatedAt, isEpochDone) = (0, nil, false) }

  /// The mark of the state in event files: whatever follows it was logged after the state's checkpoint.
  var mark: String {
    "epoch \(epoch), batch \(batchesDone), \(totalBatches) in all, "
      + (isEpochDone ? "ended" : validatedAt.map { "validated at \($0)" } ?? "not validated")
  }

  /// The number of validation batches of a loader so far, and counts one more.
  mutating func countValidationBatch(ofLoader loader: Int) -> Int {
    guard loader > 0 else {
      validationBatches += 1
      return validationBatches - 1
    }
    while moreValidationBatches.count < loader { moreValidationBatches.append(0) }
    moreValidationBatches[loader - 1] += 1
    return moreValidationBatches[loader - 1] - 1
  }
}
