internal import LevinTensorBoard
internal import LevinTrainer

/// What a training would do, as text.
struct TrainingPlanPage {
  private let plan: TrainingPlan

  init(_ plan: TrainingPlan) { self.plan = plan }

  func lines(_ page: Page) -> [String] {
    let rows = rows
    let width = rows.map(\.0.count).max() ?? 0
    var lines = rows.map { page.paint(padded($0, to: width), .bold) + "  " + $1 }
    var series = ScalarSeries()
    series.steps = Array(plan.rates.indices)
    series.values = plan.rates
    series.wallTimes = plan.rates.map { _ in 0 }
    let tag = "learning rate by \(plan.ratesAreOfSteps ? "step" : "epoch")"
    if let metric = MetricSummary(tag, series) {
      let plot = CurvePlot(metric: metric, series: series, rows: 5)
      lines += [""] + plot.lines(width: min(page.width ?? 80, 80), page)
    }
    return lines
  }

  private var rows: [(String, String)] {
    var rows = [("model", model), ("data", data), ("training", training)]
    if !plan.optimizers.isEmpty {
      let schedulers = plan.schedulers.map { ", \($0)" }.joined()
      rows.append(("optimizer", plan.optimizers.joined(separator: "; ") + schedulers))
    }
    rows.append(("memory", memory))
    rows.append(("folder", plan.folder ?? "none: nothing is written"))
    if let (path, epochs, steps) = plan.checkpoint {
      rows.append(("goes on from", "\(path), after \(epochs) epochs and \(steps) steps"))
    }
    return rows
  }

  private var model: String {
    let frozen = plan.parameterCount - plan.trainedCount
    return "\(plan.module), \(plan.parameterCount) parameters"
      + (frozen > 0 ? ", of which \(frozen) are not trained" : "")
  }

  private var data: String {
    func batches(_ count: Int?) -> String { count.map { "\($0)" } ?? "an unknown number of" }
    let validation =
      plan.validationBatches == 0
      ? "no validation" : "\(batches(plan.validationBatches)) in a validation"
    return "\(plan.data), \(batches(plan.trainBatches)) batches in an epoch, \(validation)"
  }

  private var training: String {
    let epochs = plan.epochs.map { "\($0) epochs" } ?? "epochs without a limit"
    return epochs + (plan.steps.map { ", \($0) steps" } ?? "")
  }

  private var memory: String {
    func text(_ bytes: Int) -> String {
      let units = ["KiB", "MiB", "GiB", "TiB"]
      var (size, unit) = (Double(bytes) / 1024, 0)
      while size >= 1024, unit < units.count - 1 { (size, unit) = (size / 1024, unit + 1) }
      return NumberText.significant(size, 3) + " " + units[unit]
    }
    let all = plan.parameterBytes + plan.gradientBytes + plan.optimizerBytes
    return "\(text(all)) without activations: weights \(text(plan.parameterBytes)), gradients "
      + "\(text(plan.gradientBytes)), optimizer \(text(plan.optimizerBytes))"
  }
}
