#if canImport(Glibc)
  @preconcurrency internal import Glibc
#elseif canImport(Musl)
  @preconcurrency internal import Musl
#else
  @preconcurrency internal import Darwin
#endif
internal import Synchronization

/// All writing to standard output goes through here, so that no failure is lost.
package enum StandardOutput {
  private static let failure = Mutex<OutputError?>(nil)

  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes all of `text`; throws the first failure of all that was written.
  package static func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)) }

  /// Writes all of `bytes`; throws the first failure of all that was written.
  package static func write(_ bytes: [UInt8]) throws(OutputError) {
    put(bytes)
    try check()
  }

  /// Throws the first failure, also one to write what was printed by `print`.
  package static func finish() throws(OutputError) {
    flushPrints()
    try check()
  }

  /// Writes `text` behind what `print` still holds, unless writing failed before; ``finish()`` tells.
  static func put(_ text: String) { put(Array(text.utf8)) }

  private static func put(_ bytes: [UInt8]) {
    flushPrints()
    failure.withLock { failure in
      guard failure == nil else { return }
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          systemWrite(STDOUT_FILENO, $0.baseAddress! + done, $0.count - done)
        }
        if count >= 0 {
          done += count
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN:
          var waiting = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        default:
          failure = OutputError(code: errno)
          return
        }
      }
    }
  }

  private static func flushPrints() {
    guard fflush(stdout) != 0 else { return }
    let code = errno
    failure.withLock { $0 = $0 ?? OutputError(code: code) }
  }

  private static func check() throws(OutputError) {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  private static func systemWrite(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}

/// The standard output cannot be written.
package struct OutputError: Error, CustomStringConvertible {
  let code: Int32

  package var description: String {
    "cannot write to the standard output: \(String(cString: strerror(code))); the output is incomplete"
  }

  /// Whether the reader has gone, as `head` does when it has seen enough; a program then ends without a word.
  package var isBrokenPipe: Bool { code == EPIPE }

  /// The exit status that a shell reports for a program ended by SIGPIPE.
  package static let brokenPipeStatus: Int32 = 128 + SIGPIPE
}
