/// A dataset is not on the disk and could not be downloaded.
public struct DownloadError: Error, Sendable, CustomStringConvertible {
  /// A mirror, and why it failed.
  public struct Attempt: Sendable, Hashable {
    /// The address of the request.
    public let address: String
    /// The problem, to be printed after the address.
    public let problem: String
  }
  /// The dataset's name.
  public let dataset: String
  /// What is missing, as the beginning of a sentence.
  let lack: String
  /// The attempts in order.
  public let attempts: [Attempt]
  /// Ways to continue.
  let advice: [String]

  /// What was tried, what happened, and how to continue.
  public var description: String {
    let tried = attempts.map { "\n  \($0.address): \($0.problem)" }.joined()
    return "\(lack) could not be downloaded:\(tried)\nTo continue, do one of these:\n"
      + advice.map { "  \($0)" }.joined(separator: ";\n")
  }
}

extension DownloadError {
  /// - Parameters:
  ///   - missing: The files that are missing.
  ///   - file: The first of them that could not be downloaded.
  ///   - folder: The folder for the download, which has the files that are not missing.
  init(
    _ dataset: ImageDataset, missing: [String], file: String, folder: String, attempts: [Attempt]
  ) {
    let isMNIST = dataset == .mnist
    let variable = isMNIST ? ", or set LEVIN_MNIST to the folder that has all four" : ""
    let mirrors = isMNIST ? ", or set LEVIN_MNIST_MIRROR to it" : ""
    let isAll = missing.count == dataset.remoteFiles.count
    let names = missing.joined(separator: ", ")
    self.init(
      dataset: dataset.name,
      lack: isAll
        ? "\(dataset.name) is not on this disk, and \(file)"
        : "\(folder) has \(dataset.name) without \(names), which",
      attempts: attempts,
      advice: [
        "put \(isAll ? "the four .gz files" : names) into \(folder)\(variable)",
        "name a mirror that you can reach: levin fit --data.mirror URL (http://, https:// or file://)\(mirrors)",
        "train on built-in digits, which need no file and no network: levin fit --data.dataset strokes",
      ])
  }
}
