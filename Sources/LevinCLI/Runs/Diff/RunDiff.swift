internal import LevinTensorBoard

/// How runs differ, each from the first.
struct RunDiff: Sendable {
  var runs: [RunOverview]
  var hyperparameters: [SettingsDiff]
  /// Differences in config.yaml.
  var config: [SettingsDiff]
  /// Differences in run.json that may be causes of other differences.
  var causes: [SettingsDiff]
  /// Differences in run.json that any two runs have: times, hosts, commands.
  var circumstances: [SettingsDiff]
  var curves: [CurveDiff] = []
  var texts: [TextDiff] = []
  var images: [ImageDiff] = []
  var weights: [WeightsDiff] = []
  /// Steps of texts and pictures that only one of two runs has.
  var missing: [MissingSteps] = []
  /// How much was compared, for the line that says that the runs are equal.
  var comparedTexts = 0
  var comparedImages = 0
  /// What could not be read, with the index of the run.
  var problems: [(run: Int, message: String)] = []

  /// - Parameter runs: Two or more runs.
  init(_ runs: [RunOverview]) throws {
    self.runs = runs
    hyperparameters = SettingsDiff.all(
      runs.map { $0.unreadable.contains("hparams.yaml") ? nil : $0.hyperparameters })
    // Runs without a config.yaml or a run.json are unknown in this respect.
    func known(_ settings: FlatSettings) -> FlatSettings? {
      settings.entries.isEmpty ? nil : settings
    }
    config = SettingsDiff.all(runs.map { known($0.configuration) })
    let record = SettingsDiff.all(runs.map { known($0.info.settings) }, counts: false)
    causes = record.filter { Self.isCause($0.name) }
    circumstances = record.filter { !Self.isCause($0.name) }
    for (number, other) in runs.enumerated().dropFirst() {
      curves += CurveDiff.all(runs[0], other, run: number)
      let texts = try TextDiff.all(runs[0].run, other.run, run: number)
      self.texts += texts.differing
      comparedTexts += texts.compared
      let images = try ImageDiff.all(runs[0].run, other.run, run: number)
      self.images += images.differing
      comparedImages += images.compared
      missing += texts.missing + images.missing
      weights.append(WeightsDiff(runs[0], other, run: number))
    }
    for (number, run) in runs.enumerated() {
      var messages = run.problems
      for weights in weights {
        // The first run's checkpoint is compared with each of the others.
        let own =
          number == 0 ? weights.problems[0] : number == weights.run ? weights.problems[1] : nil
        if let own, !messages.contains(own) { messages.append(own) }
      }
      problems += messages.map { (number, $0) }
    }
  }

  /// Whether there is a difference that counts.
  ///
  /// Times, hosts and paths do not count, nor does the content of run.json.
  var differs: Bool {
    (hyperparameters + config).contains(where: \.counts)
      || curves.contains { !$0.isEqual && $0.counts } || !texts.isEmpty || !images.isEmpty
      || !missing.isEmpty || weights.contains(where: \.differs)
  }

  /// Whether everything in the runs could be read.
  var isComplete: Bool { problems.isEmpty }

  /// Whether the runs are equal as far as is known.
  var isEqual: Bool { !differs && isComplete }

  /// 0 for equal runs, 1 for different ones, 2 if damage leaves it open.
  var exitStatus: Int32 { differs ? 1 : isComplete ? 0 : 2 }

  private static func isCause(_ name: String) -> Bool {
    let causes = [
      "data_hashes", "commit", "instruction_set", "thread_count", "seed", "versions",
      "resumed_from", "model", "parameters",
    ]
    return causes.contains { name == $0 || name.hasPrefix($0 + ".") }
  }
}
