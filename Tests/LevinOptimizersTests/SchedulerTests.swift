import Foundation
import LevinOptimizers
import LevinTensor
import Testing

/// 200 learning rates, and momentums, of each scheduler equal PyTorch's.
@Suite struct SchedulerTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Scheduler: Decodable, Sendable {
      let name: String
      let arguments: [String: Training.Value]
    }
    let kind: String
    let optimizer: String
    let schedulers: [Scheduler]
    let milestones: [Int]?
    let losses: [Training.Value]?
    let rates: [[Double]]
    let momentums: [[Double]]

    var testDescription: String {
      "\(kind) \(optimizer) "
        + schedulers.map { s in
          s.name + s.arguments.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        }.joined(separator: "; ")
    }
  }

  static let cases: [Case] = Training.golden("schedulers")

  /// An optimizer of two groups, its schedulers, and what makes them step.
  struct Run {
    let optimizer: Optimizer
    let schedulers: [LearningRateScheduler]
    let step: (Int) -> Void

    init(_ golden: Case) throws {
      let parameters = (0..<2).map { _ in Parameter(.zeros([1])) }
      if golden.optimizer == "Adam" {
        let adam = Adam([parameters[0]], learningRate: 0.05)
        adam.addGroup([parameters[1]]) { $0.learningRate = 0.5 }
        optimizer = adam
      } else {
        let sgd = SGD([parameters[0]], .init(learningRate: 0.05, momentum: 0.9))
        sgd.addGroup([parameters[1]]) { $0.learningRate = 0.5 }
        optimizer = sgd
      }
      let optimizer = optimizer
      let made = try golden.schedulers.map { try Arguments($0).scheduler(of: optimizer) }
      switch golden.kind {
      case "SequentialLR":
        schedulers = [SequentialLR(made, milestones: try #require(golden.milestones))]
      case "ChainedScheduler": schedulers = [ChainedScheduler(made)]
      default: schedulers = made
      }
      let schedulers = schedulers
      step = { index in
        for scheduler in schedulers {
          if let plateau = scheduler as? ReduceLROnPlateau {
            plateau.step(golden.losses?[index].double ?? .nan)
          } else {
            scheduler.step()
          }
        }
      }
    }
  }

  private func expectEqual(
    _ found: [Double], _ expected: [Double], _ what: @autoclosure () -> String
  ) {
    // One expectation a number would take most of the time.
    let isEqual =
      found.count == expected.count
      && zip(found, expected).allSatisfy { $0 == $1 || abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
    if !isEqual { Issue.record("\(what()): \(found), PyTorch \(expected)") }
  }

  @Test(arguments: cases) func asPyTorch(_ golden: Case) throws {
    let run = try Run(golden)
    for (index, rates) in golden.rates.enumerated() {
      expectEqual(run.optimizer.groups.map(\.learningRate), rates, "step \(index)")
      if !golden.momentums.isEmpty {
        expectEqual(
          run.optimizer.groups.compactMap(\.momentum), golden.momentums[index], "momentum \(index)")
      }
      run.step(index)
    }
  }

  /// Saved in the middle and taken back by others that were made anew, it goes on the same.
  @Test(arguments: cases) func goesOn(_ golden: Case) throws {
    for middle in [1, 37, 150] {
      let (first, second) = (try Run(golden), try Run(golden))
      for index in 0..<middle { first.step(index) }
      try second.optimizer.loadState(first.optimizer.state)
      for (from, to) in zip(first.schedulers, second.schedulers) {
        let saved = try JSONEncoder().encode(from.state)
        try to.loadState(JSONDecoder().decode([String: [Double]].self, from: saved))
      }
      for index in middle..<golden.rates.count {
        expectEqual(second.optimizer.groups.map(\.learningRate), golden.rates[index], "\(index)")
        second.step(index)
      }
    }
  }

  /// The plan is what comes, and changes nothing.
  @Test(arguments: cases.filter { $0.kind != "plateau" && $0.schedulers.count == 1 })
  func plan(_ golden: Case) throws {
    let run = try Run(golden)
    for index in 0..<3 { run.step(index) }
    let plan = run.schedulers[0].plan(steps: 100)
    for (index, rates) in plan.enumerated() {
      expectEqual(rates, golden.rates[index + 3], "step \(index + 3)")
      expectEqual(
        run.optimizer.groups.map(\.learningRate), golden.rates[index + 3], "after the plan")
      run.step(index + 3)
    }
  }

  @Test func intervals() {
    let optimizer = SGD([Parameter(.zeros([1]))], .init(learningRate: 1, momentum: 0.9))
    #expect(StepLR(optimizer, .init(stepSize: 3)).interval == .epoch)
    #expect(OneCycleLR(optimizer, .init(maxRates: [1], totalSteps: 10)).interval == .step)
    let scheduler = ExponentialLR(optimizer, .init(gamma: 0.5)).every(.step, frequency: 2)
    #expect(scheduler.interval == .step && scheduler.frequency == 2)
    #expect(ReduceLROnPlateau(optimizer, monitor: "val/loss").monitor == "val/loss")
  }

  /// A scheduler of one's own.
  @Test func ofOnesOwn() {
    final class InverseRoot: LearningRateScheduler {
      override func rate(_ current: Double, base: Double, group: Int) -> Double {
        base / Double(lastEpoch + 1).squareRoot()
      }
    }
    let optimizer = SGD([Parameter(.zeros([1]))], learningRate: 2)
    let scheduler = InverseRoot(optimizer)
    #expect(
      scheduler.plan(steps: 4).map { $0[0] } == [2, 2 / 2.0.squareRoot(), 2 / 3.0.squareRoot(), 1])
    #expect(optimizer.learningRate == 2)
  }

  @Test func statesThatDoNotFit() {
    let optimizer = SGD([Parameter(.zeros([1]))], learningRate: 2)
    func problem(_ state: [String: [Double]]) -> String? {
      do {
        try StepLR(optimizer, .init(stepSize: 3)).loadState(state)
        return nil
      } catch { return "\(error)" }
    }
    let good = StepLR(optimizer, .init(stepSize: 3)).state
    #expect(problem(good) == nil)
    #expect(problem([:]) == "the state of StepLR lacks last_epoch")
    #expect(
      problem(good.merging(["last_epoch": [.nan]]) { $1 })
        == "the state of StepLR has nan in last_epoch; expected a number of steps")
    #expect(
      problem(good.merging(["base_lrs": [1, 2]]) { $1 })
        == "the state of StepLR has 2 numbers in base_lrs; expected 1")
  }
}

