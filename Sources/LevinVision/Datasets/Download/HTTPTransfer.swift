internal import CLevinTransfer
internal import LevinSystem
internal import Synchronization

/// A streaming GET request.
enum HTTPTransfer {
  /// A part of the response: one head, then bytes.
  enum Part: Sendable {
    case head(Head)
    case bytes([UInt8])
  }
  struct Head: Sendable {
    var status = 0
    var contentType = ""
    /// The file offset at which the bytes start: 0, or the requested offset.
    var firstByte = 0
    /// The number of bytes announced; nil if the server does not say.
    var byteCount: Int?
  }
  /// Nothing was received for too long.
  struct Stalled: Error {}

  /// Requests the bytes of a file at `address` from `offset` on.
  ///
  /// The stream throws a ``MirrorError`` if there is no connection and ``Stalled`` if nothing arrives for
  /// `stallTimeout`. It ends when the response does, even if that is too early. The transfer runs on its own thread,
  /// which ends at most a second after the stream.
  static func get(
    _ address: String, from offset: Int, stallTimeout: Duration
  ) -> AsyncThrowingStream<Part, any Error> {
    AsyncThrowingStream { continuation in
      let scheme = address.prefix { $0 != ":" }.lowercased()
      guard ["http", "https"].contains(scheme) else {
        continuation.finish(throwing: MirrorError.notAnAddress)
        return
      }
      let receiver = Receiver(continuation)
      let watch = Task {
        while true {
          let rest = stallTimeout - (.now - receiver.lastSign.withLock { $0 })
          guard rest > .zero else { return continuation.finish(throwing: Stalled()) }
          try await Task.sleep(for: rest)
        }
      }
      continuation.onTermination = { _ in
        receiver.isStopped.store(true, ordering: .relaxed)
        watch.cancel()
      }
      do {
        try WorkerThread { run(address, offset, receiver) }.detach()
      } catch {
        continuation.finish(throwing: error)
      }
    }
  }

  private static func run(_ address: String, _ offset: Int, _ receiver: Receiver) {
    var message = [CChar](repeating: 0, count: 256)
    let code = levin_transfer_get(
      address, Int64(offset), 15, Unmanaged.passUnretained(receiver).toOpaque(),
      { context, bytes, count in Receiver.of(context).takeHeader(bytes, count) },
      { context, bytes, count in Receiver.of(context).takeBytes(bytes, count) },
      { context in Receiver.of(context).isStopped.load(ordering: .relaxed) ? 1 : 0 },
      &message)
    let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    receiver.finish(code, String(decoding: text, as: UTF8.self))
  }

  /// What the transfer's thread has received.
  private final class Receiver: Sendable {
    private struct State {
      var head = Head()
      var hasHead = false
    }
    /// When something last arrived.
    let lastSign = Mutex(ContinuousClock.now)
    let isStopped = Atomic(false)
    private let state = Mutex(State())
    private let continuation: AsyncThrowingStream<Part, any Error>.Continuation

    init(_ continuation: AsyncThrowingStream<Part, any Error>.Continuation) {
      self.continuation = continuation
    }

    static func of(_ context: UnsafeMutableRawPointer) -> Receiver {
      Unmanaged.fromOpaque(context).takeUnretainedValue()
    }

    func takeHeader(_ bytes: UnsafeRawPointer, _ count: Int) -> Int32 {
      lastSign.withLock { $0 = .now }
      let line = String(
        decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
      state.withLock { state in
        if line.hasPrefix("HTTP/") {
          // This is another response: the one before was a redirect.
          state.head = Head(
            status: line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...].filter { !$0.isNewline }
          .drop { $0 == " " }
        switch line[..<colon].lowercased() {
        case "content-type": state.head.contentType = String(value)
        case "content-length": state.head.byteCount = Int(value)
        case "content-range":
          // "bytes 100-199/200"
          let first = value.split(separator: " ").last?.split(separator: "-").first
          state.head.firstByte = first.flatMap { Int($0) } ?? 0
        default: break
        }
      }
      return isStopped.load(ordering: .relaxed) ? 1 : 0
    }

    func takeBytes(_ bytes: UnsafeRawPointer, _ count: Int) -> Int32 {
      lastSign.withLock { $0 = .now }
      yieldHead()
      continuation.yield(.bytes(Array(UnsafeRawBufferPointer(start: bytes, count: count))))
      return isStopped.load(ordering: .relaxed) ? 1 : 0
    }

    /// - Parameter code: 0, or libcurl's error code.
    func finish(_ code: Int32, _ message: String) {
      // A response that ends too early is an error for libcurl, too, but what was received is kept.
      let hasAnswer = state.withLock { $0.head.status != 0 }
      guard code == 0 || hasAnswer else {
        return continuation.finish(throwing: MirrorError.unreachable(Self.reason(code, message)))
      }
      yieldHead()
      continuation.finish()
    }

    /// Texts for libcurl's most common errors; libcurl's own texts contain addresses and times.
    private static func reason(_ code: Int32, _ message: String) -> String {
      switch code {
      case 5: "no such proxy"
      case 6: "no such host"
      case 7: "no connection"
      case 28: "no answer"
      case 35, 60: "no secure connection: \(message)"
      default: message
      }
    }

    private func yieldHead() {
      let head = state.withLock { state -> Head? in
        defer { state.hasHead = true }
        return state.hasHead ? nil : state.head
      }
      if let head { continuation.yield(.head(head)) }
    }
  }
}
