import ArgumentParser
import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// Tags, texts and names that would control the terminal, or be invisible in it, never reach a page.
@Suite struct HostileNamesTests {
  /// A title, the clipboard, a cleared screen, C1's CSI, and invisible marks.
  private static let evil =
    "x\u{1B}]0;PWNED\u{07}\u{1B}]52;c;cHduZWQ=\u{07}\u{1B}[2J\r\u{9B}2J\u{200B}\u{200E}\u{202E}\u{2066}\u{FEFF}"
  private static let marks: [Unicode.Scalar] = [
    "\u{07}", "\r", "\u{9B}", "\u{200B}", "\u{200E}", "\u{202E}", "\u{2066}", "\u{FEFF}",
  ]

  /// Whether a page has no control sequences other than colours.
  private func isClean(_ lines: [String]) -> Bool {
    let text = lines.joined(separator: "\n").replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    return !text.unicodeScalars.contains { $0 == "\u{1B}" || Self.marks.contains($0) }
  }

  private func write(_ folder: String, _ rate: Double) throws {
    let evil = Self.evil
    let writer = try SummaryWriter(directory: folder)
    writer.startSession([(evil, .string(evil)), ("rate", .number(rate))], metrics: [evil])
    for step in 0..<3 { writer.addScalar(evil, rate * Double(step), step: step) }
    writer.addScalar("one/" + evil, rate, step: 1)
    writer.addText("text/" + evil, evil + " \(rate)", step: 1)
    writer.addImage(
      "image/" + evil, PixelImage(width: 1, height: 1, channels: 1, pixels: [UInt8(rate)]), step: 1)
    writer.addHistogram("histogram/" + evil, [1, 2], step: 1)
    try writer.close()
    try Data("a\u{1B}[2J: \(rate)\n".utf8).write(to: URL(filePath: folder + "/config.yaml"))
  }

  @Test func pagesAreClean() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let names = ["a" + Self.evil, "b" + Self.evil]
    for (index, name) in names.enumerated() { try write("\(root)/\(name)", Double(index + 1)) }
    let runs = try names.map { try RunOverview(name: $0, folder: root + "/" + $0) }
    for (_, page) in RunsFixture.pages {
      let listed = try RunsCommand.parse([root]).text(page)
      #expect(isClean(listed.lines))
      let shown = RunPage(overview: runs[0], images: page.hasColor ? .blocks : .none)
      #expect(try isClean(shown.lines(page)))
      #expect(try isClean(shown.window(page, rows: 60)))
      #expect(try isClean(RunDiff(runs).lines(page)))
      for file in try EventsPaths.files(root) {
        #expect(isClean(EventsCheckCommand.lines(try EventFileReport(checking: file.get()), page)))
      }
    }
    var loop = WatchLoop(RunPage(overview: runs[0], images: .none))
    #expect(try isClean(loop.newValues()))
    // JSON has them, as escapes.
    let json = try [
      RunsCommand.parse([root, "--json"]).text(.plain).lines.joined(), RunDiff(runs).json.pretty(),
    ]
    #expect(isClean(json))
    let decoded = try JSONDecoder().decode([Listed].self, from: Data(json[0].utf8))
    #expect(decoded.map(\.version) == names)
  }

  private struct Listed: Decodable { var version: String }
}
