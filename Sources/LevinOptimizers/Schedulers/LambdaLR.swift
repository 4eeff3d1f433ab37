/// The initial rate times a function of the number of steps (PyTorch's `LambdaLR`).
public final class LambdaLR: LearningRateScheduler {
  override var hasValueForEachGroup: Bool { true }
  private let functions: [(Int) -> Double]

  /// Creates a scheduler from one function of the number of steps, for all groups.
  public convenience init(_ optimizer: Optimizer, _ function: @escaping (Int) -> Double) {
    self.init(optimizer, optimizer.groups.map { _ in function })
  }

  /// Creates a scheduler from one function per group; traps if their number differs from that of the groups.
  public init(_ optimizer: Optimizer, _ functions: [(Int) -> Double]) {
    LearningRateScheduler.check(functions.count, "functions", fits: optimizer, for: "LambdaLR")
    self.functions = functions
    super.init(optimizer)
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    base * functions[group](lastEpoch)
  }
}

/// The previous rate times a function of the number of steps (PyTorch's `MultiplicativeLR`).
public final class MultiplicativeLR: LearningRateScheduler {
  override var hasValueForEachGroup: Bool { true }
  private let functions: [(Int) -> Double]

  /// Creates a scheduler from one function of the number of steps, for all groups.
  public convenience init(_ optimizer: Optimizer, _ function: @escaping (Int) -> Double) {
    self.init(optimizer, optimizer.groups.map { _ in function })
  }

  /// Creates a scheduler from one function per group; traps if their number differs from that of the groups.
  public init(_ optimizer: Optimizer, _ functions: [(Int) -> Double]) {
    LearningRateScheduler.check(
      functions.count, "functions", fits: optimizer, for: "MultiplicativeLR")
    self.functions = functions
    super.init(optimizer)
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    isInitial ? current : current * functions[group](lastEpoch)
  }
}
