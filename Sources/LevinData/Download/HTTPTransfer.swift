internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// One GET that streams. Only downloads touch this file, as Foundation's networking takes time to start.
enum HTTPTransfer {
  /// What comes back: one head, then bytes.
  enum Part: Sendable {
    case head(Head)
    case bytes([UInt8])
  }
  struct Head: Sendable {
    var status: Int
    var contentType: String
    /// Where in the file the bytes start: 0, or what was asked for.
    var firstByte: Int
    /// How many bytes are promised; nil when the server does not say.
    var byteCount: Int?
  }
  /// Nothing came for too long.
  struct Stalled: Error {}

  /// The path that a `file://` address names; nil for every other address.
  static func localPath(_ address: String) -> String? {
    guard let url = URL(string: address), url.isFileURL else { return nil }
    return url.path
  }

  /// Asks `address` for the bytes of a file from `offset` on.
  ///
  /// The stream throws a ``MirrorError`` when there is no connection and ``Stalled`` when nothing comes for
  /// `stallTimeout`. It ends when the answer does, whether or not that is too early.
  static func get(
    _ address: String, from offset: Int, stallTimeout: Duration
  ) -> AsyncThrowingStream<Part, any Error> {
    AsyncThrowingStream { continuation in
      guard let url = URL(string: address), let scheme = url.scheme?.lowercased(),
        ["http", "https"].contains(scheme)
      else {
        continuation.finish(throwing: MirrorError.notAnAddress)
        return
      }
      var request = URLRequest(url: url)
      // The bytes as they are: nobody is to unpack the gzip file on the way.
      request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
      if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
      let receiver = Receiver(continuation)
      let session = URLSession(
        configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
      let task = session.dataTask(with: request)
      let watch = Task {
        while true {
          let rest = stallTimeout - (.now - receiver.lastSign.withLock { $0 })
          guard rest > .zero else { return continuation.finish(throwing: Stalled()) }
          try await Task.sleep(for: rest)
        }
      }
      continuation.onTermination = { _ in
        watch.cancel()
        task.cancel()
        session.finishTasksAndInvalidate()
      }
      task.resume()
    }
  }

  private final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
    /// When something last came.
    let lastSign = Mutex(ContinuousClock.now)
    private let continuation: AsyncThrowingStream<Part, any Error>.Continuation

    init(_ continuation: AsyncThrowingStream<Part, any Error>.Continuation) {
      self.continuation = continuation
    }

    func urlSession(
      _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
      completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
      lastSign.withLock { $0 = .now }
      let answer = response as? HTTPURLResponse
      // "bytes 100-199/200"
      let range = answer?.value(forHTTPHeaderField: "Content-Range") ?? ""
      let first = range.split(separator: " ").last?.split(separator: "-").first.flatMap { Int($0) }
      let length = answer?.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
      continuation.yield(
        .head(
          Head(
            status: answer?.statusCode ?? 0,
            contentType: answer?.value(forHTTPHeaderField: "Content-Type") ?? "",
            firstByte: first ?? 0, byteCount: length)))
      completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      lastSign.withLock { $0 = .now }
      continuation.yield(.bytes(Array(data)))
    }

    func urlSession(
      _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
      guard let error else { return continuation.finish() }
      // An answer that ends too early is an error too, but what came of it counts.
      if task.response != nil { return continuation.finish() }
      continuation.finish(throwing: MirrorError.unreachable(reason(error)))
    }

    private func reason(_ error: any Error) -> String {
      switch (error as? URLError)?.code {
      case .cannotFindHost?, .dnsLookupFailed?: "no such host"
      case .cannotConnectToHost?: "no connection"
      case .timedOut?: "no answer"
      case .notConnectedToInternet?: "no network"
      case .networkConnectionLost?: "the connection was lost"
      case .secureConnectionFailed?, .serverCertificateUntrusted?: "no secure connection"
      default: error.localizedDescription
      }
    }
  }
}
