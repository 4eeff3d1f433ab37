internal import Foundation
internal import LevinTensorBoard
internal import LevinTrainer

/// Everything about a run in its folder.
struct RunOverview: Sendable {
  struct Checkpoint: Sendable {
    var path: String
    var name: String
    var bytes: Int
  }

  /// The name of the folder below the root, such as `version_3`.
  var name: String
  var folder: String
  var run: Run
  var info: RunInfo
  /// The hyperparameters from hparams.yaml or, if it is missing, from the events of the HParams plugin.
  var hyperparameters: FlatSettings
  /// The configuration from config.yaml, which the command lines of Levin and Lightning write.
  var configuration: FlatSettings
  /// Names of existing files with settings that could not be read.
  var unreadable: Set<String> = []
  var checkpoints: [Checkpoint]
  /// The metrics, one for each curve, in display order; `epoch` is not a metric.
  private(set) var metrics: [MetricSummary]
  /// The index of a tag in ``metrics``.
  private var places: [String: Int] = [:]
  /// What could not be read.
  var problems: [String]

  init(name: String, folder: String) throws {
    try self.init(name: name, folder: folder, info: Self.info(folder), run: Run(directory: folder))
  }

  /// Creates the overview of a run in a list: errors become its problems.
  init(_ found: RunPaths.Found) {
    var failure = found.problem
    var run = Run(unreadable: found.folder)
    if failure == nil {
      do { run = try Run(directory: found.folder) } catch { failure = error.description }
    }
    self.init(name: found.name, folder: found.folder, info: Self.info(found.folder), run: run)
    if let failure {
      info.status = .unreadable
      problems.insert(failure, at: 0)
    }
  }

  /// Creates an up-to-date overview of the same run, reading only what is new in its files.
  init(refreshing overview: RunOverview) throws {
    let info = Self.info(overview.folder)
    var run = overview.run
    try run.refresh()
    self.init(name: overview.name, folder: overview.folder, info: info, run: run)
  }

  private init(
    name: String, folder: String, info: (RunInfo, problem: String?), run: Run
  ) {
    self.name = name
    self.folder = folder
    self.run = run
    self.info = info.0
    if info.problem != nil { unreadable.insert("run.json") }
    problems = run.problems.map(\.description) + (info.problem.map { [$0] } ?? [])
    // An unfinished run may still write its last record; a killed run's earlier files may end anywhere.
    if info.0.status == .finished, let last = run.files.last,
      case .cut(let offset, _) = last.tail
    {
      problems.append("\(last.path): byte \(offset): the last record is cut short")
    }
    (hyperparameters, configuration) = (FlatSettings(), FlatSettings())
    checkpoints = Self.checkpoints(in: folder + "/checkpoints")
    metrics = []
    hyperparameters = settings("hparams.yaml")
    configuration = settings("config.yaml")
    if hyperparameters.entries.isEmpty, let logged = run.hyperparameters {
      for (name, value) in logged.values {
        var isText = false
        if case .string = value { isText = true }
        hyperparameters.set(name, Self.text(value), isText: isText)
      }
    }
    for (tag, points) in run.curves where tag != "epoch" {
      guard let metric = MetricSummary(tag, points) else { continue }
      // Lightning's placeholder, which means nothing.
      if tag == "hp_metric", points.values.allSatisfy({ $0 == -1 }) { continue }
      metrics.append(metric)
    }
    metrics = MetricSummary.sorted(metrics, by: \.tag)
    for (place, metric) in metrics.enumerated() { places[metric.tag] = place }
  }

  private static func info(_ folder: String) -> (RunInfo, problem: String?) {
    do {
      return (try RunInfo(run: folder, isLocked: RunFolder.isLocked), nil)
    } catch {
      return (RunInfo(), "\(error)")
    }
  }

  /// When the run began, in seconds since 1970.
  var started: Double? { info.start ?? run.wallTimes?.lowerBound }

  /// The seconds of work, up to the end or to the last event so far, without the time between stretches.
  var length: Double? {
    if let worked = info.worked {
      guard let since = info.since else { return worked }
      return RunInfo.milliseconds(
        worked + max(0, (run.wallTimes?.upperBound ?? since) - since))
    }
    guard let started, let end = info.end ?? run.wallTimes?.upperBound else { return nil }
    return max(0, RunInfo.milliseconds(end - started))
  }

  /// The number of optimizer steps from run.json, or else the last step of a curve.
  var steps: Int? {
    if let steps = info.steps, info.status != .running { return steps }
    return run.curves.compactMap { $0.points.steps.max() }.max() ?? info.steps
  }

  func metric(_ tag: String) -> MetricSummary? { places[tag].map { metrics[$0] } }

  /// The number of problems; of those in event files, ``problems`` has only the first ones.
  var problemCount: Int { problems.count - run.problems.count + run.problemCount }

  private mutating func settings(_ name: String) -> FlatSettings {
    let path = folder + "/" + name
    guard FileManager.default.fileExists(atPath: path) else { return FlatSettings() }
    do {
      return try FlatSettings(yaml: path)
    } catch {
      problems.append("\(error)")
      unreadable.insert(name)
      return FlatSettings()
    }
  }

  static func text(_ value: HyperparameterValue) -> String {
    switch value {
    case .number(let number): NumberText.exact(number)
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    }
  }

  private static func checkpoints(in folder: String) -> [Checkpoint] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return
      names
      .filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".ckpt") }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { name in
        let path = folder + "/" + name
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return Checkpoint(path: path, name: name, bytes: size ?? 0)
      }
  }
}
