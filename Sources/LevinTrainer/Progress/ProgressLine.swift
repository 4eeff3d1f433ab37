/// One line with the progress of a pass over the data.
struct ProgressLine {
  var title: String
  var done: Int
  var total: Int
  /// Batches that were done when the pass began.
  var first = 0
  /// Seconds since the pass began.
  var elapsed: Double
  var metrics: [(name: String, value: Double)]
  /// The number N of the run's folder `version_N`.
  var version: Int?

  /// The line, in less than `width` columns.
  ///
  /// If space is short, the version, then the clock, the rate, the count of batches and the last metrics are left
  /// out, in this order. The bar takes up the rest.
  func text(width: Int, hasColor: Bool) -> String {
    let rate = elapsed > 0 ? Double(done - first) / elapsed : 0
    let left = rate > 0 ? Double(max(0, total - done)) / rate : 0
    var room = width - 1 - title.count
    guard room >= 0 else { return String(title.prefix(max(width - 1, 0))) }

    func fitting(_ part: String) -> String {
      let columns = Terminal.columns(of: part)
      guard columns <= room else { return "" }
      room -= columns
      return part
    }
    let hasBar = room > Self.shortestBar
    room -= hasBar ? 1 + Self.shortestBar : 0
    // In order of importance, not in the order in which they appear.
    let values = metrics.map { fitting("  \($0.name) \(Self.number($0.value))") }.joined()
    let count = fitting(" \(done)/\(total)")
    let speed = fitting(" \(Self.rate(rate))")
    let clock = fitting(" \(Self.clock(elapsed)) • \(Self.clock(left))")
    let run = fitting(version.map { "  v_num \($0)" } ?? "")
    let barText =
      hasBar ? " " + bar(min(Self.shortestBar + room, Self.longestBar), hasColor) : ""
    return title + barText + count + clock + speed + values + run
  }

  private static let shortestBar = 6
  private static let longestBar = 32

  private func bar(_ width: Int, _ hasColor: Bool) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
    let halves = Int(share * Double(width * 2))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    let rest = String(repeating: hasColor ? "━" : "─", count: width - full.count - half.count)
    guard hasColor else { return full + half + rest }
    return "\u{1b}[35m\(full)\(half)\u{1b}[90m\(rest)\u{1b}[0m"
  }

  /// Hours, minutes and seconds, as `0:01:05`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 359_999))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }

  /// Batches per second, such as `2143it/s` or `12.3it/s`.
  static func rate(_ rate: Double) -> String {
    rate >= 100 ? "\(Int(rate.rounded()))it/s" : "\((rate * 10).rounded() / 10)it/s"
  }

  /// Three decimals, or as many as a small number needs.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == value.rounded(), abs(value) < 1e9 { return "\(Int(value))" }
    if abs(value) < 1e-3 || abs(value) >= 1e6 {
      let exponent = value.exponentOf10
      return "\(((value / exponent.power) * 100).rounded() / 100)e\(exponent.count)"
    }
    let thousandths = Int((abs(value) * 1000).rounded())
    let digits = "\(thousandths % 1000)"
    return (value < 0 ? "-" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension Double {
  fileprivate var exponentOf10: (count: Int, power: Double) {
    var (count, power) = (0, 1.0)
    while abs(self) / power >= 10 { (count, power) = (count + 1, power * 10) }
    while abs(self) / power < 1, count > -320 { (count, power) = (count - 1, power / 10) }
    return (count, power)
  }
}
