import Foundation
import LevinTensorBoard
import Testing

@testable import LevinCLI

@Suite struct RunsPartsTests {
  func series(_ points: [(Int, Double)]) -> ScalarSeries {
    var series = ScalarSeries()
    series.steps = points.map(\.0)
    series.values = points.map(\.1)
    series.wallTimes = points.map { Double($0.0) }
    return series
  }

  @Test func whereCurvesPart() {
    let first = series((0..<10).map { ($0, Double($0)) })
    var other = first
    other.values[3] += 0.05  // 0.6 % of the range
    other.values[6] += 0.5
    let diff = CurveDiff("loss", first, other, run: 1)
    #expect(diff.partsAt == 3 && diff.partsWidelyAt == 6 && !diff.isEqual)
    #expect(CurveDiff("loss", first, first, run: 1).isEqual)
    // NaN at the same step is no difference; NaN against a number is a wide one.
    let nan = series([(0, 1), (1, .nan)])
    #expect(CurveDiff("loss", nan, nan, run: 1).isEqual)
    #expect(CurveDiff("loss", nan, series([(0, 1), (1, 1)]), run: 1).partsWidelyAt == 1)
    // Integers that a Double rounds to the same number.
    var (long, longer64) = (series([(0, 1), (1, 0x1p53)]), series([(0, 1), (1, 0x1p53)]))
    long.exactIntegers = [1: 1 << 53 + 1]
    #expect(CurveDiff("n", long, longer64, run: 1).partsAt == 1)
    longer64.exactIntegers = [1: 1 << 53 + 1]
    #expect(CurveDiff("n", long, longer64, run: 1).isEqual)
    // The last value of a step that was logged twice counts.
    let again = series([(0, 1), (1, 5), (1, 2), (2, 3)])
    #expect(CurveDiff("loss", again, series([(0, 1), (1, 2), (2, 3)]), run: 1).isEqual)
    // Steps that only one run has.
    let longer = CurveDiff("loss", first, series((0..<12).map { ($0, Double($0)) }), run: 1)
    #expect(longer.partsAt == nil && longer.onlyInOther == 2 && !longer.isEqual)
    #expect(!CurveDiff("time/epoch", first, other, run: 1).counts)
    #expect(CurveDiff("val/loss", first, other, run: 1).counts)
  }

  @Test func itemsOfTexts() {
    #expect(TextDiff("p", 0, "tensor([7, 2,\n        1])", "[7, 2, 1]", run: 1) == nil)
    #expect(TextDiff("p", 0, "tensor([1., 2.])", "[1.0 2.0]", run: 1) == nil)
    let changed = TextDiff("p", 0, "tensor([7, 2, 1])", "tensor([7, 9, 1])", run: 1)
    #expect(changed?.changes == [.init(index: 1, from: "2", to: "9")])
    #expect(changed?.itemCount == 3)
    let longer = TextDiff("p", 0, "[1, 2]", "[1, 2, 3]", run: 1)
    #expect(longer != nil && longer?.changes == nil)
    let prose = TextDiff("p", 0, "see [1]", "see [2]", run: 1)
    #expect(prose != nil && prose?.changes == nil)
    #expect(TextDiff("p", 0, "same", "same", run: 1) == nil)
  }

