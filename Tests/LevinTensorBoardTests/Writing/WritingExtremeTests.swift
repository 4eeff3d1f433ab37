import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// Many, long, empty and odd values.
  @Suite struct ExtremeTests {
    @Test func aHundredThousandTags() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        for number in 0..<100_000 { writer.addScalar("tag/\(number)", Double(number)) }
        try writer.close()
        let path = try #require(try Run.eventFiles(in: folder).first)
        let found = try values(path).map(\.value.tag)
        #expect(found == (0..<100_000).map { "tag/\($0)" })
      }
    }

    @Test func tenMillionCharacters() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let text = String(repeating: "ü 🙂 ", count: 1_250_000)
        writer.addText("long", text)
        writer.addScalar(text, 1)
        writer.addScalar("after", 2)
        try writer.close()
        let run = try Run(directory: folder)
        #expect(try run.texts("long/text_summary").first?.value.text == text)
        #expect(run.scalars(text)?.values == [1])
        #expect(run.scalars("after")?.values == [2])
        #expect(run.problems.isEmpty)
      }
    }

    /// Texts with a zero byte differ from those without.
    @Test func zerosInTexts() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("a\0b", 1, title: "t\0u", description: "d\0e")
        writer.addScalar("a\0c", 2)
        writer.addText("x", "y\0z")
        writer.startSession(["h\0i": "j\0k"])
        writer.addCustomScalars([ChartCategory("c\0d", [.init("e\0f", .multiline(["g\0h"]))])])
        let node = GraphSummary.Node(name: "n\0o", operation: "p", inputs: ["q\0r"])
        writer.addGraph(GraphSummary(nodes: [node]))
        writer.addMesh("m\0n", vertices: [[1, 2, 3]])
        try writer.close()
        let run = try Run(directory: folder)
        #expect(run.scalars("a\0b")?.values == [1])
        #expect(run.scalars("a\0c")?.values == [2])
        #expect(try run.texts("x/text_summary").first?.value.text == "y\0z")
        #expect(run.hyperparameters?.values.first?.name == "h\0i")
        #expect(run.hyperparameters?.values.first?.value == "j\0k")
        let path = try #require(try Run.eventFiles(in: folder).first)
        let first = try #require(try values(path).first)
        #expect(first.value.metadata?.displayName == "t\0u")
        #expect(first.value.metadata?.description == "d\0e")
        let file = String(decoding: try readBytes(path), as: UTF8.self)
        for text in ["c\0d", "e\0f", "g\0h", "n\0o", "q\0r", "m\0n"] {
          #expect(file.contains(text), "\(text.debugDescription)")
        }
      }
    }

    /// Buckets of equal width range over the finite numbers, wherever the others are.
    @Test(arguments: [HistogramBins.count(4), .automatic])
    func numbersThatAreNoneInBucketsOfEqualWidth(bins: HistogramBins) throws {
      let numbers: [Double] = [1, 5, 3, 2, 4]
      let plain = try #require(HistogramSummary(numbers, bins: bins))
      for place in 0...numbers.count {
        var odd = numbers
        odd.insert(contentsOf: [.nan, .infinity, -.infinity], at: place)
        let found = try #require(HistogramSummary(odd, bins: bins))
        #expect(found.bucketLimits == plain.bucketLimits)
        #expect(found.bucketCounts == plain.bucketCounts)
        #expect(found.count == 8 && found.minimum.isNaN && found.maximum.isNaN && found.sum.isNaN)
      }
      #expect(HistogramSummary([.nan, .infinity], bins: bins) == nil)
    }

    /// Numbers so far apart, or so close, that the width is not a valid number.
    @Test func widthsThatAreNoNumbers() {
      let largest = Double.greatestFiniteMagnitude
      #expect(HistogramSummary([-largest, largest], bins: .automatic) == nil)
      #expect(HistogramSummary([-largest, largest], bins: .count(3)) == nil)
      let near = HistogramSummary([0, .leastNonzeroMagnitude], bins: .automatic)
      #expect(near?.bucketCounts == [0, 2])
      let edges: [Double] = [-.infinity, 0, .infinity]
      #expect(HistogramSummary([-1, 1, 2], bins: .edges(edges))?.bucketCounts == [0, 1, 2])
    }

    @Test func emptyOnes() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        writer.addMesh("mesh", vertices: [])
        writer.addPRCurve("pr", labels: [], predictions: [Double]())
        writer.addPRCurves("prs", labels: [], predictions: [])
        writer.addTensor("tensor", [Float](), shape: [0, 3])
        writer.addCustomScalars([])
        writer.addGraph(GraphSummary(nodes: []))
        try writer.addScalars("none", [:])
        writer.addVideo("gif", [PixelImage(width: 1, height: 1, channels: 1, pixels: [9])])
        writer.addAudio("silence", [.nan, .nan])
        writer.addText("text", "")
        try writer.close()
        let run = try Run(directory: folder)
        #expect(run.problems.isEmpty)
        #expect(
          Set(run.tags.map(\.name)).isSuperset(
            of: ["mesh_VERTEX", "pr", "tensor", "gif", "silence", "text/text_summary"]))
        let sound = try #require(try run.sounds("silence").first?.value)
        #expect(sound.encoded.suffix(4) == [0, 0, 0, 0])
      }
    }

    /// Boxes whose edges are at the limits of integers.
    @Test func farFrames() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let pixels = [UInt8](repeating: 0, count: 9)
        let black = PixelImage(width: 3, height: 3, channels: 1, pixels: pixels)
        writer.addImage(
          "p", black,
          boxes: [
            PixelBox(left: .min, top: .min, right: .max, bottom: .max),
            PixelBox(left: .max, top: .max, right: .min, bottom: .min),
            PixelBox(left: .min, top: 1, right: .max, bottom: 1),
          ])
        try writer.close()
        let image = try Run(directory: folder).images("p").first?.value.pixels()
        #expect(image?.pixels == (0..<9).flatMap { _ in [255, 0, 0] as [UInt8] })
      }
    }

    /// PyTorch's writer draws them, too.
    @Test func framesUpsideDown() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let pixels = [UInt8](repeating: 0, count: 2400)
        let black = PixelImage(width: 60, height: 40, channels: 1, pixels: pixels)
        for (left, right) in [(5, 30), (30, 5)] {
          for (top, bottom) in [(6, 20), (20, 6)] {
            writer.addImage(
              "p", black, boxes: [PixelBox(left: left, top: top, right: right, bottom: bottom)])
          }
        }
        try writer.close()
        let path = try #require(try Run.eventFiles(in: folder).first)
        let contents = try values(path).map(\.value.content)
        try #require(contents.count == 4)
        for content in contents { #expect(content == contents[0]) }
      }
    }

    /// A sweep of hyperparameters creates a run each time; none keeps a file or a thread.
    @Test func aSweepKeepsNothingOpen() throws {
      func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      }
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let before = try openFiles()
        for number in 0..<30 {
          try writer.addHyperparameters(
            ["lr": .number(Double(number))], metrics: ["loss": 1], runName: "\(number)")
          #expect(try allPoints(folder + "/\(number)", "loss").values == [1])
        }
        let after = try openFiles()
        #expect(after < before + 10)
      }
    }

    /// If one of several files cannot be written, the others are still closed.
    @Test func aFileThatFailsKeepsNobodyBack() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("x", 1)
        try writer.addScalars("t", ["a": 1, "b": 2])
        try writer.flush()
        for path in try [folder, folder + "/t_a"].flatMap(Run.eventFiles) {
          try FileManager.default.removeItem(atPath: path)
        }
        writer.addScalar("x", 1, step: 1)
        try writer.addScalars("t", ["a": 1, "b": 2], step: 1)
        #expect(throws: EventWriterError.self) { try writer.close() }
        // It was closed, so later values go to another file.
        try writer.addScalars("t", ["b": 3], step: 2)
        #expect(throws: EventWriterError.self) { try writer.flush() }
        #expect(try allPoints(folder + "/t_b", "t").steps == [0, 1, 2])
        #expect(try Run.eventFiles(in: folder + "/t_b").count == 2)
      }
    }
  }
}
