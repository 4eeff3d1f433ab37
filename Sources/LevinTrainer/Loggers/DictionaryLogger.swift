public import LevinConfiguration
public import LevinTensorBoard

/// Keeps in memory what it is given, for tests and notebooks.
///
///     let logger = DictionaryLogger()
///     try await Trainer(maxEpochs: 3, logger: logger).fit(model)
///     print(logger["val/loss"])
public final class DictionaryLogger: Logger {
  /// A value of a metric, and where it is on the x-axis.
  public struct Point: Sendable, Equatable {
    /// The name of the metric.
    public var name: String
    /// The value.
    public var value: Double
    /// The point of the x-axis.
    public var step: Int

    /// Creates a point.
    public init(name: String, value: Double, step: Int) {
      (self.name, self.value, self.step) = (name, value, step)
    }
  }

  /// All values, in the order in which they were logged.
  public private(set) var points: [Point] = []
  /// The texts by their tags, each with its step.
  public private(set) var texts: [String: [(step: Int, text: String)]] = [:]
  /// The pictures by their tags, each with its step.
  public private(set) var images: [String: [(step: Int, image: PixelImage)]] = [:]
  /// The graph of the model, if it was logged.
  public private(set) var graph: GraphSummary?
  /// The hyperparameters of the last stage, and which of them are settings.
  public private(set) var hyperparameters = ConfigValue.object([])
  /// The names of hyperparameters that do not affect what is learnt.
  public private(set) var settings: Set<String> = []
  /// How the stages ended, in order.
  public private(set) var endings: [RunStatus] = []

  /// An empty logger.
  public init() {}

  /// The values of a metric, in order.
  public subscript(name: String) -> [Double] { points.filter { $0.name == name }.map(\.value) }
  /// The points of the x-axis that a metric has values at, in order.
  public func steps(of name: String) -> [Int] { points.filter { $0.name == name }.map(\.step) }

  /// Keeps the metrics.
  public func logMetrics(_ metrics: [(name: String, value: Double)], step: Int) {
    points += metrics.map { Point(name: $0.name, value: $0.value, step: step) }
  }
  /// Keeps the hyperparameters.
  public func logHyperparameters(_ hyperparameters: ConfigValue, settings: Set<String>) {
    (self.hyperparameters, self.settings) = (hyperparameters, settings)
  }
  /// Keeps the text.
  public func addText(_ tag: String, _ text: String, step: Int) {
    texts[tag, default: []].append((step, text))
  }
  /// Keeps the picture.
  public func addImage(_ tag: String, _ image: PixelImage, step: Int) {
    images[tag, default: []].append((step, image))
  }
  /// Keeps the graph.
  public func logGraph(_ graph: GraphSummary) { self.graph = graph }
  /// Keeps how the stage ended.
  public func finalize(_ status: RunStatus) { endings.append(status) }
}
