@preconcurrency internal import LevinLibC
internal import Synchronization

/// All output to standard output goes through here, so that no failure is lost.
package enum StandardOutput {
  private static let failure = Mutex<OutputError?>(nil)

  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The current columns and rows of the terminal window; nil if there is none.
  package static var windowSize: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes all of `text`; throws the first failure of all output so far.
  package static func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)) }

  /// Writes all of `bytes`; throws the first failure of all output so far.
  package static func write(_ bytes: [UInt8]) throws(OutputError) {
    put(bytes)
    try check()
  }

  /// Throws the first failure, including that of writing what `print` has buffered.
  package static func finish() throws(OutputError) {
    flushPrints()
    try check()
  }

  /// Writes `text` after what `print` has buffered, unless writing failed before; ``finish()`` reports it.
  package static func put(_ text: String) { put(Array(text.utf8)) }

  private static func put(_ bytes: [UInt8]) {
    flushPrints()
    failure.withLock { failure in
      guard failure == nil else { return }
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          LevinLibC.write(STDOUT_FILENO, $0.baseAddress! + done, $0.count - done)
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
}

/// Standard output could not be written.
package struct OutputError: Error, CustomStringConvertible {
  let code: Int32

  package var description: String {
    "cannot write to the standard output: \(FileError.text(ofCode: code)); the output is incomplete"
  }

  /// Whether the reader has gone, as `head` does when it has seen enough; the program then ends silently.
  package var isBrokenPipe: Bool { code == EPIPE }

  /// The exit status that a shell reports for a program ended by SIGPIPE.
  package static let brokenPipeStatus: Int32 = 128 + SIGPIPE
}
