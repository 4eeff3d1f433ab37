/// A scheduler state, for instance from a checkpoint, that does not match the scheduler.
public struct SchedulerStateError: Error, CustomStringConvertible {
  /// What does not match.
  public let description: String
}

/// A saved state while a scheduler loads it.
struct SavedSchedule {
  private let state: [String: [Double]]
  private let owner: String

  init(_ state: [String: [Double]], of owner: String) {
    self.state = state
    self.owner = owner
  }

  func numbers(_ name: String, count: Int) throws -> [Double] {
    guard let numbers = state[name] else { throw error("lacks \(name)") }
    guard numbers.count == count else {
      throw error("has \(numbers.count) numbers in \(name); expected \(count)")
    }
    return numbers
  }

  func number(_ name: String) throws -> Double { try numbers(name, count: 1)[0] }

  func count(_ name: String) throws -> Int {
    let number = try number(name)
    guard (-1...0x1p53).contains(number), number.rounded() == number else {
      throw error("has \(number) in \(name); expected a number of steps")
    }
    return Int(number)
  }

  /// The saved state of the scheduler at `index` in a list.
  func part(_ index: Int) -> [String: [Double]] {
    let prefix = "_schedulers.\(index)."
    return Dictionary(
      uniqueKeysWithValues: state.filter { $0.key.hasPrefix(prefix) }
        .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  private func error(_ problem: String) -> SchedulerStateError {
    SchedulerStateError(description: "the state of \(owner) \(problem)")
  }
}
