/// Progress of a download.
public enum DownloadEvent: Sendable, Hashable {
  /// Bytes of a file received so far, from 0 to all of them.
  case progress(file: String, address: String, received: Int, total: Int)
  /// A mirror failed; the next one is tried.
  case failed(address: String, problem: String)
}
