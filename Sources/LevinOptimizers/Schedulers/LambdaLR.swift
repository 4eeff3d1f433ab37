/// The rate of the beginning, times a function of the steps that were made (PyTorch's `LambdaLR`).
public final class LambdaLR: LearningRateScheduler {
  private let functions: [(Int) -> Double]

  /// A function of the steps that were made, for all groups.
  public convenience init(_ optimizer: Optimizer, _ function: @escaping (Int) -> Double) {
    self.init(optimizer, optimizer.groups.map { _ in function })
  }

  /// A function for each group; traps for another number of them.
  public init(_ optimizer: Optimizer, _ functions: [(Int) -> Double]) {
    LearningRateScheduler.check(functions.count, "functions", fits: optimizer, for: "LambdaLR")
    self.functions = functions
    super.init(optimizer)
  }

  public override func rate(_ current: Double, base: Double, group: Int) -> Double {
    base * functions[group](lastEpoch)
  }
}

/// The last rate, times a function of the steps that were made (PyTorch's `MultiplicativeLR`).
public final class MultiplicativeLR: LearningRateScheduler {
  private let functions: [(Int) -> Double]

  /// A function of the steps that were made, for all groups.
  public convenience init(_ optimizer: Optimizer, _ function: @escaping (Int) -> Double) {
    self.init(optimizer, optimizer.groups.map { _ in function })
  }

  /// A function for each group; traps for another number of them.
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
