import Foundation
import LevinMetrics
import LevinTensor
import Testing

/// What was saved in the middle goes on bit for bit in a new process: every metric of the golden data, the others, and
/// wrappers.
@Suite struct NewProcessTests {
  /// A metric or a wrapper with four batches.
  struct Run {
    let update: (Int) -> Void
    let values: () -> [String: Tensor]
    let state: () -> [String: Tensor]
    let load: ([String: Tensor]) throws -> Void

    init<Metric: LoggableMetric>(_ metric: Metric, update: @escaping (Metric, Int) -> Void) {
      self.update = { update(metric, $0) }
      values = { metric.valuesByName }
      state = { metric.state }
      load = { try metric.loadState($0) }
    }

    /// The rows of a batch in each of four updates.
    init(_ metric: Metric, _ predictions: Tensor, _ targets: Tensor) {
      let count = targets.shape[0]
      self.init(metric) { metric, index in
        let rows = count * index / 4..<count * (index + 1) / 4
        metric.update(predictions[rows], targets[rows])
      }
    }

    /// The values and the state in the end.
    func end() -> [[String: Saved]] {
      for index in 2..<4 {
        update(index)
        _ = values()
      }
      return [values().mapValues { Saved($0) }, state().mapValues { Saved($0) }]
    }
  }

  /// A tensor in a file, bit for bit.
  struct Saved: Codable, Equatable {
    let dtype: String
    let shape: [Int]
    let bits: [UInt64]

    init(_ tensor: Tensor) {
      (dtype, shape) = (tensor.dtype.name, Array(tensor.shape))
      bits = tensor.to(.float64).reshaped(to: [-1]).scalars(as: Double.self).map(\.bitPattern)
    }
    func tensor() throws -> Tensor {
      let type = try #require(DType.allCases.first { $0.name == dtype })
      return Tensor(bits.map(Double.init(bitPattern:)), shape: Shape(shape)).to(type)
    }
  }

  /// The same in each process.
  static func runs() throws -> [Run] {
    var runs = try ClassificationTests.cases.compactMap { golden -> Run? in
      guard let kind = golden.values.keys.sorted().first(where: { $0 != "few" }) else { return nil }
      let input = Input(kind, of: golden.task)
      return Run(try golden.make(ignoring: input.ignored), input.predictions, input.targets)
    }
    runs += try OtherMetricTests.cases.map { golden in
      let (x, y) = OtherMetricTests.inputs(golden.values.keys.sorted()[0], of: golden)
      return Run(try OtherMetricTests.make(golden), x, y)
    }
    var draw = Input.Draw(state: 77)
    let (p, t) = (draw.below(4, [8, 5, 6]), draw.below(4, [8, 5, 6]))
    for isGlobal in [false, true] {
      runs.append(Run(DiceScore(classCount: 4, average: .macro, isGlobal: isGlobal), p, t))
      runs.append(Run(MeanIoU(classCount: 4, perClass: isGlobal), p, t))
    }
    let (x, y) = (draw.units([4, 2, 13, 17]), draw.units([4, 2, 13, 17]))
    for reduction in [RowReduction.mean, .none] {
      runs.append(Run(StructuralSimilarity(dataRange: 1, reduction: reduction), x, y))
      runs.append(
        Run(
          PeakSignalNoiseRatio(
            dataRange: 1, dimensions: reduction == .mean ? nil : [1, 2, 3], reduction: reduction),
          x, y))
    }
    let (points, origin) = (draw.units([12, 3]), draw.units([12, 3]))
    runs.append(Run(MeanDistance(), points, origin))
    let numbers = draw.units([4, 5]) - 0.5
    let aggregations: [AggregationMetric] = [
      MeanMetric(), SumMetric(), MinMetric(), MaxMetric(), CatMetric(),
    ]
    for metric in aggregations {
      runs.append(Run(metric) { $0.update(numbers[$1], weight: numbers[$1].absolute()) })
    }
    return runs + wrappers(&draw)
  }

  private static func wrappers(_ draw: inout Input.Draw) -> [Run] {
    let batches = (0..<4).map { _ in (draw.units([16]), draw.below(2, [16])) }
    let tracker = MetricTracker(MetricCollection(["right": Accuracy(.binary)]))
    let collection = MetricCollection(
      ["f1": F1Score(.binary), "recall": Recall(.binary), "auroc": AUROC(.binary)], prefix: "val/")
    let classwise = ClasswiseWrapper(Recall(.multiclass(2, average: .none)))
    let resampled = Bootstrapper(
      Accuracy(.binary), count: 4, quantiles: [0.5], generator: Generator(seed: 8))
    return [
      Run(collection) { $0.update(batches[$1].0, batches[$1].1) },
      Run(MinMaxMetric(Accuracy(.binary))) { $0.update(batches[$1].0, batches[$1].1) },
      Run(classwise) { $0.update((batches[$1].0 * 2).floor().to(.int64), batches[$1].1) },
      Run(resampled) { $0.update(batches[$1].0, batches[$1].1) },
      Run(Running(AUROC(.binary), window: 3)) { $0.update(batches[$1].0, batches[$1].1) },
      Run(Running(MeanMetric(), window: 3)) { $0.update(batches[$1].0.mean()) },
      Run(
        update: {
          tracker.metric.update(batches[$0].0, batches[$0].1)
          if $0 % 2 == 0 { tracker.finishStep() }
        },
        values: {
          let best = tracker.best("right")
          return [
            "best": Tensor(best?.value ?? .nan), "step": Tensor(Int64(best?.step ?? -1)),
            "steps": Tensor(Int64(tracker.steps.count)),
          ]
        }, state: { tracker.state }, load: { try tracker.loadState($0) }),
    ]
  }

  @Test func goOn() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (middles, ends): ([[String: Saved]], [[[String: Saved]]]) = ([], [])
    try MetricWarning.$handler.withValue(MetricWarning { _ in }) {
      for run in try Self.runs() {
        for index in 0..<2 { run.update(index) }
        // Some metrics need two samples.
        _ = run.values()
        middles.append(run.state().mapValues { Saved($0) })
        ends.append(run.end())
      }
    }
    try JSONEncoder().encode(middles).write(to: URL(filePath: folder + "/middles"))
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      let saved = try Data(contentsOf: URL(filePath: folder + "/middles"))
      let middles = try JSONDecoder().decode([[String: Saved]].self, from: saved)
      let ends = try MetricWarning.$handler.withValue(MetricWarning { _ in }) {
        try zip(NewProcessTests.runs(), middles).map { run, middle in
          try run.load(middle.mapValues { try $0.tensor() })
          return run.end()
        }
      }
      try JSONEncoder().encode(ends).write(to: URL(filePath: folder + "/ends"))
    }
    let written = try Data(contentsOf: URL(filePath: folder + "/ends"))
    let found = try JSONDecoder().decode([[[String: Saved]]].self, from: written)
    #expect(found.count == ends.count && ends.count > 340)
    for (index, (a, b)) in zip(found, ends).enumerated() where a != b {
      Issue.record("run \(index): \(a) instead of \(b)")
    }
  }
}

extension NewProcessTests.Run {
  init(
    update: @escaping (Int) -> Void, values: @escaping () -> [String: Tensor],
    state: @escaping () -> [String: Tensor], load: @escaping ([String: Tensor]) throws -> Void
  ) {
    (self.update, self.values, self.state, self.load) = (update, values, state, load)
  }
}
