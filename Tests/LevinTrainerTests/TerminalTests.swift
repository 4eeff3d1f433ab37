import Foundation
import LevinNN
import Synchronization
import Testing

@testable import LevinTrainer

@Suite struct TerminalTests {
  private static let line = ProgressLine(
    title: "Epoch 1/4", done: 300, total: 750, elapsed: 0.2,
    metrics: [("train/loss", 0.31249), ("val/acc", 0.9155), ("val/loss", 0.28412)], version: 3)

  /// Metrics have priority: at 80 columns all three of a typical run fit.
  @Test(arguments: [
    (
      120,
      "Epoch 1/4 ━━━━━━────────── 300/750 0:00:00 • 0:00:00 1500it/s  train/loss 0.312  val/acc 0.916  val/loss 0.284  v_num 3"
    ),
    (
      100,
      "Epoch 1/4 ━━━━━╸──────── 300/750 1500it/s  train/loss 0.312  val/acc 0.916  val/loss 0.284  v_num 3"
    ),
    (80, "Epoch 1/4 ━━━━╸─────── 300/750  train/loss 0.312  val/acc 0.916  val/loss 0.284"),
    (60, "Epoch 1/4 ━━━───── 300/750  train/loss 0.312  val/acc 0.916"),
    (50, "Epoch 1/4 ━━────  train/loss 0.312  val/acc 0.916"),
    (40, "Epoch 1/4 ━━━━───────  train/loss 0.312"),
    (20, "Epoch 1/4 ━━━╸─────"),
    (12, "Epoch 1/4"),
    (5, "Epoc"),
    (1, ""),
  ])
  func progressLine(width: Int, expected: String) {
    #expect(Self.line.text(width: width, hasColor: false) == expected)
  }

  @Test func noLineIsAsWideAsTheWindow() {
    for width in 1...200 {
      #expect(Self.line.text(width: width, hasColor: false).count < width)
    }
  }

  /// Wide characters do not make the line wrap.
  @Test func metricsOfWideCharacters() {
    func line(_ width: Int) -> String {
      ProgressLine(
        title: "Epoch 0", done: 5, total: 10, elapsed: 1, metrics: [("精度", 0.5), ("損失", 0.25)]
      ).text(width: width, hasColor: false)
    }
    // The title takes 7 columns, the bar 7, each metric 12, and the last one stays free.
    #expect(line(38).contains("精度 0.500") && !line(38).contains("損失"))
    #expect(line(39).contains("損失 0.250"))
  }

