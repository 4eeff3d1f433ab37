/// Removes points that a restart made void, by the rules of TensorBoard's `EventAccumulator`.
extension RunIndex {
  /// Removes all points from a session START's step on: PyTorch's `purge_step`, or a resumed run.
  ///
  /// The first START counts as well: PyTorch writes none to a run's first file.
  mutating func restart(at step: Int) {
    guard purges, (fileVersion ?? 0) >= 2, farthestStep >= step else { return }
    for number in entries.indices where entries[number].tag.kind != .hyperparameters {
      purge(number, from: step)
    }
    farthestStep = step == .min ? .min : step - 1
  }

  /// Removes the points of a tag from `step` on.
  mutating func purge(_ number: Int, from step: Int) {
    purgedCount += entries[number].purge(from: step)
  }
}

extension RunIndex.Entry {
  /// Removes the points from `step` on and returns their number.
  mutating func purge(from step: Int) -> Int {
    // Steps usually rise, so what is removed is at the end.
    while let last = scalars.steps.last, last >= step { scalars.removeLast() }
    if !isRising {
      scalars = scalars.points(at: scalars.steps.indices.filter { scalars.steps[$0] < step })
    }
    places.removeAll { $0.step >= step }
    let before = tag.count
    tag.count = scalars.count + places.count
    return before - tag.count
  }
}
