/// A dataset is not on the disk and could not be downloaded.
public struct DownloadError: Error, Sendable, CustomStringConvertible {
  /// A mirror, and why it failed.
  public struct Attempt: Sendable, Hashable {
    /// The address of the request.
    public let address: String
    /// The problem, to be printed after the address.
    public let problem: String
  }
  /// The dataset.
  public let dataset: ImageDataset
  /// The files that are missing.
  public let missing: [String]
  /// The first file that could not be downloaded.
  public let file: String
  /// The folder for the download, which has the files that are not missing.
  public let folder: String
  /// The attempts in order.
  public let attempts: [Attempt]

  /// What was tried, what happened, and three ways to continue.
  public var description: String {
    let tried = attempts.map { "\n  \($0.address): \($0.problem)" }.joined()
    let isMNIST = dataset == .mnist
    let variable = isMNIST ? ", or set LEVIN_MNIST to the folder that has all four" : ""
    let mirrors = isMNIST ? ", or set LEVIN_MNIST_MIRROR to it" : ""
    let isAll = missing.count == dataset.remoteFiles.count
    let names = missing.joined(separator: ", ")
    let lack =
      isAll
      ? "\(dataset.name) is not on this disk, and \(file)"
      : "\(folder) has \(dataset.name) without \(names), which"
    return """
      \(lack) could not be downloaded:\(tried)
      To continue, do one of these:
        put \(isAll ? "the four .gz files" : names) into \(folder)\(variable);
        name a mirror that you can reach: levin fit --data.mirror URL (http://, https:// or file://)\(mirrors);
        train on built-in digits, which need no file and no network: levin fit --data.dataset strokes
      """
  }
}
