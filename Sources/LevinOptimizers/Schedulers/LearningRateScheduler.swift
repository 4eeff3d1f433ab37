internal import LevinSystem

/// Changes an optimizer's learning rates from step to step, or from epoch to epoch (PyTorch's `LRScheduler`).
///
/// One of one's own overrides ``rate(_:base:group:)``, and ``state`` and ``restore(_:)`` where it remembers more than where it
/// is. Several schedulers of one optimizer work one on the other's rates, if they are asked to step one after the other.
open class LearningRateScheduler {
  /// When a training calls ``step()``.
  public enum Interval: String, Codable, CaseIterable, Sendable { case step, epoch }

  /// Whose learning rates are changed.
  public final let optimizer: Optimizer
  /// The steps that were made since the beginning (PyTorch's `last_epoch`).
  public internal(set) final var lastEpoch = -1
  /// The learning rate of each group in the beginning.
  public internal(set) final var baseRates: [Double] = []
  /// When a training calls ``step()``.
  public final var interval: Interval
  /// The training calls ``step()`` after so many steps, or epochs.
  public final var frequency = 1
  /// The logged value that a training gives to ``ReduceLROnPlateau``.
  public final var monitor: String?
  /// Whether ``rate(_:base:group:)`` is asked for the rate of the beginning.
  public private(set) final var isInitial = false
  final var stepCount = 0

  /// A scheduler that sets the rates of the beginning; properties of a subclass are to be set before.
  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    interval = Self.usualInterval
    for group in optimizer.groups where group.initialLearningRate == nil {
      group.initialLearningRate = group.learningRate
    }
    baseRates = optimizer.groups.map { $0.initialLearningRate ?? $0.learningRate }
    begin()
  }

  /// What ``interval`` is unless it is set.
  open class var usualInterval: Interval { .epoch }

  /// Sets when a training calls ``step()``.
  public final func every(_ interval: Interval, frequency: Int = 1) -> Self {
    (self.interval, self.frequency) = (interval, frequency)
    return self
  }

  /// The next learning rate of a group whose rate is `current` and was `base` in the beginning; to be overridden.
  ///
  /// ``lastEpoch`` is the number of the step that is being made: 0 in the beginning.
  open func rate(_ current: Double, base: Double, group: Int) -> Double {
    fail(
      "rate(_:base:group:)", "no override in \(type(of: self))", expected: "one in each scheduler")
  }

  /// The rate after ``lastEpoch`` steps, where it does not depend on the current one; nil where it does.
  func closedRate(base: Double, group: Int) -> Double? { nil }

  /// The momentum that belongs to ``lastEpoch``; nil where the scheduler leaves it alone.
  func momentum(group: Int) -> Double? { nil }

  /// Sets the next learning rates.
  public func step() {
    stepCount += 1
    update()
  }

  /// Sets the rates of the beginning.
  func begin() {
    stepCount = 0
    isInitial = true
    step()
    isInitial = false
  }

  /// Sets the rates of the next step, or of another one.
  final func update(at epoch: Int? = nil) {
    lastEpoch = epoch ?? lastEpoch + 1
    checkGroups()
    let rates = optimizer.groups.enumerated().map { index, group in
      (epoch == nil ? nil : closedRate(base: baseRates[index], group: index))
        ?? rate(group.learningRate, base: baseRates[index], group: index)
    }
    for (index, group) in optimizer.groups.enumerated() {
      group.learningRate = rates[index]
      if let momentum = momentum(group: index) { group.momentum = momentum }
    }
  }

  private func checkGroups() {
    guard optimizer.groups.count == baseRates.count else {
      fail(
        "\(type(of: self))", "an optimizer of \(optimizer.groups.count) groups",
        expected: "\(baseRates.count) groups, as when the scheduler was made",
        hint: "add groups before")
    }
  }

  /// Takes back the step of the beginning, for ``SequentialLR``.
  func undo() { lastEpoch -= 1 }

  /// The learning rate of each group.
  public final var rates: [Double] { optimizer.groups.map(\.learningRate) }

  // MARK: State

  /// Where the scheduler is, under the names of PyTorch's state dictionary; the learning rates are the optimizer's.
  open var state: [String: [Double]] {
    ["last_epoch": [Double(lastEpoch)], "_step_count": [Double(stepCount)], "base_lrs": baseRates]
  }

  /// Restores what ``state`` returned.
  ///
  /// Throws ``SchedulerStateError`` where something is missing or impossible.
  open func restore(_ state: [String: [Double]]) throws {
    let saved = SavedSchedule(state, of: "\(type(of: self))")
    (lastEpoch, stepCount, baseRates) = (
      try saved.count("last_epoch"), try saved.count("_step_count"),
      try saved.numbers("base_lrs", count: optimizer.groups.count)
    )
  }

  /// The learning rates of each group in the first `steps` steps from here, if nothing else changes them.
  public final func plan(steps: Int) -> [[Double]] {
    let before = (state, optimizer.groups.map { ($0.learningRate, $0.momentum) })
    defer {
      do { try restore(before.0) } catch { fail("plan(steps:)", "\(error)") }
      for (group, (rate, momentum)) in zip(optimizer.groups, before.1) {
        (group.learningRate, group.momentum) = (rate, momentum)
      }
    }
    return (0..<steps).map { index in
      if index > 0 { step() }
      return rates
    }
  }
}