extension Training.Value {
  var double: Double? {
    switch self {
    case .number(let value): value
    case .word("nan"): .nan
    default: nil
    }
  }
  var doubles: [Double]? {
    if case .list(let values) = self { values.compactMap(\.double) } else { double.map { [$0] } }
  }
  var words: [String] {
    switch self {
    case .word(let word): [word]
    case .list(let values): values.flatMap(\.words)
    default: []
    }
  }
}

extension JSONDecoder {
  static var exact: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}

/// PyTorch's arguments of a scheduler, and the scheduler that they make here.
private struct Arguments {
  let name: String
  let values: [String: Training.Value]

  init(_ golden: SchedulerTests.Case.Scheduler) { (name, values) = (golden.name, golden.arguments) }

  func number(_ key: String, _ usual: Double) -> Double { values[key]?.double ?? usual }
  func numbers(_ key: String, _ usual: [Double]) -> [Double] { values[key]?.doubles ?? usual }
  func count(_ key: String, _ usual: Int) -> Int { values[key]?.double.map { Int($0) } ?? usual }
  func flag(_ key: String, _ usual: Bool) -> Bool {
    if case .bool(let value) = values[key] { value } else { usual }
  }
  func word<Word: RawRepresentable<String>>(_ key: String, _ usual: Word) -> Word {
    values[key].flatMap { Word(rawValue: "\($0)") } ?? usual
  }

  static let functions: [String: @Sendable (Double) -> Double] = [
    "#epoch": { $0 }, "#half": { pow(0.5, $0) }, "#decay": { pow(0.95, $0) },
    "#constant": { _ in 0.9 }, "#inverse": { 1 / (1 + 0.1 * $0) },
    "#alternate": { $0.truncatingRemainder(dividingBy: 2) == 0 ? 0.5 : 1 },
    "#cycles": { 1 / pow(5, $0 * 0.0001) }, "#sine": { 0.5 * (1 + sin($0 * .pi / 2)) },
  ]

