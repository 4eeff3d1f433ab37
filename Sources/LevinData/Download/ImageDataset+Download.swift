internal import LevinFormats

extension ImageDataset {
  /// Downloads the files that are not there, and does nothing when all are (or none is needed).
  ///
  /// They are put beside those that are there, or into torchvision's folder (`MNIST/raw`), below `root`, or for
  /// MNIST below the environment's `LEVIN_MNIST` where that is set; each one only when it is whole and has its
  /// published SHA-256, and its content beside it. A download that breaks off goes on from there
  /// the next time.
  ///
  /// - Parameters:
  ///   - mirror: Addresses to ask before all others, `http://`, `https://` or `file://`, with
  ///     spaces or commas between them; for MNIST those of the environment's `LEVIN_MNIST_MIRROR`
  ///     come next.
  ///   - onEvent: Is told what happens, from any thread; nil shows it on standard error.
  /// - Throws: ``MNISTError`` when `root` or `LEVIN_MNIST` names no folder, ``DownloadError`` when no mirror gives a
  ///   file, `FileError` when the disk refuses, `CancellationError`.
  public func prepare(
    root: String, mirror: String = "", onEvent: (@Sendable (DownloadEvent) -> Void)? = nil
  ) async throws {
    guard !remoteFiles.isEmpty else { return }
    let files = try MNISTFiles.configured(name: name, root: root)
    try files.checkReadable()
    var missing: [RemoteFile] {
      remoteFiles.filter { files.path(of: String($0.name.dropLast(3))) == nil }
    }
    let wanted = missing
    guard !wanted.isEmpty else { return }
    let folder = files.folderForMissing
    let environment = self == .mnist ? MNISTFiles.environment("LEVIN_MNIST_MIRROR") ?? "" : ""
    var downloader = Downloader(
      mirrors: Self.addresses(mirror) + Self.addresses(environment) + mirrors, folder: folder)
    let printer = DownloadPrinter()
    downloader.onEvent = onEvent ?? { printer.show($0) }
    do {
      try await downloader.fetch(wanted)
      for file in wanted { try Self.unpack("\(folder)/\(file.name)") }
    } catch let failure as Downloader.Failure {
      files.removeEmptyFolder()
      throw DownloadError(
        dataset: self, missing: missing.map(\.name), file: failure.file, folder: folder,
        attempts: failure.attempts)
    }
  }

  /// Puts the content of a file that was just downloaded beside it: PyTorch finds the data of its
  /// own datasets so, and it opens in less time than the packed one.
  private static func unpack(_ path: String) throws {
    let content = try Gzip.inflate(FileBytes.read(path), path: path, limit: MNISTFiles.greatestSize)
    try AtomicFile.write(content, to: String(path.dropLast(".gz".count)))
  }

  /// The addresses of a list, each ending in `/`, each once.
  static func addresses(_ list: String) -> [String] {
    list.split { $0 == "," || $0.isWhitespace }.map { $0.hasSuffix("/") ? "\($0)" : "\($0)/" }
  }
}
