internal import LevinSystem

/// Changes an optimizer's learning rates from step to step, or from epoch to epoch (PyTorch's `LRScheduler`).
///
/// A custom scheduler overrides ``rate(_:base:group:)``, and ``state`` and ``loadState(_:)`` if it remembers more than its
/// position. If several schedulers of one optimizer step one after another, each changes the rates of the one before.
open class LearningRateScheduler {
  /// When a training calls ``step()``.
  public enum Interval: String, Codable, CaseIterable, Sendable { case step, epoch }

  /// The optimizer whose learning rates are changed.
  public final let optimizer: Optimizer
  /// The number of steps since the beginning (PyTorch's `last_epoch`).
  public internal(set) final var lastEpoch = -1
  /// The initial learning rate of each group.
  public internal(set) final var baseRates: [Double] = []
  /// When a training calls ``step()``.
  public final var interval: Interval
  /// The number of steps or epochs after which a training calls ``step()``.
  public final var frequency = 1
  /// The logged value that a training passes to ``ReduceLROnPlateau``.
  public final var monitor: String?
  /// Whether a training ends with an error if ``monitor`` was not logged; if false, it leaves the step out.
  public final var isStrict = true
  /// Whether ``rate(_:base:group:)`` is being called for the initial rate.
  public private(set) final var isInitial = false
  final var stepCount = 0

  /// Creates a scheduler and sets the initial rates; a subclass must set its properties before it calls this.
  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    interval = Self.usualInterval
    for group in optimizer.groups where group.initialLearningRate == nil {
      group.initialLearningRate = group.learningRate
    }
    baseRates = optimizer.groups.map { $0.initialLearningRate ?? $0.learningRate }
    begin()
  }

  /// The default of ``interval``.
  open class var usualInterval: Interval { .epoch }

  /// Sets when a training calls ``step()``.
  public final func every(_ interval: Interval, frequency: Int = 1) -> Self {
    (self.interval, self.frequency) = (interval, frequency)
    return self
  }

  /// The next learning rate of a group whose rate is `current` and initially was `base`; subclasses override this.
  ///
  /// ``lastEpoch`` is the number of the current step: 0 in the beginning.
  open func rate(_ current: Double, base: Double, group: Int) -> Double {
    fail(
      "rate(_:base:group:)", "no override in \(type(of: self))", expected: "one in each scheduler")
  }

  /// The rate after ``lastEpoch`` steps if it does not depend on the current one, otherwise nil.
  func closedRate(base: Double, group: Int) -> Double? { nil }

  /// The momentum that belongs to ``lastEpoch``; nil if the scheduler does not change it.
  func momentum(group: Int) -> Double? { nil }

  /// Sets the next learning rates.
  public func step() {
    stepCount += 1
    update()
  }

  /// Sets the initial rates.
  func begin() {
    stepCount = 0
    isInitial = true
    step()
    isInitial = false
  }

  /// Sets the rates of the next step, or of step `epoch`.
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

  /// Whether there is a value for each group, so that the optimizer cannot get more.
  var hasValueForEachGroup: Bool { false }

  /// Takes over groups that the optimizer got later: their rates are their initial ones.
  private func addNewGroups() {
    guard !hasValueForEachGroup else { return }
    for group in optimizer.groups.dropFirst(baseRates.count) {
      let rate = group.initialLearningRate ?? group.learningRate
      group.initialLearningRate = rate
      baseRates.append(rate)
    }
  }

  private func checkGroups() {
    addNewGroups()
    guard optimizer.groups.count == baseRates.count else {
      fail(
        "\(type(of: self))", "an optimizer of \(optimizer.groups.count) groups",
        expected: "\(baseRates.count) groups, as when the scheduler was made",
        hint: "add groups before")
    }
  }

  /// Undoes the initial step, for ``SequentialLR``.
  func undo() { lastEpoch -= 1 }

  /// The learning rate of each group.
  public final var rates: [Double] { optimizer.groups.map(\.learningRate) }

  // MARK: State

  /// The scheduler's position, under the names of PyTorch's state dictionary; learning rates are in the optimizer's state.
  open var state: [String: [Double]] {
    addNewGroups()
    return [
      "last_epoch": [Double(lastEpoch)], "_step_count": [Double(stepCount)], "base_lrs": baseRates,
    ]
  }

  /// Restores what ``state`` returned.
  ///
  /// Throws ``SchedulerStateError`` if something is missing or impossible.
  open func loadState(_ state: [String: [Double]]) throws {
    let saved = SavedSchedule(state, of: "\(type(of: self))")
    (lastEpoch, stepCount, baseRates) = (
      try saved.count("last_epoch"), try saved.count("_step_count"),
      try saved.numbers("base_lrs", count: optimizer.groups.count)
    )
  }

  /// The learning rates of all groups in each of the next `steps` steps, if nothing else changes them.
  public final func plan(steps: Int) -> [[Double]] {
    let before = (state, optimizer.groups.map { ($0.learningRate, $0.momentum) })
    defer {
      do { try loadState(before.0) } catch { fail("plan(steps:)", "\(error)") }
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
