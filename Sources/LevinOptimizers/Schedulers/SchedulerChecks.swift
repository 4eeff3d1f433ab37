internal import LevinSystem

extension LearningRateScheduler {
  static func check(
    _ count: Int, _ what: String, fits optimizer: Optimizer, for name: String
  ) {
    guard count == optimizer.groups.count else {
      fail(name, "\(count) \(what)", expected: "\(optimizer.groups.count), one a group")
    }
  }

  /// One number for all groups, or one per group.
  static func spread(
    _ numbers: [Double], _ what: String, over optimizer: Optimizer, for name: String
  ) -> [Double] {
    if numbers.count == 1 { return optimizer.groups.map { _ in numbers[0] } }
    check(numbers.count, what, fits: optimizer, for: name)
    return numbers
  }

  static func checkMomentum(of optimizer: Optimizer, for name: String) {
    guard optimizer.groups.allSatisfy({ $0.momentum != nil }) else {
      fail(
        name, "\(type(of: optimizer)), which has no momentum", expected: "a momentum to change",
        hint: "set cycleMomentum to false")
    }
  }
}
