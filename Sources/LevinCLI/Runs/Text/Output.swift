internal import ArgumentParser
internal import LevinSystem
internal import LevinTrainer

/// All output of the commands goes through here.
enum Output {
  /// Writes lines for people; of escape sequences only colours pass.
  ///
  /// - Parameter picturesInline: Whether there are pictures between the lines, in their own escape sequences.
  static func page(_ lines: [String], picturesInline: Bool = false) throws {
    var piece: [UInt8] = []
    for line in lines {
      let line = picturesInline ? line : Terminal.visible(line, keepsLines: true, keepsColors: true)
      piece.append(contentsOf: line.utf8)
      piece.append(UInt8(ascii: "\n"))
      guard piece.count >= 1 << 16 else { continue }
      try StandardOutput.write(piece)
      piece.removeAll(keepingCapacity: true)
    }
    try StandardOutput.write(piece)
  }

  /// Writes lines over the last `count` ones, or over everything in the window.
  ///
  /// Each line is cleared just before it is written, and the rest of the window at the end, so nothing flickers.
  static func repaint(_ lines: [String], over count: Int, clearsWindow: Bool) throws {
    let start = clearsWindow ? "\u{1B}[H\u{1B}[2J" : count > 0 ? "\u{1B}[\(count)A\r" : ""
    let text = lines.map {
      "\u{1B}[K" + Terminal.visible($0, keepsColors: true) + "\n"
    }
    try StandardOutput.write(start + text.joined() + "\u{1B}[J")
  }

  /// Writes values for programs, unchanged except that no control characters reach a terminal.
  static func data(_ text: String) throws {
    try StandardOutput.write(
      StandardOutput.isTerminal ? Terminal.visible(text, keepsLines: true) : text)
  }

  /// The same for UTF-8 bytes, most of which are written unchanged.
  static func data(_ bytes: [UInt8]) throws {
    if StandardOutput.isTerminal { return try data(String(decoding: bytes, as: UTF8.self)) }
    try StandardOutput.write(bytes)
  }

  /// Runs `body`; an error is printed and ends the program with status 2, unless the output itself failed.
  static func reportingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as OutputError {
      throw error
    } catch {
      printError("error: \(error)")
      throw ExitCode(2)
    }
  }

  static func printError(_ line: String) { Terminal.printError(line) }
}
