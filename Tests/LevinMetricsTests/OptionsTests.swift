import LevinConfiguration
import LevinMetrics
import LevinTensor
import Testing

/// The options of metrics are settings like any other.
@Suite struct OptionsTests {
  private func expectHelp<Options: HyperparameterSet>(_ type: Options.Type) throws {
    let defaults = ConfigSchema(of: type).defaults
    #expect(Set(defaults.members.map(\.key)) == Set(type.help.keys), "\(type)")
    for (key, text) in type.help {
      #expect(text.hasSuffix(".") && text.first?.isUppercase == true, "\(type) \(key): \(text)")
    }
    #expect(ConfigValue(encoding: try Options(decoding: defaults)) == defaults, "\(type)")
  }

  /// Each option has a line of help, and all can be written and read.
  @Test func help() throws {
    try expectHelp(CountingMetric.Options.self)
    try expectHelp(FBetaScore.Options.self)
    try expectHelp(ExactMatch.Options.self)
    try expectHelp(MatrixMetric.Options.self)
    try expectHelp(ConfusionMatrix.Options.self)
    try expectHelp(CohenKappa.Options.self)
    try expectHelp(CurveMetric.Options.self)
    try expectHelp(AUROC.Options.self)
    try expectHelp(CalibrationError.Options.self)
    try expectHelp(HingeLoss.Options.self)
    try expectHelp(MeanSquaredError.Options.self)
    try expectHelp(R2Score.Options.self)
    try expectHelp(ExplainedVariance.Options.self)
    try expectHelp(KLDivergence.Options.self)
    try expectHelp(CosineSimilarityMetric.Options.self)
    try expectHelp(AggregationMetric.Options.self)
    try expectHelp(DiceScore.Options.self)
    try expectHelp(MeanIoU.Options.self)
    try expectHelp(PeakSignalNoiseRatio.Options.self)
    try expectHelp(StructuralSimilarity.Options.self)
    try expectHelp(Perplexity.Options.self)
  }

  private struct Hyperparameters: HyperparameterSet {
    var score = FBetaScore.Options {
      $0.counting = F1Score(.multiclass(3, average: .macro)).options
      $0.beta = 2
    }
  }

  /// What a file or a command line changes of a model's metric; all names are on one level.
  @Test func inHyperparameters() throws {
    var tree = ConfigValue(encoding: Hyperparameters())
    #expect(tree["score"]?["beta"] == .float(2))
    #expect(tree["score"]?["average"] == .string("macro"))
    #expect(tree["score"]?["ignore_index"] == .null)
    tree = .object([
      .init(
        "score",
        .object(
          try #require(tree["score"]).members.map {
            $0.key == "average" ? .init("average", .string("none")) : $0
          }))
    ])
    let metric = FBetaScore(try Hyperparameters(decoding: tree).score)
    let value = metric(Tensor([0, 1, 2, 2] as [Int64]), Tensor([0, 2, 2, 1] as [Int64]))
    #expect(value.scalars(as: Float.self) == [1, 0, 0.5])
  }

  private func problem(_ options: some HyperparameterSet) -> String? {
    do {
      try options.validate()
      return nil
    } catch { return "\(error)" }
  }

  @Test func outOfRange() {
    let classes = CountingMetric.Options { ($0.task, $0.classCount) = (.multiclass, 3) }
    #expect(
      problem(classes)
        == "average: found no value; expected one of micro, macro, weighted, none")
    func counting(_ change: (inout CountingMetric.Options) -> Void) -> String? {
      var options = classes
      options.average = .micro
      change(&options)
      return problem(options)
    }
    #expect(counting { _ in } == nil)
    #expect(counting { $0.topK = 4 } == "top_k: found 4; expected 1 to 3")
    #expect(counting { $0.classCount = 1 } == "class_count: found 1; expected 2 or more")
    #expect(counting { $0.threshold = 2 } == "threshold: found 2.0; expected 0.0 to 1.0")
    #expect(
      counting { $0.average = .samples }
        == "average: found samples; expected one of micro, macro, weighted, none")
    #expect(
      problem(CohenKappa.Options { ($0.task, $0.classCount) = (.multilabel, 3) })
        == "task: found multilabel; expected binary or multiclass")
    #expect(
      problem(CurveMetric.Options { $0.thresholds = [0.5, 0.1] })
        == "thresholds: found [0.5, 0.1]; expected numbers in ascending order")
    #expect(
      problem(StructuralSimilarity.Options { $0.sigma = 0 })
        == "sigma: found 0.0; expected a finite number above 0")
  }
}

/// What torchmetrics' `plot()` draws.
@Suite struct PlotTests {
  @Test func matrix() {
    let metric = ConfusionMatrix(.multiclass(2))
    metric.update(Tensor([0, 1, 1, 0] as [Int64]), Tensor([0, 1, 0, 0] as [Int64]))
    #expect(
      metric.plots(labels: ["cat", "dog"]) == [
        MetricPlot(
          content: .cells([[2, 1], [0, 1]], rows: ["cat", "dog"], columns: ["cat", "dog"]),
          title: "ConfusionMatrix", xLabel: "Predicted class", yLabel: "True class")
      ])
  }

  @Test func matricesOfLabels() {
    let metric = ConfusionMatrix(.multilabel(2))
    metric.update(
      Tensor([1, 0, 1, 1] as [Int64], shape: [2, 2]),
      Tensor([1, 0, 0, 1] as [Int64], shape: [2, 2])
    )
    let plots = metric.plots()
    #expect(plots.map(\.title) == ["Label 0", "Label 1"])
    #expect(
      plots.map(\.content) == [
        .cells([[0, 1], [0, 1]], rows: ["0", "1"], columns: ["0", "1"]),
        .cells([[1, 0], [0, 1]], rows: ["0", "1"], columns: ["0", "1"]),
      ])
  }

  @Test func curves() {
    let (scores, targets) = (
      Tensor([0.1, 0.4, 0.35, 0.8] as [Float]), Tensor([0, 0, 1, 1] as [Int64])
    )
    let roc = ROC(.binary)
    roc.update(scores, targets)
    #expect(
      roc.plots() == [
        MetricPlot(
          content: .lines([
            .init(name: "AUC=0.750", x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1])
          ]),
          title: "ROC", xLabel: "False positive rate", yLabel: "True positive rate")
      ])
    let curve = PrecisionRecallCurve(.multilabel(2))
    curve.update(
      .stacked([scores, scores], dimension: 1), .stacked([targets, 1 - targets], dimension: 1))
    guard case .lines(let lines)? = curve.plots(labels: ["a", "b"]).first?.content else {
      Issue.record("no lines")
      return
    }
    #expect(lines.map(\.name) == ["a AP=0.833", "b AP=0.500"])
    #expect(lines.map { $0.x.last } == [0, 0] && lines.map { $0.y.last } == [1, 1])
  }
}
