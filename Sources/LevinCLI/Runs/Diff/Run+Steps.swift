internal import LevinTensorBoard

extension Run {
  /// The indices of each step's values among the points of a tag; empty for a tag of another kind.
  ///
  /// If a step was logged twice, as by Lightning's sanity check, the last time counts, with all of its values.
  func valuesByStep(_ tag: String, _ kind: Tag.Kind) -> [Int: [Int]] {
    guard self.tag(tag)?.kind == kind else { return [:] }
    let points = points(tag)
    return Dictionary(grouping: points.indices) { points[$0].step }.mapValues { all in
      let last = all.last.map { points[$0].wallTime.bitPattern }
      return all.filter { points[$0].wallTime.bitPattern == last }
    }
  }
}
