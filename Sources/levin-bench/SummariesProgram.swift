import Foundation
import LevinTensorBoard

/// Writes the values of `levin-bench summaries`, kind by kind.
struct SummariesProgram {
  private typealias Inputs = SummariesInputs
  let writer: SummaryWriter
  private let now = SummariesInputs.now

  init(writer: SummaryWriter) { self.writer = writer }

  func run() throws {
    try scalars()
    images()
    videos()
    texts()
    histograms()
    sound()
    curves()
    charts()
    meshes()
    writer.addGraph(Inputs.graph)
    try embeddings()
    try hyperparameters()
  }

  private func scalars() throws {
    let losses =
      (0..<20).map { exp(-Double($0) / 10) } + [.nan, .infinity, -.infinity, 1e-45, -0.0, 1e300]
    for (step, loss) in losses.enumerated() {
      writer.addScalar("loss/train", loss, step: step, wallTime: now + Double(step))
    }
    for (step, loss) in losses.prefix(8).enumerated() {
      let time = now + Double(step)
      writer.addScalar("loss/tensor", loss, step: step, wallTime: time, form: .tensor)
      writer.addScalar("band/value", loss, step: step, wallTime: time)
      writer.addScalar("band/lower", loss / 2, step: step, wallTime: time)
      writer.addScalar("band/upper", loss * 2, step: step, wallTime: time)
    }
    writer.addScalar("no step", 3.5, wallTime: now)
    writer.addScalar("unicode/Ünï ✓", 1.25, step: 1, wallTime: now + 1)
    writer.addScalar("big step", 0.5, step: 1 << 40, wallTime: now)
    writer.addScalar("negative step", 0.5, step: -3, wallTime: now)
    for step in 0..<3 {
      try writer.addScalars(
        "group/both", ["a": Double(step), "b": Double(2 * step)], step: step,
        wallTime: now + Double(step))
    }
    writer.addTensor(
      "tensor/floats", (0..<6).map(Float.init), shape: [2, 3], step: 1, wallTime: now)
    writer.addTensor("tensor/integers", (0..<4).map(Int64.init), shape: [4], step: 1, wallTime: now)
    writer.addScalar(
      "described", 0.5, step: 1, wallTime: now, title: "A title", description: "What *it* is")
  }

  private func images() {
    func add(_ name: String, _ image: PixelImage, step: Int = 0) {
      writer.addImage("image/" + name, image, step: step, wallTime: now)
    }
    add("hw", PixelImage(Inputs.gray(28, 28), height: 28, width: 28, layout: .hw))
    add("chw", PixelImage(Inputs.rgb(32, 48), height: 32, width: 48, channels: 3, layout: .chw))
    add(
      "hwc",
      PixelImage(
        Inputs.rgbLast(32, 48, shift: 3), height: 32, width: 48, channels: 3, layout: .hwc),
      step: 1)
    add(
      "rgba",
      PixelImage(
        Inputs.rgba(16, 16, shift: 5), height: 16, width: 16, channels: 4, layout: .chw))
    add(
      "float",
      PixelImage(
        Inputs.rgb(20, 20).map { Float($0) / 200 - 0.1 }, height: 20, width: 20, channels: 3,
        layout: .chw))
    add(
      "float gray",
      PixelImage(
        Inputs.gray(20, 20).map { Float($0) / 255 }, height: 20, width: 20, layout: .hw))
    writer.addImages(
      "image/batch nchw",
      PixelImage.batch(
        (0..<10).flatMap { Inputs.gray(28, 28, shift: $0) }, height: 28, width: 28, layout: .chw),
      wallTime: now)
    writer.addImages(
      "image/batch nhwc",
      PixelImage.batch(
        (0..<3).flatMap { Inputs.rgbLast(12, 20, shift: $0) }, height: 12, width: 20, channels: 3,
        layout: .hwc),
      wallTime: now)
    writer.addImage(
      "image/boxes",
      PixelImage(Inputs.rgb(40, 60), height: 40, width: 60, channels: 3, layout: .chw),
      boxes: [
        PixelBox(left: 5, top: 5, right: 30, bottom: 30),
        PixelBox(left: 20, top: 10, right: 50, bottom: 36),
      ], wallTime: now)
  }

  private func videos() {
    func add(_ name: String, height: Int, width: Int, _ frames: [[UInt8]], channels: Int = 3) {
      writer.addVideo(
        "video/" + name,
        frames.map {
          PixelImage($0, height: height, width: width, channels: channels, layout: .hwc)
        },
        framesPerSecond: 10, wallTime: now)
    }
    add("ramps", height: 24, width: 32, (0..<6).map { Inputs.rgbLast(24, 32, shift: $0) })
    add("gray", height: 28, width: 28, (0..<4).map { Inputs.gray(28, 28, shift: $0) }, channels: 1)
    // 768 colours per frame, more than a GIF's palette holds.
    add(
      "colors", height: 24, width: 32,
      (0..<5).map { (frame: Int) -> [UInt8] in
        (0..<24 * 32).flatMap { (place: Int) -> [UInt8] in
          [UInt8(place / 32 * 10), UInt8(place % 32 * 8), UInt8(frame * 50)]
        }
      })
  }

