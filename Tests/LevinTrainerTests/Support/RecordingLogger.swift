import Levin

/// Records what it is given.
final class RecordingLogger: Logger {
  struct Point: Equatable {
    var name: String
    var value: Double
    var step: Int
  }
  var points: [Point] = []
  var texts: [String] = []
  var onCall: ((String) -> Void)?

  func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
    points += metrics.map { Point(name: $0.name, value: $0.value, step: step) }
    onCall?("[log \(metrics.map(\.name).joined(separator: " ")) @ \(step)]")
  }
  func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {}
  func addText(_ tag: String, _ text: String, step: Int) {
    texts.append("\(tag) \(text) @ \(step)")
  }
  func finalize(_ status: RunStatus) { onCall?("[finalize]") }

  func steps(of name: String) -> [Int] { points.filter { $0.name == name }.map(\.step) }
  func values(of name: String) -> [Double] { points.filter { $0.name == name }.map(\.value) }
}
