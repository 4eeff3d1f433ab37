import Foundation
import LevinOptimizers
import LevinTensor
import Testing

/// What was saved in the middle goes on bit for bit in a new process.
@Suite struct NewProcessTests {
  /// A tensor in a file, bit for bit.
  private struct Saved: Codable {
    let dtype: String
    let shape: [Int]
    let bits: [UInt64]

    init(_ tensor: Tensor) {
      (dtype, shape) = (tensor.dtype.name, Array(tensor.shape))
      bits = tensor.detached().to(.float64).scalars(as: Double.self).map(\.bitPattern)
    }
    func tensor() throws -> Tensor {
      let type = try #require(DType.allCases.first { $0.name == dtype })
      return Tensor(bits.map(Double.init(bitPattern:)), shape: Shape(shape)).to(type)
    }
  }

  private struct Middle: Codable {
    let parameters: [Saved]
    let state: [String: Saved]
  }

  private static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  private static func write(_ value: some Encodable, _ name: String, in folder: String) throws {
    try JSONEncoder().encode(value).write(to: URL(filePath: folder).appending(path: name))
  }
  private static func read<T: Decodable>(_ type: T.Type, _ name: String, in folder: String) throws
    -> T
  {
    try JSONDecoder().decode(
      type, from: Data(contentsOf: URL(filePath: folder).appending(path: name)))
  }

  /// The trainings of one problem, in one dtype and the next in the other; in a long run all in both.
  private static let runs: [(training: Training, dtype: DType)] =
    Training.some.enumerated().flatMap { index, training in
      (Training.isLong ? [.float32, .float64] : [index % 2 == 0 ? DType.float32 : .float64])
        .map { (training, $0) }
    }

  @Test func optimizers() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (middles, ends): ([Middle], [[Saved]]) = ([], [])
    for (training, dtype) in Self.runs {
      let problem = Problem(training.problem, dtype)
      let optimizer = try makeOptimizer(
        training.optimizer, problem.parameters, training.options.text)
      for _ in 0..<6 { problem.step(optimizer) }
      middles.append(
        Middle(
          parameters: problem.parameters.map { Saved($0.value) },
          state: optimizer.state.mapValues { Saved($0) }))
      ends.append(Self.end(problem, optimizer))
    }
    try Self.write(middles, "middles", in: folder)
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let middles = try NewProcessTests.read([Middle].self, "middles", in: folder)
      var ends: [[Saved]] = []
      for (training, dtype) in NewProcessTests.runs {
        let middle = middles[ends.count]
        let problem = Problem(training.problem, dtype)
        for (parameter, saved) in zip(problem.parameters, middle.parameters) {
          parameter.assign(try saved.tensor())
        }
        let optimizer = try makeOptimizer(
          training.optimizer, problem.parameters, training.options.text)
        try optimizer.loadState(middle.state.mapValues { try $0.tensor() })
        ends.append(NewProcessTests.end(problem, optimizer))
      }
      try NewProcessTests.write(ends, "ends", in: folder)
    }
    let found = try Self.read([[Saved]].self, "ends", in: folder)
    #expect(found.map { $0.map(\.bits) } == ends.map { $0.map(\.bits) })
  }

  /// The parameters after six more steps, and the optimizer's state in the order of its names.
  private static func end(_ problem: Problem, _ optimizer: Optimizer) -> [Saved] {
    for _ in 0..<6 { problem.step(optimizer) }
    let state = optimizer.state.sorted { $0.key < $1.key }
    return problem.parameters.map { Saved($0.value) } + state.map { Saved($0.value) }
  }

  private struct Schedule: Codable {
    let optimizer: [String: Saved]
    let schedulers: [[String: [Double]]]
  }

  /// All schedulers of the golden data: the rates of 100 steps after the 37th.
  @Test func schedulers() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (middles, ends): ([Schedule], [[UInt64]]) = ([], [])
    for golden in SchedulerTests.cases {
      let run = try SchedulerTests.Run(golden)
      for index in 0..<37 { run.step(index) }
      middles.append(
        Schedule(
          optimizer: run.optimizer.state.mapValues { Saved($0) },
          schedulers: run.schedulers.map(\.state)))
      ends.append(run.rates(37..<137))
    }
    try Self.write(middles, "middles", in: folder)
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let middles = try NewProcessTests.read([Schedule].self, "middles", in: folder)
      let ends = try zip(SchedulerTests.cases, middles).map { golden, middle in
        let run = try SchedulerTests.Run(golden)
        try run.optimizer.loadState(middle.optimizer.mapValues { try $0.tensor() })
        for (scheduler, state) in zip(run.schedulers, middle.schedulers) {
          try scheduler.loadState(state)
        }
        return run.rates(37..<137)
      }
      try NewProcessTests.write(ends, "ends", in: folder)
    }
    #expect(try Self.read([[UInt64]].self, "ends", in: folder) == ends)
  }
}

extension SchedulerTests.Run {
  /// The bits of the rates and momentums in each of some steps.
  fileprivate func rates(_ steps: Range<Int>) -> [UInt64] {
    steps.flatMap { index in
      step(index)
      return optimizer.groups.flatMap { [$0.learningRate, $0.momentum ?? 0] }.map(\.bitPattern)
    }
  }
}
