public import LevinOptimizers
internal import LevinSystem
internal import LevinTensor

/// What ``LightningModuleBase/configureOptimizers()`` returns: an optimizer, a scheduler with its optimizer, a list of
/// these, or an ``Optimization``.
public protocol OptimizerConfiguration {
  /// The optimizers and schedulers; `steps` is the number of optimizer steps that the training is expected to make,
  /// nil if it has no end.
  func optimization(steps: @autoclosure () -> Int?) throws -> Optimization
}

/// The optimizers of a training, and the schedulers of their learning rates.
///
///     Optimization(Adam(parameters, learningRate: 1e-3)) { optimizer, steps in
///       OneCycleLR(optimizer, .init(maxRates: [1e-2], totalSteps: steps))
///     }
///
/// Several optimizers are for manual optimization (``LightningModuleBase/automaticOptimization``); with names,
/// ``LightningModuleBase/optimizer(_:)-(String)`` finds them:
///
///     Optimization(["generator": Adam(generator.parameters), "discriminator": Adam(discriminator.parameters)])
public struct Optimization: OptimizerConfiguration {
  /// The optimizers.
  public internal(set) var optimizers: [Optimizer] = []
  /// Their names; nil where they have none.
  public internal(set) var names: [String?] = []
  /// The schedulers, in the order in which they step.
  public internal(set) var schedulers: [LearningRateScheduler] = []
  /// The batches in a row that belong to each optimizer.
  var frequencies: [Int] = []
  private var makers: [(Int) throws -> LearningRateScheduler] = []

  /// What a training steps if the module has no optimizer.
  static var nothing: Optimization { Optimization(["": SGD([Parameter](), learningRate: 0)]) }
  var isNothing: Bool { names == [""] }

  /// Optimizers and schedulers; the optimizer of a scheduler need not be given.
  public init(_ parts: any OptimizerConfiguration...) throws {
    for part in parts { try add(part) }
  }

  /// An optimizer, and a scheduler made from it and the number of steps that the training will make.
  ///
  /// The training throws ``TrainerError`` if it has no known end.
  public init<Base: Optimizer>(
    _ optimizer: Base,
    scheduler: @escaping (_ optimizer: Base, _ steps: Int) throws -> LearningRateScheduler
  ) {
    addOptimizer(optimizer)
    makers = [{ try scheduler(optimizer, $0) }]
  }

  /// Optimizers with names, and schedulers for them.
  ///
  /// `frequencies` are for trainings that take turns: so many batches in a row belong to an optimizer, 1 by default, in
  /// the order of the optimizers; ``LightningModuleBase/isTurn(of:batchIndex:)`` says whose turn it is. Traps for an
  /// unknown name, or a frequency below 1.
  public init(
    _ optimizers: KeyValuePairs<String, Optimizer>, frequencies: [String: Int] = [:],
    schedulers: [LearningRateScheduler] = []
  ) {
    for (name, optimizer) in optimizers { addOptimizer(optimizer, name: name) }
    for (name, frequency) in frequencies {
      guard let index = names.firstIndex(of: name), frequency >= 1 else {
        fail(
          "Optimization", "a frequency of \(frequency) for '\(name)'",
          expected: "1 or more for one of \(optimizers.map(\.key).joined(separator: ", "))")
      }
      self.frequencies[index] = frequency
    }
    for scheduler in schedulers { addScheduler(scheduler) }
  }

  private mutating func addOptimizer(
    _ optimizer: Optimizer, name: String? = nil, frequency: Int = 1
  ) {
    guard !optimizers.contains(where: { $0 === optimizer }) else { return }
    optimizers.append(optimizer)
    names.append(name)
    frequencies.append(frequency)
  }

  private mutating func addScheduler(_ scheduler: LearningRateScheduler) {
    addOptimizer(scheduler.optimizer)
    schedulers.append(scheduler)
  }

  fileprivate mutating func add(_ part: any OptimizerConfiguration) throws {
    switch part {
    case let optimizer as Optimizer: addOptimizer(optimizer)
    case let scheduler as LearningRateScheduler: addScheduler(scheduler)
    case let other as Optimization:
      for (index, optimizer) in other.optimizers.enumerated() {
        addOptimizer(optimizer, name: other.names[index], frequency: other.frequencies[index])
      }
      for scheduler in other.schedulers { addScheduler(scheduler) }
      makers += other.makers
    default: try add(part.optimization(steps: nil))
    }
  }

  /// This, with the schedulers that are made from the number of steps.
  public func optimization(steps: @autoclosure () -> Int?) throws -> Optimization {
    guard !makers.isEmpty else { return self }
    guard let count = steps() else { throw TrainerError.unknownSteps }
    var made = self
    made.makers = []
    for maker in makers { made.addScheduler(try maker(count)) }
    return made
  }
}

extension Optimizer: OptimizerConfiguration {
  /// This optimizer alone.
  public func optimization(steps: @autoclosure () -> Int?) throws -> Optimization {
    try Optimization(self)
  }
}

extension LearningRateScheduler: OptimizerConfiguration {
  /// This scheduler and its optimizer.
  public func optimization(steps: @autoclosure () -> Int?) throws -> Optimization {
    try Optimization(self)
  }
}

extension Array: OptimizerConfiguration where Element: OptimizerConfiguration {
  /// All of them.
  public func optimization(steps: @autoclosure () -> Int?) throws -> Optimization {
    var all = try Optimization()
    for part in self { try all.add(part) }
    return try all.optimization(steps: steps())
  }
}
