/// Points that a restart made void, by the rules of TensorBoard's `EventAccumulator`.
extension RunIndex {
  /// A session's START: the first of a run says nothing, each later one declares all points from
  /// its step on void.
  mutating func restart(at step: Int) {
    guard (fileVersion ?? 0) >= 2 else { return }
    guard hasSeenStart else {
      hasSeenStart = true
      return
    }
    guard purges else { return }
    for number in entries.indices where entries[number].tag.kind != .hyperparameters {
      purge(number, from: step)
    }
  }

  /// Takes the points of a tag from `step` on away.
  mutating func purge(_ number: Int, from step: Int) {
    let kept = entries[number].scalars.steps.indices.filter {
      entries[number].scalars.steps[$0] < step
    }
    let old = entries[number].scalars
    if kept.count < old.count {
      entries[number].scalars.steps = kept.map { old.steps[$0] }
      entries[number].scalars.values = kept.map { old.values[$0] }
      entries[number].scalars.wallTimes = kept.map { old.wallTimes[$0] }
    }
    entries[number].places.removeAll { $0.step >= step }
    let count = entries[number].scalars.count + entries[number].places.count
    purgedCount += entries[number].tag.count - count
    entries[number].tag.count = count
  }
}
