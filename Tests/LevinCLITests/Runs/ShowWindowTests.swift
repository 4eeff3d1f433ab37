import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

/// `levin show` in windows of several sizes, and with values of every kind.
@Suite struct ShowWindowTests {
  private func page(_ columns: Int, _ rows: Int, hasColor: Bool = false) -> Page {
    Page(width: columns, height: rows, hasColor: hasColor, timeZone: .gmt)
  }

  /// A run with curves, pictures and values of every other kind.
  private func everyKind(curves: Int, _ body: (RunOverview) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try SummaryWriter(directory: folder)
    for curve in 0..<curves {
      for step in 0..<5 { writer.addScalar("loss/\(curve)", Double(step * curve), step: step) }
    }
    writer.addScalar("test/acc", 0.9685, step: 40)
    for step in 0..<3 { writer.addScalar("broken", .nan, step: step) }
    let picture = PixelImage(
      width: 242, height: 242, channels: 1, pixels: [UInt8](repeating: 7, count: 242 * 242))
    for stage in ["train", "val", "test"] { writer.addImage(stage + "/inputs", picture, step: 4) }
    writer.addHistogram("weights", [0.5, 1, 1, 2], step: 3)
    writer.addAudio("voice", [0, 0.5, -0.5], sampleRate: 8000, step: 2)
    writer.addPRCurve("pr", labels: [false, true], predictions: [0.2, 0.8], step: 1)
    writer.addMesh("cube", vertices: [[0, 0, 0], [1, 1, 1]], step: 6)
    writer.addTensor("matrix", [1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3], step: 5)
    try writer.close()
    try body(try RunOverview(name: "run", folder: folder))
  }

  /// At most as tall as the window, with all curves, whatever else the run has.
  @Test(arguments: [(3, 80, 24), (6, 80, 24), (6, 80, 50), (40, 80, 24), (3, 50, 12), (3, 120, 8)])
  func aWindowHoldsAllMetrics(curves: Int, columns: Int, rows: Int) throws {
    try everyKind(curves: curves) { overview in
      let lines = try RunPage(overview: overview, images: .none)
        .window(page(columns, rows), rows: rows - 1)
      #expect(lines.count <= rows - 1)
      #expect(lines.allSatisfy { displayWidth($0) <= columns })
      let text = lines.joined(separator: "\n")
      if text.contains("more metrics") {
        #expect(curves == 40 || rows < 24)
      } else {
        for metric in overview.metrics { #expect(text.contains(metric.tag), "\(metric.tag)") }
      }
      // Three curves keep their height, six are drawn smaller, forty are listed.
      #expect(text.contains("┤") == (rows >= 24 && curves < 40))
    }
  }

  @Test func picturesAreSmallAndBesideOneAnother() throws {
    try everyKind(curves: 3) { overview in
      func rows(_ shown: RunPage) throws -> Int {
        try shown.pictures(page(80, 24, hasColor: true)).count
      }
      // A blank line, names, facts, and half the window at most.
      let small = try rows(RunPage(overview: overview, images: .blocks))
      #expect(small == 1 + 2 + 12)
      let large = try rows(RunPage(overview: overview, images: .blocks, largePictures: true))
      #expect(large == 3 * (1 + 1 + 40))
      // The curves come last in a terminal.
      let lines = try RunPage(overview: overview, images: .blocks).lines(page(80, 24))
      #expect(lines.suffix(4).contains { $0.hasPrefix("test/acc") })
    }
  }

  @Test func aLineForEachOtherValue() throws {
    try everyKind(curves: 1) { overview in
      let lines = try RunPage(overview: overview, images: .none).others(.plain)
      #expect(
        lines == [
          "",
          "other values  kind                    step  last value",
          "weights       histogram                  3  4 values from 0.5 to 2",
          "voice         sound                      2  3 frames, 1 channel, 8000 Hz",
          "pr            precision-recall curve     1  6×127 numbers",
          "cube_VERTEX   mesh                       6  1×2×3 numbers",
          "matrix        tensor                     5  2×3 numbers",
        ])
    }
  }

  /// A learning rate has no best value, but its curve is drawn.
  @Test func learningRatesAreDrawn() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let writer = try SummaryWriter(directory: folder)
    for step in 0..<5 { writer.addScalar("lr-Adam", 0.1 / Double(step + 1), step: step) }
    try writer.close()
    let shown = RunPage(overview: try RunOverview(name: "run", folder: folder), images: .none)
    let lines = shown.curves(page(80, 24))
    #expect(lines.count { $0.contains("┤") } == CurvePlot.defaultRows)
    #expect(!lines.joined().contains("best") && !lines.joined().contains("none of"))
  }

  /// If there are very many curves each gets a line, and a picture of them is refused; chosen ones are drawn.
  @Test func manyCurves() throws {
    let count = RunPage.drawnCurves + 1
    try everyKind(curves: count) { overview in
      var shown = RunPage(overview: overview, images: .none)
      let lines = shown.curves(page(80, 24))
      for metric in overview.metrics { #expect(lines.contains { $0.hasPrefix(metric.tag) }) }
      #expect(!lines.contains { $0.contains("┤") })
      #expect(
        lines.last
          == "\(count) curves, one line each; up to \(RunPage.drawnCurves) are drawn (--metric TEXT chooses some)."
      )
      #expect(throws: RunsError.self) { try shown.chart() }
      shown.chosen = ["loss/7", "acc"]
      #expect(shown.metrics.count == 1 + 10 + 100 + 1)
      #expect(shown.curves(page(80, 24)).contains { $0.contains("┤") })
      shown.chosen = ["loss/77"]
      let chart = try shown.chart()
      #expect(chart.width == 1560)
    }
  }

  /// A single point is not a curve, nor are values that are not numbers.
  @Test func pointsAreLines() throws {
    try everyKind(curves: 1) { overview in
      let lines = RunPage(overview: overview, images: .none).curves(page(80, 24))
      #expect(lines.count { $0.contains("┤") } == CurvePlot.defaultRows)
      #expect(
        lines.suffix(3) == [
          "", "broken    NaN  step 2  none of 3 values is a number", "test/acc  0.9685  step 40",
        ])
    }
  }
}