  /// Batches of an earlier run count for the bar, not for the rate.
  @Test func aResumedPassHasItsOwnRate() {
    let line = ProgressLine(
      title: "Epoch 0", done: 500, total: 750, first: 400, elapsed: 10, metrics: [])
    #expect(
      line.text(width: 60, hasColor: false)
        == "Epoch 0 ━━━━━━━━━━╸───── 500/750 0:00:10 • 0:00:25 10.0it/s")
  }

  /// A validation within an epoch neither ends the epoch's pass nor lengthens it.
  @Test func anInterruptedPassGoesOn() {
    let progress = TrainingProgress()
    progress.enter(.training)
    progress.beginPass(batches: 750, done: 10)
    progress.finishBatch(600)
    let before = progress.passSeconds
    let training = progress.interrupt()
    progress.enter(.validation)
    progress.beginPass(batches: 188)
    Thread.sleep(forTimeInterval: 0.5)
    progress.finishBatch(188)
    #expect(progress.passSeconds >= 0.5)
    progress.resume(training)
    #expect(progress.passSeconds >= before && progress.passSeconds < 0.4)
    #expect(progress.place == "in training, epoch 0, batch 600")
    #expect(progress.batchCount.load(ordering: .relaxed) == 750)
    #expect(progress.firstBatch.load(ordering: .relaxed) == 10)
  }

  @Test func coloursTakeNoRoom() {
    let text = Self.line.text(width: 60, hasColor: true)
    #expect(text.contains("\u{1b}[35m"))
    let visible = text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
    #expect(visible == "Epoch 1/4 ━━━━━━━━ 300/750  train/loss 0.312  val/acc 0.916")
  }

  @Test(arguments: [
    (0.0, "0"), (0.31249, "0.312"), (-1.5, "-1.500"), (0.00012, "1.2e-4"), (12345.678, "12345.678"),
    (3e9, "3.0e9"), (Double.nan, "nan"), (Double.infinity, "inf"),
  ])
  func numbers(value: Double, text: String) { #expect(ProgressLine.number(value) == text) }

  @Test(arguments: [(65.0, "0:01:05"), (3725.0, "1:02:05"), (-3.0, "0:00:00")])
  func clocks(seconds: Double, text: String) { #expect(ProgressLine.clock(seconds) == text) }

  @Test func results() {
    let metrics = ["test/loss": Double(Float(0.10747278)), "test/acc": Double(Float(0.9647))]
    #expect(
      ResultsTable.text(title: "Test metric", [metrics], width: 100, box: true) == """
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
        ┃        Test metric        ┃       DataLoader 0        ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
        │         test/acc          │    0.9646999835968018     │
        │         test/loss         │    0.10747277736663818    │
        └───────────────────────────┴───────────────────────────┘
        """)
    #expect(
      ResultsTable.text(title: "Test metric", [["test/acc": 1]], width: .max, box: false) == """
        |        Test metric        |       DataLoader 0        |
        |---------------------------|---------------------------|
        |         test/acc          |            1.0            |
        """)
    #expect(
      ResultsTable.text(title: "Test metric", [metrics], width: 50, box: true) == """
        ┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┓
        ┃      Test metric      ┃     DataLoader 0      ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━┩
        │       test/acc        │  0.9646999835968018   │
        │       test/loss       │  0.10747277736663818  │
        └───────────────────────┴───────────────────────┘
        """)
    #expect(
      ResultsTable.text(title: "Test metric", [metrics], width: 40, box: true) == """
        ┏━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┓
        ┃ Test metric ┃    DataLoader 0     ┃
        ┡━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━┩
        │  test/acc   │ 0.9646999835968018  │
        │  test/loss  │ 0.10747277736663818 │
        └─────────────┴─────────────────────┘
        """)
    #expect(
      ResultsTable.text(title: "Test metric", [metrics], width: 30, box: true)
        == "test/acc 0.9646999835968018\ntest/loss 0.10747277736663818")
    // Wide characters take two columns, combining accents none.
    #expect(
      ResultsTable.text(title: "Test metric", [["精度": 0.5, "e\u{301}": 1]], width: 34, box: true)
        == """
        ┏━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃  Test metric  ┃ DataLoader 0  ┃
        ┡━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │       e\u{301}       │      1.0      │
        │     精度      │      0.5      │
        └───────────────┴───────────────┘
        """)
  }

  @Test func aReplacedChildIsSummarised() {
    final class Net: Module {
      var fc: Layer = Linear(2, 10)
    }
    let net = Net()
    net.fc = Sequential(Linear(2, 3))
    #expect(
      ModelSummary.text(of: net).contains("\n0 | fc   | Sequential | 9      | train\n"))
  }

  @Test func summary() {
    final class Tutorial: Module {
      let model = Sequential(Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10))
      let lossFunction = CrossEntropyLoss()
    }
    #expect(
      ModelSummary.text(of: Tutorial()) == """
          | Name         | Type             | Params | Mode
        ----------------------------------------------------
        0 | model        | Sequential       | 109 K  | train
        1 | lossFunction | CrossEntropyLoss | 0      | train
        ----------------------------------------------------
        109 K     Trainable params
        0         Non-trainable params
        109 K     Total params
        0.438     Total estimated model params size (MB)
        7         Modules in train mode
        0         Modules in eval mode
        """)
    #expect(
      ModelSummary.text(of: Tutorial(), width: 50) == """
          | Name         | Type             | Params
        --------------------------------------------
        0 | model        | Sequential       | 109 K
        1 | lossFunction | CrossEntropyLoss | 0
        --------------------------------------------
        109 K     Trainable params
        0         Non-trainable params
        109 K     Total params
        0.438     Total estimated model params size (MB)
        7         Modules in train mode
        0         Modules in eval mode
        """)
    #expect(
      ModelSummary.text(of: Tutorial(), width: 40) == """
          | Name         | Type         | Params
        ----------------------------------------
        0 | model        | Sequential   | 109 K
        1 | lossFunction | CrossEntrop… | 0
        ----------------------------------------
        109 K     Trainable params
        0         Non-trainable params
        109 K     Total params
        0.438     Total estimated model params
                  size (MB)
        7         Modules in train mode
        0         Modules in eval mode
        """)
  }

  @Test func linesAreBrokenBetweenTheirParts() {
    let parts = ["Epoch 0", "0.4 s", "train/loss 0.312", "val/acc 0.916"]
    #expect(
      Terminal.wrapped(parts, separator: "  ", indent: 2, width: .max)
        == "Epoch 0  0.4 s  train/loss 0.312  val/acc 0.916")
    #expect(
      Terminal.wrapped(parts, separator: "  ", indent: 2, width: 32)
        == "Epoch 0  0.4 s  train/loss 0.312\n  val/acc 0.916")
    #expect(
      Terminal.wrapped(parts, separator: "  ", indent: 2, width: 10)
        == "Epoch 0\n  0.4 s\n  train/loss 0.312\n  val/acc 0.916")
  }

  /// The bar makes room and reappears below; Swift's own `print` keeps its position in a pipe.
  @Test func whatIsPrintedStandsAboveTheBar() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      final class Speaker: LightningModule<Int> {
        override func onTrainStart() { print("a", 1) }
      }
      Swift.print("before")
      Terminal.paint("bar")
      Speaker().onTrainStart()
      Trainer(maxEpochs: 1).print("b", "c", separator: "-", terminator: "")
      Swift.print("plain")
      Terminal.endPainting()
      Speaker().print("after", terminator: "")
      Swift.print("!")
    }
    let text = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "before\n\rbar\u{1b}[K\r\u{1b}[Ka 1\nbar\r\u{1b}[Kb-c\nbarplain\n\r\u{1b}[Kafter!\n"))
  }

  @Test(arguments: [
    (999, "999"), (8320, "8.3 K"), (109_386, "109 K"), (2_000_000, "2.0 M"),
    (25_600_000_000, "25.6 B"),
  ])
  func counts(count: Int, text: String) { #expect(ModelSummary.short(count) == text) }
}
