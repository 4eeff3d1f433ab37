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
      let done = "\(plural(epochs, "epoch")) and \(plural(steps, "step"))"
      rows.append(("goes on from", "\(path), after \(done)"))
    }
    return rows
  }

  private var model: String {
    let frozen = plan.parameterCount - plan.trainedCount
    return "\(plan.module), \(plural(plan.parameterCount, "parameter"))"
      + (frozen > 0 ? ", of which \(frozen) \(frozen == 1 ? "is" : "are") not trained" : "")
  }

  private var data: String {
    let training =
      plan.trainBatches.map { plural($0, "batch", "batches") } ?? "an unknown number of batches"
    let validation = plan.validationBatches.map { $0 == 0 ? "no" : "\($0) in a" }
    return "\(plan.data), \(training) in an epoch, "
      + "\(validation ?? "an unknown number in a") validation"
  }

  private var training: String {
    let epochs = plan.epochs.map { plural($0, "epoch") } ?? "epochs without a limit"
    return epochs + (plan.steps.map { ", " + plural($0, "step") } ?? "")
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
