public import LevinTensor

/// Where metrics, images and texts of a run go.
public protocol Logger: AnyObject {
  /// The folder of the run; nil where nothing is written.
  var logDirectory: String? { get }
  func logMetrics(_ metrics: [(name: String, value: Double)], step: Int)
  func logHyperparameters(_ hyperparameters: ConfigValue) throws
  /// `image` is `[channels, height, width]`; floats are taken as 0…1 and clipped, uint8 as it is.
  func addImage(_ tag: String, _ image: Tensor, step: Int)
  func addText(_ tag: String, _ text: String, step: Int)
  func flush() throws
  func finalize(_ status: RunStatus) throws
}
/// How a run stands.
public enum RunStatus: String, Sendable, Codable { case running, finished, interrupted, failed }
