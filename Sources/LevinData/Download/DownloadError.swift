/// A dataset that is not on the disk and could not be downloaded.
public struct DownloadError: Error, Sendable, CustomStringConvertible {
  /// One mirror and what came of it.
  public struct Attempt: Sendable, Hashable {
    /// The address that was asked.
    public let address: String
    /// What was wrong, as it reads after the address.
    public let problem: String
  }
  /// Which dataset.
  public let dataset: ImageDataset
  /// The file that could not be had.
  public let file: String
  /// The folder that it was to be put into.
  public let folder: String
  /// What was tried, in order.
  public let attempts: [Attempt]

  /// What was tried, what came of it, and three ways on.
  public var description: String {
    let tried = attempts.map { "\n  \($0.address): \($0.problem)" }.joined()
    let isMNIST = dataset == .mnist
    let variable = isMNIST ? ", or set LEVIN_MNIST to the folder that has them" : ""
    let mirrors = isMNIST ? ", or set LEVIN_MNIST_MIRROR to it" : ""
    return """
      \(dataset.name) is not on this disk, and \(file) could not be downloaded:\(tried)
      Three ways on:
        put the four .gz files into \(folder)\(variable);
        name a mirror that you can reach: levin fit --data.mirror URL (http://, https:// or file://)\(mirrors);
        train on built-in digits, which need no file and no network: levin fit --data.dataset strokes
      """
  }
}
