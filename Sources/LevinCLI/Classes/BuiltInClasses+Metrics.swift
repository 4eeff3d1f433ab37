internal import LevinConfiguration
internal import LevinMetrics

extension BuiltInClasses {
  static let metrics: [ClassEntry] = [
    counting("The part of decisions that are right.") { Accuracy($0) },
    counting("The part of positive decisions that are right.") { Precision($0) },
    counting("The part of positives that are found.") { Recall($0) },
    counting("The part of negatives that are found.") { Specificity($0) },
    counting("The part of decisions that are wrong.") { HammingDistance($0) },
    counting("The harmonic mean of precision and recall.") { F1Score($0) },
    counting("The overlap of predictions and targets.") { JaccardIndex($0) },
    metric(AUROC.Options.self, "The area under the ROC curve.") { AUROC($0) },
    metric(AveragePrecision.Options.self, "The area under the curve of precision and recall.") {
      AveragePrecision($0)
    },
    metric(MeanSquaredError.Options.self, "The mean squared error.") { MeanSquaredError($0) },
    metric(NoOptions.self, "The mean absolute error.") { _ in MeanAbsoluteError() },
  ]

  private static func counting<Object: CountingMetric>(
    _ about: String, _ make: @escaping @Sendable (CountingMetric.Options) throws -> Object
  ) -> ClassEntry { metric(CountingMetric.Options.self, about, make) }

  private static func metric<Options: HyperparameterSet, Object: Metric>(
    _ options: Options.Type, _ about: String,
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    let hasClasses = ConfigSchema(of: options).field("class_count") != nil
    return entry(
      Metric.self, options, path: "torchmetrics", about: about,
      names: hasClasses ? ["class_count": "num_classes"] : [:],
      ignored: ["validate_args": nil, "compute_on_cpu": nil, "dist_sync_on_step": nil], make)
  }
}
