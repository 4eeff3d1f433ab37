internal import LevinFormats
internal import LevinSystem

extension ImageDataset {
  /// Downloads the missing files; does nothing if there are none.
  ///
  /// They are put beside those that exist, or else in torchvision's folder (`MNIST/raw`), below `root`, or for MNIST
  /// below the folder in the environment variable `LEVIN_MNIST` if it is set. A file appears only once it is complete
  /// and matches its published SHA-256; its unpacked content is put beside it. An interrupted download is resumed the
  /// next time.
  ///
  /// - Parameters:
  ///   - mirror: Addresses to try before all others, `http://`, `https://` or `file://`, with
  ///     spaces or commas between them; for MNIST those of the environment's `LEVIN_MNIST_MIRROR`
  ///     come next.
  ///   - onEvent: Called from any thread with what happens; nil shows it on standard error.
  /// - Throws: ``MNISTError`` if `root` or `LEVIN_MNIST` is not a folder, ``DownloadError`` if no mirror provides a
  ///   file, `FileError` if the disk fails, `CancellationError`.
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
    let environment = self == .mnist ? CurrentProcess.environment("LEVIN_MNIST_MIRROR") ?? "" : ""
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
        self, missing: missing.map(\.name), file: failure.file, folder: folder,
        attempts: failure.attempts)
    }
  }

  /// Unpacks a file that was just downloaded, beside it, where PyTorch's datasets find it; the unpacked file also
  /// opens faster.
  private static func unpack(_ path: String) throws {
    let content = try Gzip.inflate(FileBytes.read(path), path: path, limit: MNISTFiles.greatestSize)
    try AtomicFile.write(content, to: String(path.dropLast(".gz".count)))
  }

  /// The addresses in a list, each ending in `/`, without duplicates.
  static func addresses(_ list: String) -> [String] {
    list.split { $0 == "," || $0.isWhitespace }.map { $0.hasSuffix("/") ? "\($0)" : "\($0)/" }
  }
}
