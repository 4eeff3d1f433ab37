internal import LevinTensorBoard

/// How runs differ: each from the first.
struct RunDiff: Sendable {
  var runs: [RunOverview]
  var hyperparameters: [SettingsDiff]
  var configuration: [SettingsDiff]
  /// Of run.json, what may have made the runs different.
  var causes: [SettingsDiff]
  /// Of run.json, what differs in any two runs: times, hosts, commands.
  var circumstances: [SettingsDiff]
  var curves: [CurveDiff] = []
  var texts: [TextDiff] = []
  var images: [ImageDiff] = []
  var weights: [WeightsDiff] = []
  /// Steps of texts and pictures that only one of two runs has.
  var missing: [MissingSteps] = []
  /// How much was compared, for the line that says that all is equal.
  var comparedTexts = 0
  var comparedImages = 0

  /// - Parameter runs: two or more.
  init(_ runs: [RunOverview]) throws {
    self.runs = runs
    hyperparameters = SettingsDiff.all(runs.map(\.hyperparameters))
    configuration = SettingsDiff.all(runs.map(\.configuration))
    // Runs without a run.json say nothing about it.
    let records = runs.map(\.info.settings)
    let known = records.indices.filter { !records[$0].entries.isEmpty }
    let record =
      known.count < 2
      ? []
      : SettingsDiff.all(known.map { records[$0] }, counts: false).map { diff in
        SettingsDiff(name: diff.name, values: records.map { $0[diff.name] }, counts: false)
      }
    causes = record.filter { Self.isCause($0.name) }
    circumstances = record.filter { !Self.isCause($0.name) }
    for (number, other) in runs.enumerated().dropFirst() {
      curves += CurveDiff.all(runs[0].run, other.run, run: number)
      let texts = try TextDiff.all(runs[0].run, other.run, run: number)
      self.texts += texts.differing
      comparedTexts += texts.compared
      let images = try ImageDiff.all(runs[0].run, other.run, run: number)
      self.images += images.differing
      comparedImages += images.compared
      missing += texts.missing + images.missing
      weights.append(WeightsDiff(runs[0], other, run: number))
    }
  }

  /// Whether the runs came out the same.
  ///
  /// Times, hosts and paths do not count, nor does what run.json says.
  var isEqual: Bool {
    !(hyperparameters + configuration).contains(where: \.counts)
      && curves.allSatisfy { $0.isEqual || !$0.counts } && texts.isEmpty && images.isEmpty
      && missing.isEmpty && weights.allSatisfy(\.isEqual)
  }

  private static func isCause(_ name: String) -> Bool {
    let causes = [
      "data_hashes", "commit", "instruction_set", "thread_count", "seed", "versions",
      "resumed_from",
    ]
    return causes.contains { name == $0 || name.hasPrefix($0 + ".") }
  }
}
