import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// Values at the limits.
  @Suite struct ValueTests {
    @Test func numbersThatAreNone() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        let numbers: [Double] = [.nan, .infinity, -.infinity, 1e300, -0.0, 1e-300, 3]
        for (step, number) in numbers.enumerated() {
          writer.addScalar("x", number, step: step)
          writer.addScalar("tensor", number, step: step, form: .tensor)
        }
        #expect(!writer.addHistogram("none", [.nan, .nan]))
        #expect(!writer.addHistogram("empty", []))
        #expect(writer.addHistogram("some", [.nan, 1, .infinity]))
        writer.addPRCurve("pr", labels: [true, false], predictions: [.nan, 0.5])
        writer.addAudio("a", [])
        writer.addImage(
          "p", PixelImage([.nan, 2, -1, .infinity], height: 2, width: 2, layout: .hw))
        try writer.close()
        let run = try Run(directory: folder)
        for tag in ["x", "tensor"] {
          let found = try #require(run.scalars(tag)?.values)
          #expect(
            found.map { $0.isNaN ? "nan" : "\($0)" }
              == ["nan", "inf", "-inf", "inf", "-0.0", "0.0", "3.0"])
        }
        #expect(!run.tags.map(\.name).contains("none"))
        #expect(!run.tags.map(\.name).contains("empty"))
        #expect(try run.histograms("some").first?.value.count == 3)
        #expect(try run.images("p").first?.value.pixels().pixels == [0, 255, 0, 255])
        #expect(try run.sounds("a").first?.value.frames == 0)
        #expect(run.problems.isEmpty)
      }
    }

    /// An event whose time is NaN stops the faster reader.
    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func timesThatAreNone(time: Double) throws {
      try withTemporaryFolder { folder in
        let before = Date().timeIntervalSince1970
        let writer = try SummaryWriter(directory: folder)
        writer.addScalar("x", 1, wallTime: time)
        writer.addText("t", "", wallTime: time)
        writer.addScalar("x", 1, step: 1, wallTime: 5)
        writer.startSession(["a": 1], wallTime: time)
        writer.endSession(.success, wallTime: time)
        try writer.close()
        let path = try #require(try Run.eventFiles(in: folder).first)
        let now = before - 1...before + 60
        let times = try values(path).map(\.event.wallTime)
        try #require(times.count == 5)
        #expect(now.contains(times[0]) && now.contains(times[1]) && times[2] == 5)
        let session = try Run(directory: folder).hyperparameters
        #expect(now.contains(session?.start ?? 0) && now.contains(session?.end ?? 0))
      }
    }

    @Test func tagsOfAllKinds() throws {
      let tags = [
        " ", "/", "a/b/c", "ü 漢字 🙂", "new\nline", "../up", String(repeating: "l", count: 5000),
      ]
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        for (number, tag) in tags.enumerated() { writer.addScalar(tag, Double(number)) }
        writer.addText(" ", "# text")
        try writer.close()
        let run = try Run(directory: folder)
        for (number, tag) in tags.enumerated() {
          #expect(run.scalars(tag)?.values == [Double(number)], "\(tag)")
        }
        #expect(try run.texts(" /text_summary").map(\.value.text) == ["# text"])
        #expect(run.problems.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
      }
    }

    @Test func stepsOfAllKinds() throws {
      let steps = [0, 1, 127, 128, 1 << 31, 1 << 40, .max, -1, .min]
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        for step in steps { writer.addScalar("x", 1, step: step) }
        try writer.close()
        #expect(try allPoints(folder, "x").steps == steps)
      }
    }
  }
}
