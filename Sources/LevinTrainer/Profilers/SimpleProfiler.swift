internal import Foundation
internal import LevinSystem
internal import LevinTensor

/// Measures how long each action takes, and prints a table at the end of each stage (Lightning's `SimpleProfiler`).
///
/// The table has the mean and the total of each action, how often it was called, and its share of the time since the
/// profiler was made; actions contain the ones that run within them. Below it are the peak of the memory of tensors in
/// the stage, and which actions copied memory because they wrote to it while something else held it. The row
/// `[Profiler]SimpleProfiler` has what measuring cost: the cost of an empty action times their number.
public final class SimpleProfiler: Profiler {
  /// Whether the table has the number of calls and the percentages.
  public let extended: Bool
  private var rows = ActionTable()
  private var open: [(action: ProfiledAction, start: UInt64, copied: Int)] = []
  private let begin = Clock.uptime

  /// - Parameters:
  ///   - dirPath: The folder of the report; nil: that of the run.
  ///   - fileName: The report goes into `dirPath/STAGE-fileName.txt`; nil: it is printed.
  ///   - extended: Whether the table has the number of calls and the percentages.
  public init(dirPath: String? = nil, fileName: String? = nil, extended: Bool = true) {
    self.extended = extended
    super.init(dirPath: dirPath, fileName: fileName)
  }

  /// Begins to measure an action.
  public override func start(_ action: ProfiledAction) {
    open.append((action, Clock.uptime, Tensor.copiesOnWrite))
  }

  /// Ends the action that began last.
  public override func stop(_ action: ProfiledAction) {
    let end = Clock.uptime
    guard let (begun, start, copied) = open.popLast() else { return }
    rows.add(begun, nanoseconds: end - start, copied: Tensor.copiesOnWrite - copied)
  }

  /// Resets the peak of memory.
  public override func setUp(_ trainer: Trainer, stage: Stage) {
    super.setUp(trainer, stage: stage)
    Tensor.resetPeakMemoryInUse()
  }

  /// The table.
  public override func summary() -> String? {
    let title = (stage.map { $0.rawValue.uppercased() + " " } ?? "") + "Profiler Report\n"
    guard !rows.isEmpty else { return title }
    var rows = rows
    rows.addCost(of: "[Profiler]SimpleProfiler", perAction: Self.costOfAnAction())
    let seconds = Double(Clock.uptime - begin) / 1e9
    return title + rows.table(seconds: seconds, extended: extended) + "\n" + rows.memory()
  }

  /// The seconds that an empty action costs.
  static func costOfAnAction() -> Double {
    let (scratch, action, count) = (SimpleProfiler(), ProfiledAction("nothing", .user), 2000)
    let start = Clock.uptime
    for _ in 0..<count {
      scratch.start(action)
      scratch.stop(action)
    }
    return Double(Clock.uptime - start) / 1e9 / Double(count)
  }
}
