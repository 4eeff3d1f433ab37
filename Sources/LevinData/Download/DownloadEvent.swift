/// What happens during a download, for whoever shows it.
public enum DownloadEvent: Sendable, Hashable {
  /// Bytes of a file are here: none at its beginning, all at its end.
  case progress(file: String, address: String, received: Int, total: Int)
  /// A mirror failed; the next one is asked.
  case failed(address: String, problem: String)
}
