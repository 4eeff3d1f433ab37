import Foundation
import LevinOptimizers
import LevinTensor
import ReferenceBackend
import Testing

/// Whole trainings equal PyTorch's.
@Suite struct TrainingTests {
  /// The greatest difference, relative to the greatest number.
  private func difference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    let scale = b.joined().map(abs).max() ?? 0
    guard a.map(\.count) == b.map(\.count) else { return .infinity }
    let differences = zip(a.joined(), b.joined()).map { abs($0 - $1) }
    return differences.contains { $0.isNaN }
      ? .infinity : (differences.max() ?? 0) / max(scale, 1e-30)
  }

  /// After 10 steps all trainings, with their states; after 200 one for each optimizer and problem, and all in a long run.
  @Test(arguments: Training.all) func inDoublePrecision(_ training: Training) throws {
    // Muon computes its steps in bfloat16, where a sum in another order is another number; LBFGS divides small differences.
    let (isMuon, isLBFGS) = (training.optimizer == "Muon", training.optimizer == "LBFGS")
    let problem = Problem(training.problem, .float64)
    let optimizer = try makeOptimizer(
      training.optimizer, problem.parameters, training.options.text)
    let isWhole = training.isFirst || training.steps <= 10 || Training.isLong
    for step in 1...(isWhole ? training.steps : 10) {
      problem.step(optimizer)
      if step == (isLBFGS ? 2 : 10) {
        try checkEarly(training, problem, optimizer, isMuon ? 2e-2 : isLBFGS ? 1e-8 : 1e-11)
      }
    }
    guard isWhole else { return }
    // Some of the trainings turn a difference of the start into a larger one.
    let tolerance = isMuon ? max(2e-2, 10 * training.spread) : max(1e-10, 1000 * training.spread)
    #expect(difference(problem.values, training.after[1]) < tolerance)
  }

  private func checkEarly(
    _ training: Training, _ problem: Problem, _ optimizer: Optimizer, _ tolerance: Double
  ) throws {
    #expect(difference(problem.values, training.after[0]) < tolerance)
    let state = optimizer.state.filter { !$0.key.hasPrefix("param_groups.") }
    #expect(Set(state.keys) == Set(training.state.keys))
    for (name, expected) in training.state {
      let found = try #require(state[name])
      #expect(found.shape == Shape(expected.shape), "\(name)")
      let values = found.to(.float64).reshaped(to: [-1]).scalars(as: Double.self)
      #expect(difference([values], [expected.values]) < tolerance, "\(name)")
    }
  }

  /// What PyTorch saved is taken back, and goes on.
  @Test(arguments: Training.all) func takesPyTorchsState(_ training: Training) throws {
    let problem = Problem(training.problem, .float64)
    let optimizer = try makeOptimizer(
      training.optimizer, problem.parameters, training.options.text)
    let state = training.state.mapValues {
      let tensor = Tensor($0.values, shape: Shape($0.shape))
      return $0.shape.isEmpty && training.optimizer != "LBFGS" ? tensor.to(.float32) : tensor
    }
    try optimizer.loadState(state)
    problem.step(optimizer)
    let areFinite = problem.values.joined().allSatisfy { $0.isFinite }
    #expect(areFinite)
  }

  @Test(
    arguments: Training.all.filter { $0.single != nil }, [Device.cpu, Device(ReferenceBackend())])
  func inSinglePrecision(_ training: Training, on device: Device) throws {
    let problem = Problem(training.problem, .float32, on: device)
    let optimizer = try makeOptimizer(
      training.optimizer, problem.parameters, training.options.text)
    for _ in 0..<10 { problem.step(optimizer) }
    let tolerance = training.optimizer == "Muon" ? 2e-2 : 2e-6
    #expect(difference(problem.values, try #require(training.single)) < tolerance)
  }
}
