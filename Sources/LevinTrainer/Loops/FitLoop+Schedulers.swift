internal import LevinOptimizers

extension FitLoop {
  /// Steps the schedulers of an interval that are due: those that follow a metric, or all others.
  func stepSchedulers(
    _ interval: LearningRateScheduler.Interval, epoch: Int, plateau: Bool
  ) throws {
    guard module.automaticOptimization else { return }
    for scheduler in schedulers
    where scheduler.interval == interval && (scheduler is ReduceLROnPlateau) == plateau {
      let done = interval == .step ? max(context.state.batchesDone, 0) : epoch
      let number = interval == .step && plateau ? done : done + 1
      guard number % scheduler.frequency == 0 else { continue }
      let metric = try plateau ? value(for: scheduler) : nil
      guard metric != nil || !plateau else { continue }
      try trainer.run(.schedulerStep) {
        try module.schedulerStep(scheduler, metric: metric)
      }
    }
  }

  /// Whether a scheduler of an interval follows a metric.
  func followsMetric(_ interval: LearningRateScheduler.Interval) -> Bool {
    schedulers.contains { $0.interval == interval && $0 is ReduceLROnPlateau }
  }

  /// The value that a scheduler follows; nil if it was not logged, and the scheduler is not strict.
  private func value(for scheduler: LearningRateScheduler) throws -> Double? {
    let known = trainer.callbackMetrics
    guard let name = scheduler.monitor else {
      throw TrainerError.noMonitor(
        scheduler: "\(type(of: scheduler))", known: known.keys.sorted())
    }
    if let value = known[name] { return value }
    guard !scheduler.isStrict else {
      throw TrainerError.unknownMetric(
        name: name, callback: "\(type(of: scheduler))", known: known.keys.sorted())
    }
    if unloggedMonitors.insert(name).inserted {
      trainer.note(
        "\(type(of: scheduler)) follows '\(name)', which was not logged: its steps are left out.")
    }
    return nil
  }
}