  @Test func picturesByWhatIsSeen() {
    let gray = PixelImage(width: 2, height: 1, channels: 1, pixels: [10, 20])
    let rgb = PixelImage(width: 2, height: 1, channels: 3, pixels: [10, 10, 10, 20, 20, 20])
    let other = PixelImage(width: 2, height: 1, channels: 3, pixels: [10, 10, 10, 20, 27, 20])
    func logged(_ image: PixelImage) -> LoggedImage {
      LoggedImage(width: 2, height: 1, encoded: image.png)
    }
    #expect(ImageDiff.difference(logged(gray), logged(rgb)) == nil)
    #expect(
      ImageDiff.difference(logged(gray), logged(other))
        == "1 of 2 pixels differ, by at most 7 of 255")
    #expect(
      ImageDiff.difference(logged(gray), LoggedImage(width: 2, height: 1, encoded: [1]))
        == "the encoded bytes differ, and the pictures cannot both be decoded")
  }

  @Test(arguments: [
    "train/loss", "val_loss", "xloss", "test/rmse", "top5 error", "epoch/time", "eval/runtime",
    "train_runtime", "latency/ms latency", "time_per_step",
  ])
  func lowerIsBetter(tag: String) {
    #expect(MetricSummary.Direction(of: tag) == .lower)
  }

  @Test(arguments: ["val/acc", "f1", "eval/samples_per_second", "steps_per_second"])
  func higherIsBetter(tag: String) {
    #expect(MetricSummary.Direction(of: tag) == .higher)
  }

  /// A learning rate has no best value, and is sorted by its last.
  @Test(arguments: ["lr-Adam", "lr-Adam/pg1", "train/learning_rate", "global_step", "train/epoch"])
  func noneIsBest(tag: String) throws {
    #expect(MetricSummary.Direction(of: tag) == nil)
    let metric = try #require(MetricSummary(tag, series([(0, 3), (1, 1)])))
    #expect(metric.best == nil && metric.bestStep == nil && metric.final == 1)
  }

  @Test func bestAndFinal() throws {
    let loss = try #require(
      MetricSummary("loss", series([(0, 3), (1, 1), (2, .nan), (3, 1), (4, 2)])))
    #expect(loss.best == 1 && loss.bestStep == 1 && loss.final == 2 && loss.finalStep == 4)
    let accuracy = try #require(MetricSummary("acc", series([(0, 0.5), (1, .infinity), (2, 0.9)])))
    #expect(accuracy.best == 0.9)
    #expect(MetricSummary("acc", ScalarSeries()) == nil)
  }

  @Test func settingsThatMeanTheSame() {
    #expect(FlatSettings.isSame("1e-3", "0.001") && FlatSettings.isSame("True", "true"))
    #expect(FlatSettings.isSame("null", "~") && FlatSettings.isSame("None", "null"))
    #expect(!FlatSettings.isSame("Adam", "adam") && !FlatSettings.isSame("1", "true"))
    var first = FlatSettings()
    first.set("data.root", "/a")
    first.set("lr", "1")
    var other = FlatSettings()
    other.set("data.root", "/b")
    other.set("lr", "2")
    let diff = SettingsDiff.all([first, other])
    #expect(diff.map(\.name) == ["data.root", "lr"])
    #expect(diff.map(\.counts) == [false, true], "paths are shown and do not count")
  }

  /// Numbers and booleans stay numbers and booleans in JSON, as in `events export`.
  @Test func settingsInJSON() throws {
    try RunsFixture.with { fixture in
      try fixture.write(
        """
        rate: 1e-3
        width: 4
        big: 9007199254740993
        flag: True
        none: null
        quoted: "12"
        word: nan
        infinite: .inf
        list: [1, 2]
        group: {name: Adam}
        """, to: "version_0/hparams.yaml")
      let overview = try fixture.overview("version_0")
      let json = RunsReport([overview]).json.line
      let expected =
        #"{"rate": 0.001, "width": 4, "big": 9007199254740993, "flag": true, "none": null, "#
        + #""quoted": "12", "word": "nan", "infinite": "Infinity", "list": "[1, 2]", "group.name": "Adam"}"#
      #expect(json.contains(#""hyperparameters": "# + expected))
      // Without the file they come from the event file, with its types.
      try FileManager.default.removeItem(atPath: fixture.root + "/version_0/hparams.yaml")
      let logged = RunsReport([try fixture.overview("version_0")]).json.line
      #expect(
        logged.contains(
          #""hyperparameters": {"learning_rate": 0.1, "name": "tiny", "width": 4}"#), "\(logged)")
    }
  }

  @Test func textsThatSteerTerminals() {
    #expect(printable("a\u{1B}[2Jb\r\u{9B}c\u{7F}\td") == "a␛[2Jb␍�c␡ d")
    #expect(printable("a\nb\r\nc") == "a b␍ c")
    #expect(printable("a\nb\r\nc", keepsLines: true) == "a\nb\nc")
    // Invisible characters, or ones that change the direction of writing, would make one name look like another.
    for mark: Unicode.Scalar in [
      "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{202E}", "\u{2066}",
      "\u{2069}",
      "\u{FEFF}", "\u{AD}", "\u{61C}", "\u{2028}", "\u{3164}", "\u{E0041}", "\u{85}",
    ] {
      #expect(printable("x\(mark)y") == "x�y", "U+\(String(mark.value, radix: 16))")
    }
    #expect(printable("👩‍👩‍👧 ❤️ ñ می‌خواهم") == "👩‍👩‍👧 ❤️ ñ می‌خواهم")
    #expect(displayWidth("日本") == 4 && displayWidth("e\u{301}") == 1)
    #expect(shortened("日本語", to: 5) == "日本…")
    #expect(wrap("aaa bbb ccc ddd", 8) == ["aaa bbb", "ccc ddd"])
    #expect(wrap("abcdefghijkl", 8) == ["abcdefgh", "ijkl"])
    #expect(wrap("  x\n\ny", 8) == ["  x", "", "y"])
  }

  /// Five significant digits are those of C's printf.
  @Test func fiveDigits() {
    var generator = SplitMix(state: 5)
    for index in 0..<50_000 {
      let size = Double.random(in: 0..<1, using: &generator)
      let value =
        switch index % 5 {
        case 0: Double(Float(size))
        case 1: size * [1e-7, 1e-4, 1e-3, 10, 1e4, 1e5, 1e6][index % 7]
        case 2: (size * 1e6).rounded() / 1e6
        case 3: (size * 1e5).rounded() / 2e5
        default: -Double(Float(size * 10))
        }
      guard value != value.rounded() else { continue }
      #expect(NumberText.short(value) == String(format: "%.5g", value))
    }
    for value in [0.999995, 0.9999949, 9.99995, 99999.5, 99998.5, 0.0001, 0.00009999, 1.00005] {
      #expect(NumberText.short(value) == String(format: "%.5g", value))
    }
  }

  @Test func numbers() {
    #expect(NumberText.short(0.97125) == "0.97125" && NumberText.short(3) == "3")
    #expect(NumberText.short(1.0e-7) == "1e-07" && NumberText.short(.nan) == "NaN")
    #expect(
      NumberText.exact(Double(Float(0.1))) == "0.10000000149011612"
        && NumberText.exact(0.1) == "0.1")
    #expect(NumberText.duration(9.96) == "10.0 s" && NumberText.duration(75) == "1 min 15 s")
    #expect(NumberText.duration(7500) == "2 h 05 min" && NumberText.duration(-1) == "–")
    #expect(NumberText.bytes(999) == "999 B" && NumberText.bytes(4_983_526) == "5.0 MB")
    #expect(NumberText.time(1_700_000_000, in: .gmt) == "2023-11-14 22:13")
  }

  @Test func brailleDots() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    canvas.line(from: (0, 0), to: (3, 3))
    #expect(canvas.lines == ["⠑⢄"])
    canvas.set(-1, 0)
    canvas.set(4, 0)
    #expect(canvas.lines == ["⠑⢄"])
  }

  /// Extremes of steps and values are drawn, not trapped on.
  @Test func curvesOfExtremes() throws {
    let odd = series([
      (.min, -.greatestFiniteMagnitude), (0, .nan), (5, .infinity),
      (.max, .greatestFiniteMagnitude),
    ])
    let lines = try CurvePlot(metric: #require(MetricSummary("odd", odd)), series: odd)
      .lines(width: 40, .plain)
    #expect(lines.count == CurvePlot.defaultRows + 2)
    let image = CurveChart(title: "x", curves: [("odd", odd), ("one", series([(3, 1)]))]).image
    #expect(image.width == 1040 && image.height == 344)
    let nothing = series([(0, .nan)])
    let plot = try CurvePlot(metric: #require(MetricSummary("n", nothing)), series: nothing)
    #expect(plot.lines(width: 40, .plain).count == 9)
  }

  @Test func chart() throws {
    // A falling curve: ink at the upper left and the lower right of its panel, none at the upper
    // right.
    let chart = CurveChart(title: "run", curves: [("loss", series([(0, 2), (100, 1)]))]).image
    func isBlue(_ x: Int, _ y: Int) -> Bool {
      let (red, green, blue) = chart.color(x, y)
      return red < 120 && green < 160 && blue > 150
    }
    #expect((80..<120).contains { x in (88..<120).contains { y in isBlue(x, y) } })
    #expect((460..<502).contains { x in (270..<304).contains { y in isBlue(x, y) } })
    #expect(!(400..<502).contains { x in (88..<150).contains { y in isBlue(x, y) } })
  }

  @Test func picturesForTerminals() {
    let image = PixelImage(
      width: 2, height: 2, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    #expect(
      HalfBlocks.lines(image, .full) == [
        "\u{1B}[38;2;255;0;0;48;2;0;0;255m▀\u{1B}[38;2;0;255;0;48;2;9;9;9m▀\u{1B}[0m"
      ])
    let sixel = SixelEncoder.encode(image)
    #expect(sixel.hasPrefix("\u{1B}P0;1q\"1;1;2;2"))
    #expect(sixel.hasSuffix("-\u{1B}\\"))
    let logged = LoggedImage(width: 2, height: 2, encoded: image.png)
    let base64 = Data(image.png).base64EncodedString()
    #expect(
      InlineImages.kitty.lines(logged, width: 40)
        == ["\u{1B}_Ga=T,f=100,q=2,c=1,m=0;\(base64)\u{1B}\\"])
    #expect(
      InlineImages.iterm.lines(logged, width: 40) == [
        "\u{1B}]1337;File=inline=1;size=\(image.png.count);width=1;preserveAspectRatio=1:\(base64)\u{07}"
      ])
    #expect(
      InlineImages.blocks.lines(LoggedImage(width: 1, height: 1, encoded: [1]), width: 40)
        == ["  (the picture cannot be decoded: it is of no known format, not png)"])
  }

  @Test func newValuesIntoAPipe() throws {
    try RunsFixture.with { fixture in
      var loop = WatchLoop(RunPage(overview: try fixture.overview("version_0"), images: .none))
      let lines = try loop.newValues()
      let kinds = Dictionary(grouping: lines) { $0.prefix { $0 != "\t" } }.mapValues(\.count)
      #expect(
        kinds == [
          "train/loss": 12, "epoch": 16, "val/loss": 3, "test/loss": 1, "hp_metric": 2,
          "train/preds/text_summary": 3, "train/inputs": 3,
        ])
      #expect(lines.contains("val/loss\t23\t0.011244004592299461"))
      #expect(lines.contains("train/preds/text_summary\t2\t\"tensor([0, 0, 0, 0])\""))
      #expect(lines.contains("train/inputs\t2\t4×4 png"))
      #expect(try loop.newValues().isEmpty)
    }
  }

  /// A run whose folder is locked is running; without the lock it died.
  @Test func runningAndDied() throws {
    try RunsFixture.with { fixture in
      let states = try ["version_0", "version_1", "version_10"].map {
        try fixture.overview($0).info.status
      }
      #expect(states == [.finished, .died, .unknown])
      let held = try RunInfo(run: fixture.root + "/version_1", isLocked: { _ in true })
      #expect(held.status == .running)
    }
  }
}