  func scheduler(of optimizer: Optimizer) throws -> LearningRateScheduler {
    let functions = try (values["lr_lambda"] ?? values["scale_fn"] ?? .null).words
      .map { try #require(Self.functions[$0]) }
    switch name {
    case "LambdaLR" where functions.count == 1:
      return LambdaLR(optimizer) { functions[0](Double($0)) }
    case "LambdaLR": return LambdaLR(optimizer, functions.map { f in { f(Double($0)) } })
    case "MultiplicativeLR" where functions.count == 1:
      return MultiplicativeLR(optimizer) { functions[0](Double($0)) }
    case "MultiplicativeLR":
      return MultiplicativeLR(optimizer, functions.map { f in { f(Double($0)) } })
    case "StepLR":
      return StepLR(
        optimizer, .init(stepSize: count("step_size", 0), gamma: number("gamma", 0.1)))
    case "MultiStepLR":
      return MultiStepLR(
        optimizer,
        .init(milestones: numbers("milestones", []).map { Int($0) }, gamma: number("gamma", 0.1)))
    case "ConstantLR":
      return ConstantLR(
        optimizer, .init(factor: number("factor", 1.0 / 3), totalIters: count("total_iters", 5)))
    case "LinearLR":
      return LinearLR(
        optimizer,
        .init(
          startFactor: number("start_factor", 1.0 / 3), endFactor: number("end_factor", 1),
          totalIters: count("total_iters", 5)))
    case "ExponentialLR": return ExponentialLR(optimizer, .init(gamma: number("gamma", 0)))
    case "PolynomialLR":
      return PolynomialLR(
        optimizer, .init(totalIters: count("total_iters", 5), power: number("power", 1)))
    case "CosineAnnealingLR":
      return CosineAnnealingLR(
        optimizer, .init(tMax: count("T_max", 0), etaMin: number("eta_min", 0)))
    case "CosineAnnealingWarmRestarts":
      return CosineAnnealingWarmRestarts(
        optimizer,
        .init(t0: count("T_0", 0), tMult: count("T_mult", 1), etaMin: number("eta_min", 0)))
    case "CyclicLR":
      let options = CyclicLR.Options(
        baseRates: numbers("base_lr", []), maxRates: numbers("max_lr", []),
        stepSizeUp: count("step_size_up", 2000),
        stepSizeDown: values["step_size_down"].map { _ in count("step_size_down", 0) },
        mode: word("mode", .triangular), gamma: number("gamma", 1),
        cycleMomentum: flag("cycle_momentum", true), baseMomentum: numbers("base_momentum", [0.8]),
        maxMomentum: numbers("max_momentum", [0.9]))
      guard let function = functions.first else { return CyclicLR(optimizer, options) }
      let byStep = values["scale_mode"].map { "\($0)" } == "iterations"
      return CyclicLR(optimizer, options) { cycle, step in function(byStep ? Double(step) : cycle) }
    case "OneCycleLR":
      let steps = count("total_steps", count("epochs", 0) * count("steps_per_epoch", 0))
      return OneCycleLR(
        optimizer,
        .init(
          maxRates: numbers("max_lr", []), totalSteps: steps, pctStart: number("pct_start", 0.3),
          annealStrategy: word("anneal_strategy", .cos),
          cycleMomentum: flag("cycle_momentum", true),
          baseMomentum: numbers("base_momentum", [0.85]),
          maxMomentum: numbers("max_momentum", [0.95]), divFactor: number("div_factor", 25),
          finalDivFactor: number("final_div_factor", 1e4), threePhase: flag("three_phase", false)))
    case "SWALR":
      return SWALR(
        optimizer,
        .init(
          averagingRates: numbers("swa_lr", []), annealEpochs: count("anneal_epochs", 10),
          annealStrategy: word("anneal_strategy", .cos)))
    case "ReduceLROnPlateau":
      return ReduceLROnPlateau(
        optimizer,
        .init(
          mode: word("mode", .min), factor: number("factor", 0.1), patience: count("patience", 10),
          threshold: number("threshold", 1e-4), thresholdMode: word("threshold_mode", .rel),
          cooldown: count("cooldown", 0), minRates: numbers("min_lr", [0]),
          epsilon: number("eps", 1e-8)))
    default: return try #require(nil, "no such scheduler: \(name)")
    }
  }
}
