import Foundation
import LevinConfiguration
import LevinMetrics
import LevinTensor
import Testing

/// The options of metrics are settings like any other.
@Suite struct OptionsTests {
  /// The options that a command line and files have, line by line.
  private func lines<Options: HyperparameterSet>(_ owner: String, _ type: Options.Type) throws
    -> [String]
  {
    guard case .group(let fields) = ConfigSchema(of: type) else { return ["\(owner): no options"] }
    #expect(Set(fields.map(\.name)) == Set(type.help.keys), "\(owner)")
    let defaults = ConfigValue(encoding: Options())
    #expect(ConfigValue(encoding: try Options(decoding: defaults)) == defaults, "\(owner)")
    return fields.map { field in
      guard case .leaf(let leaf) = field.schema else { return "\(owner).\(field.name): a group" }
      let help = type.help[field.name] ?? ""
      #expect(
        help.count > 8 && help.hasSuffix(".") && help.first?.isUppercase == true,
        "\(owner).\(field.name): \(help)")
      return "\(owner).\(field.name), \(leaf.expected), \(leaf.defaultValue.text): \(help)"
    }
  }

  /// The whole text, and no set of options in the sources that is not in it.
  private func expectGolden(_ lines: [[String]], _ folder: String, of target: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Tests/Golden/\(folder)/options.txt")
    let text = lines.joined().joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["LEVIN_UPDATE_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
    let sources = root.appending(path: "Sources/\(target)")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    let sets = try (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }
      .reduce(0) { $0 + $1.matches(of: #/public struct \w*Options: /#).count }
    #expect(lines.count == sets)
  }

  @Test func asAUserSeesThem() throws {
    let all = [
      try lines("CountingMetric", CountingMetric.Options.self),
      try lines("FBetaScore", FBetaScore.Options.self),
      try lines("ExactMatch", ExactMatch.Options.self),
      try lines("MatrixMetric", MatrixMetric.Options.self),
      try lines("ConfusionMatrix", ConfusionMatrix.Options.self),
      try lines("CohenKappa", CohenKappa.Options.self),
      try lines("CurveMetric", CurveMetric.Options.self),
      try lines("AUROC", AUROC.Options.self),
      try lines("CalibrationError", CalibrationError.Options.self),
      try lines("HingeLoss", HingeLoss.Options.self),
      try lines("MeanSquaredError", MeanSquaredError.Options.self),
      try lines("R2Score", R2Score.Options.self),
      try lines("ExplainedVariance", ExplainedVariance.Options.self),
      try lines("KLDivergence", KLDivergence.Options.self),
      try lines("CosineSimilarityMetric", CosineSimilarityMetric.Options.self),
      try lines("AggregationMetric", AggregationMetric.Options.self),
      try lines("DiceScore", DiceScore.Options.self),
      try lines("MeanIoU", MeanIoU.Options.self),
      try lines("PeakSignalNoiseRatio", PeakSignalNoiseRatio.Options.self),
      try lines("StructuralSimilarity", StructuralSimilarity.Options.self),
      try lines("Perplexity", Perplexity.Options.self),
      try lines("OutputOptions", OutputOptions.self),
    ]
    try expectGolden(all, "metrics", of: "LevinMetrics")
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
      problem(CurveMetric.Options { $0.normalization = .softmax })
        == "normalization: found softmax for a binary task; expected automatic, sigmoid or none")
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
