internal import LevinSystem

/// One scheduler after another, each from its milestone on, counting its steps from 0 (PyTorch's `SequentialLR`).
public final class SequentialLR: LearningRateScheduler {
  /// The schedulers, in order.
  public let schedulers: [LearningRateScheduler]
  /// The steps at which the second, third, … scheduler begins.
  public let milestones: [Int]

  /// Traps unless all belong to one optimizer, none needs a value, and there is one milestone between each two.
  public init(_ schedulers: [LearningRateScheduler], milestones: [Int]) {
    Self.check(schedulers, for: "SequentialLR")
    guard milestones.count == schedulers.count - 1 else {
      fail(
        "SequentialLR", "\(milestones.count) milestones for \(schedulers.count) schedulers",
        expected: "one less than schedulers")
    }
    (self.schedulers, self.milestones) = (schedulers, milestones)
    let optimizer = schedulers[0].optimizer
    for group in optimizer.groups {
      group.learningRate = group.initialLearningRate ?? group.learningRate
    }
    super.init(optimizer)
  }

  private var active: Int { milestones.count { $0 <= lastEpoch } }

  override func begin() {
    lastEpoch = 0
    for scheduler in schedulers { scheduler.undo() }
    schedulers[active].begin()
  }

  public override func step() {
    lastEpoch += 1
    let index = active
    if index > 0, milestones[index - 1] == lastEpoch {
      schedulers[index].update(at: 0)
    } else {
      schedulers[index].step()
    }
  }

  override func undo() {
    for scheduler in schedulers { scheduler.undo() }
  }

  public override var state: [String: [Double]] { super.state.merging(parts(schedulers)) { $1 } }

  public override func loadState(_ state: [String: [Double]]) throws {
    try super.loadState(state)
    try loadState(schedulers, state)
  }
}

/// Several schedulers that step at the same time, each on the rates of the one before (PyTorch's `ChainedScheduler`).
public final class ChainedScheduler: LearningRateScheduler {
  /// The schedulers, in order.
  public let schedulers: [LearningRateScheduler]

  /// Traps unless all belong to one optimizer, and none needs a value.
  public init(_ schedulers: [LearningRateScheduler]) {
    Self.check(schedulers, for: "ChainedScheduler")
    self.schedulers = schedulers
    super.init(schedulers[0].optimizer)
  }

  override func begin() { lastEpoch = 0 }

  public override func step() {
    lastEpoch += 1
    for scheduler in schedulers { scheduler.step() }
  }

  override func undo() {
    for scheduler in schedulers { scheduler.undo() }
  }

  public override var state: [String: [Double]] { super.state.merging(parts(schedulers)) { $1 } }

  public override func loadState(_ state: [String: [Double]]) throws {
    try super.loadState(state)
    try loadState(schedulers, state)
  }
}

extension LearningRateScheduler {
  fileprivate static func check(_ schedulers: [LearningRateScheduler], for name: String) {
    guard let first = schedulers.first else {
      fail(name, "no scheduler", expected: "one or more")
    }
    for scheduler in schedulers {
      if scheduler is ReduceLROnPlateau {
        fail(name, "ReduceLROnPlateau", expected: "schedulers that step without a value")
      }
      guard scheduler.optimizer === first.optimizer else {
        fail(name, "schedulers of several optimizers", expected: "those of one")
      }
    }
  }

  fileprivate func parts(_ schedulers: [LearningRateScheduler]) -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for (index, scheduler) in schedulers.enumerated() {
      for (name, numbers) in scheduler.state { result["_schedulers.\(index).\(name)"] = numbers }
    }
    return result
  }

  fileprivate func loadState(
    _ schedulers: [LearningRateScheduler], _ state: [String: [Double]]
  ) throws {
    let saved = SavedSchedule(state, of: "\(type(of: self))")
    for (index, scheduler) in schedulers.enumerated() { try scheduler.loadState(saved.part(index)) }
  }
}