  private func texts() {
    writer.addText(
      "text", "hello *markdown*\n\n| a | b |\n|---|---|\n| 1 | 2 |", wallTime: now)
    writer.addText("text", "zweite Zeile — ü", step: 1, wallTime: now + 1)
  }

  private func histograms() {
    func add(
      _ name: String, _ values: [Double], bins: HistogramBins = .tensorflow, most: Int? = nil,
      step: Int = 0
    ) {
      writer.addHistogram(
        "histogram/" + name, values, step: step, bins: bins, maximumBins: most,
        wallTime: now + Double(step))
    }
    let spread = Inputs.uniform(1000, seed: 1).map { ($0 - 0.5) * 4 }
    for step in 0..<3 { add("tensorflow", spread.map { $0 * Double(step + 1) }, step: step) }
    add("auto", spread, bins: .automatic)
    add("auto skewed", spread.map { $0 * $0 * $0 }, bins: .automatic)
    add("ten", spread, bins: .count(10))
    add("edges", spread, bins: .edges([-3, -1, 0, 0.5, 1]))
    add("most 20", spread, most: 20)
    add("constant", [2, 2, 2, 2, 2])
    add("zero", [0, 0, 0, 0, 0, 0, 0])
    add("with nan", [1, 2, .nan, 4])
    writer.addHistogram(
      "histogram/raw",
      HistogramSummary(
        minimum: 0, maximum: 3, count: 6, sum: 9, sumOfSquares: 19, bucketLimits: [1, 2, 3],
        bucketCounts: [1, 2, 3]),
      wallTime: now)
  }

  private func sound() {
    writer.addAudio(
      "audio/sine", (0..<800).map { Float(1.2 * sin(2 * .pi * 440 * Double($0) / 8000)) },
      sampleRate: 8000, wallTime: now)
  }

  private func curves() {
    let predictions = Inputs.uniform(200, seed: 7)
    let labels = zip(Inputs.uniform(200, seed: 9), predictions).map { $0 < $1 }
    writer.addPRCurve("pr/two", labels: labels, predictions: predictions, wallTime: now)
    writer.addPRCurve(
      "pr/eleven", labels: labels, predictions: predictions, step: 1, thresholdCount: 11,
      wallTime: now)
    writer.addPRCurve(
      "pr/weights", labels: labels, predictions: predictions, step: 1, thresholdCount: 5,
      weights: predictions.map { 1 + $0 }, wallTime: now)
    // In single precision 0.7 × 10 is 7, and a label may be fractional.
    writer.addPRCurve(
      "pr/single", shares: labels.enumerated().map { $1 ? 1 : Double($0 % 4) / 8 },
      predictions: predictions.enumerated().map { Float($0 % 2 == 0 ? Double($0 % 11) / 10 : $1) },
      step: 1, thresholdCount: 11, wallTime: now)
    let scores = Inputs.uniform(300, seed: 5)
    writer.addPRCurves(
      "pr/classes", labels: Inputs.uniform(100, seed: 3).map { Int($0 * 3) },
      predictions: (0..<100).map { Array(scores[$0 * 3..<$0 * 3 + 3]) }, step: 2,
      thresholdCount: 9, wallTime: now)
    writer.addPRCurve(
      "pr/raw",
      PRCurve(
        truePositives: [4, 3, 1], falsePositives: [4, 1, 0], trueNegatives: [0, 3, 4],
        falseNegatives: [0, 1, 3], precision: [0.5, 0.75, 1], recall: [1, 0.75, 0.25]),
      wallTime: now)
  }

  private func charts() {
    writer.addCustomScalars([
      ChartCategory(
        "Losses",
        [
          .init("both", .multiline(["loss/train", "loss/tensor"])),
          .init("band", .margin(value: "band/value", lower: "band/lower", upper: "band/upper")),
        ])
    ])
  }

  private func meshes() {
    writer.addMesh(
      "mesh/tetrahedron", vertices: [[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]],
      colors: [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]],
      faces: [[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]],
      configuration: #"{"camera": {"cls": "PerspectiveCamera", "fov": 75}}"#, wallTime: now)
    let cloud = Inputs.uniform(90, seed: 11).map(Float.init)
    writer.addMesh(
      "mesh/cloud", vertices: (0..<30).map { Array(cloud[$0 * 3..<$0 * 3 + 3]) }, step: 1,
      wallTime: now)
  }

  private func embeddings() throws {
    let numbers = Inputs.uniform(40, seed: 3)
    let points = (0..<8).map { Array(numbers[$0 * 5..<$0 * 5 + 5]) }
    let sprites = (0..<8).map {
      PixelImage(Inputs.rgb(8, 8, shift: $0), height: 8, width: 8, channels: 3, layout: .chw)
    }
    try writer.addEmbedding(
      "points/x", points, metadata: (0..<8).map { ["m\($0)"] }, sprites: sprites, step: 2)
    try writer.addEmbedding(
      "two columns", points, metadata: (0..<8).map { ["m\($0)", "\($0)"] },
      header: ["name", "index"], step: 3)
  }

  private func hyperparameters() throws {
    try writer.addHyperparameters(
      ["lr": 0.1, "batch": 32, "optimizer": "sgd", "nesterov": true],
      metrics: ["hparam/acc": 0.9, "hparam/loss": 0.4],
      domains: ["optimizer": ["sgd", "adam"], "nesterov": [true, false]], runName: "trial", step: 7)
  }
}
