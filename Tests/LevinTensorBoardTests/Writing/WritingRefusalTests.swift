import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// A mistake in a call ends the process in that call, with a message that names the call and its arguments, and
  /// everything logged before is on the disk.
  @Suite struct RefusalTests {
    /// Each call with a mistake, and the message.
    enum Mistake: String, CaseIterable, Codable {
      case imageWithoutPixels, imageOfFiveChannels, noImages, imagesOfTwoSizes, noFrames
      case framesOfTwoSizes, frameTooWide, sampleRate, vertexOfTwo, colors, tensor, tensorTooLarge
      case noBins, fallingEdges, maximumBins, rawHistogram, predictions, weights, thresholds
      case raggedPredictions, noPoints, raggedPoints, metadata, raggedMetadata, noHeader
      case shortHeader, sprites, spritesOfTwoSizes, domain, domainType, emptyTag, emptyTextTag

      var message: String {
        switch self {
        case .imageWithoutPixels: "addImage(\"t\"): found 8×0 pixels of 3 channels in 0 bytes; "
        case .imageOfFiveChannels: "addImage(\"t\"): found 1×1 pixels of 5 channels in 5 bytes; "
        case .noImages: "addImages(\"t\"): found 0 pictures"
        case .imagesOfTwoSizes: "addImages(\"t\"): found 2 pictures of 2 different sizes"
        case .noFrames: "addVideo(\"t\"): found 0 pictures"
        case .framesOfTwoSizes: "addVideo(\"t\"): found 3 pictures of 2 different sizes"
        case .frameTooWide: "addVideo(\"t\"): found a side of 70000 pixels; expected at most 65535"
        case .sampleRate: "addAudio(\"t\"): found a sample rate of 0; expected 1 to "
        case .vertexOfTwo: "addMesh(\"t\"): found 2 numbers among the vertices; expected three "
        case .colors: "addMesh(\"t\"): found 1 colors for 2 vertices; expected one for each"
        case .tensor: "addTensor(\"t\"): found 6 values for the shape [-2, -3]; expected sizes "
        case .tensorTooLarge: "addTensor(\"t\"): found 1 values for the shape [92233"
        case .noBins: "addHistogram(\"t\"): found 0 bins; expected at least one"
        case .fallingEdges: "addHistogram(\"t\"): found the edges [1.0, 0.0]; expected two or more"
        case .maximumBins: "addHistogram(\"t\"): found at most 0 bins; expected at least one"
        case .rawHistogram: "addHistogram(\"t\"): found 1 limits and 2 counts; expected a right"
        case .predictions:
          "addPRCurve(\"t\"): found 2 labels, 1 predictions, 127 thresholds; expected a prediction"
        case .weights: "addPRCurve(\"t\"): found 1 labels, 1 predictions, 2 weights, 127 thresholds"
        case .thresholds: "addPRCurve(\"t\"): found 1 labels, 1 predictions, 1 thresholds; expected"
        case .raggedPredictions: "addPRCurves(\"t\"): found rows of 2 and 1 probabilities; expected"
        case .noPoints: "addEmbedding(\"t\"): found 0 points"
        case .raggedPoints: "addEmbedding(\"t\"): found 2 points of 2 different lengths; expected"
        case .metadata: "addEmbedding(\"t\"): found 1 lines of metadata for 2 points; expected one"
        case .raggedMetadata: "addEmbedding(\"t\"): found lines of metadata with [1, 2] cells; "
        case .noHeader: "addEmbedding(\"t\"): found a header of 0 names for 2 cells; expected"
        case .shortHeader: "addEmbedding(\"t\"): found a header of 1 names for 2 cells; expected"
        case .sprites: "addEmbedding(\"t\"): found 1 sprites for 2 points; expected one for each"
        case .spritesOfTwoSizes: "addEmbedding(\"t\"): found 2 pictures of 2 different sizes"
        case .domain: "addHyperparameters(\"b\"): found the domain [LevinTensorBoard.Hyper"
        case .domainType: "for a number; expected values of the type of the hyperparameter"
        case .emptyTag, .emptyTextTag:
          "SummaryWriter(\"\"): found an empty tag; expected a name, such as train/loss"
        }
      }

      func make(in writer: SummaryWriter) throws {
        let pixel = PixelImage(width: 1, height: 1, channels: 1, pixels: [7])
        let wide = PixelImage(width: 2, height: 1, channels: 1, pixels: [7, 8])
        func points(_ metadata: [[String]], header: [String]? = nil) throws {
          try writer.addEmbedding("t", [[1], [2]], metadata: metadata, header: header)
        }
        switch self {
        case .imageWithoutPixels:
          writer.addImage("t", PixelImage(width: 8, height: 0, channels: 3, pixels: []))
        case .imageOfFiveChannels:
          writer.addImage(
            "t", PixelImage(width: 1, height: 1, channels: 5, pixels: [1, 2, 3, 4, 5]))
        case .noImages: writer.addImages("t", [])
        case .imagesOfTwoSizes: writer.addImages("t", [pixel, wide])
        case .noFrames: writer.addVideo("t", [])
        case .framesOfTwoSizes: writer.addVideo("t", [pixel, wide, pixel])
        case .frameTooWide:
          let row = [UInt8](repeating: 0, count: 70_000)
          writer.addVideo("t", [PixelImage(width: 70_000, height: 1, channels: 1, pixels: row)])
        case .sampleRate: writer.addAudio("t", [0], sampleRate: 0)
        case .vertexOfTwo: writer.addMesh("t", vertices: [[1, 2, 3], [1, 2]])
        case .colors: writer.addMesh("t", vertices: [[1, 2, 3], [1, 2, 3]], colors: [[1, 2, 3]])
        case .tensor: writer.addTensor("t", [Float](repeating: 1, count: 6), shape: [-2, -3])
        case .tensorTooLarge: writer.addTensor("t", [Int64(1)], shape: [.max, .max])
        case .noBins: writer.addHistogram("t", [1], bins: .count(0))
        case .fallingEdges: writer.addHistogram("t", [1], bins: .edges([1, 0]))
        case .maximumBins: writer.addHistogram("t", [1], maximumBins: 0)
        case .rawHistogram:
          writer.addHistogram(
            "t",
            HistogramSummary(
              minimum: 0, maximum: 1, count: 1, sum: 1, sumOfSquares: 1, bucketLimits: [1],
              bucketCounts: [0, 1]))
        case .predictions: writer.addPRCurve("t", labels: [true, false], predictions: [0.5])
        case .weights: writer.addPRCurve("t", labels: [true], predictions: [0.5], weights: [1, 2])
        case .thresholds:
          writer.addPRCurve("t", labels: [true], predictions: [0.5], thresholdCount: 1)
        case .raggedPredictions:
          writer.addPRCurves("t", labels: [0, 1], predictions: [[0, 1], [1]])
        case .noPoints: try writer.addEmbedding("t", [])
        case .raggedPoints: try writer.addEmbedding("t", [[1], [1, 2]])
        case .metadata: try points([["a"]])
        case .raggedMetadata: try points([["a"], ["b", "c"]])
        case .noHeader: try points([["a", "b"], ["c", "d"]])
        case .shortHeader: try points([["a", "b"], ["c", "d"]], header: ["x"])
        case .sprites: try writer.addEmbedding("t", [[1], [2]], sprites: [pixel])
        case .spritesOfTwoSizes: try writer.addEmbedding("t", [[1], [2]], sprites: [pixel, wide])
        case .domain: try writer.addHyperparameters(["a": 1], metrics: [:], domains: ["b": [1]])
        case .domainType:
          try writer.addHyperparameters(["a": 1], metrics: [:], domains: ["a": ["x"]])
        case .emptyTag: writer.addScalar("", 1)
        case .emptyTextTag: writer.addText("", "text")
        }
      }
    }

    @Test(arguments: Mistake.allCases) func aMistake(_ mistake: Mistake) async throws {
      try await SharedFolder.with { folder in
        let result = await #expect(
          processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [mistake] in
          let writer = try SummaryWriter(directory: SharedFolder.path)
          for step in 0..<500 { writer.addScalar("before", Double(step), step: step) }
          try mistake.make(in: writer)
          // A picture that cannot be encoded must be detected before the writing thread gets it.
          _exit(0)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(mistake.message), "\(text)")
        #expect(try allPoints(folder, "before").steps == Array(0..<500))
      }
    }
  }
}
