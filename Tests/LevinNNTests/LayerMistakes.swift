import Foundation
import LevinNN
import LevinTensor
import Testing

/// A call with shapes that do not fit, by a model that holds the module as `part`.
struct LayerMistake: Sendable {
  let name: String
  let make: @Sendable () -> Void

  private final class Model: Module {
    let part: Module
    init(_ part: Module) { self.part = part }
  }

  private static func call<Part: Module>(
    _ name: String, _ part: @escaping @Sendable () -> Part,
    _ body: @escaping @Sendable (Part) -> Tensor
  ) -> LayerMistake {
    LayerMistake(name: name) {
      let part = part()
      _ = Model(part).call { body(part) }
    }
  }

  private static func layer(
    _ name: String, _ shape: Shape, _ make: @escaping @Sendable () -> Layer
  ) -> LayerMistake {
    call(name, make) { $0(.zeros(shape)) }
  }

  private static func loss(
    _ name: String, _ input: Shape, _ target: Shape, _ make: @escaping @Sendable () -> Loss
  ) -> LayerMistake {
    call(name, make) { $0(.zeros(input), .zeros(target)) }
  }

  static let all: [LayerMistake] = [
    layer("Linear", [4, 3]) { Linear(2, 5) },
    layer("Conv1d", [2, 3, 8]) { Conv1d(4, 2, kernelSize: 3) },
    layer("Conv2d", [2, 4, 2, 8]) { Conv2d(4, 2, kernelSize: 3) },
    layer("ConvTranspose2d", [2, 3, 8, 8]) { ConvTranspose2d(4, 2, kernelSize: 3) },
    layer("MaxPool2d", [2, 3]) { MaxPool2d(kernelSize: 2) },
    layer("MaxPool2d, too small", [2, 3, 1, 1]) { MaxPool2d(kernelSize: 2) },
    layer("AvgPool1d", [2, 3, 4, 5]) { AvgPool1d(kernelSize: 2) },
    layer("AdaptiveAvgPool2d", [3, 4]) { AdaptiveAvgPool2d(2) },
    layer("AdaptiveMaxPool1d", [4]) { AdaptiveMaxPool1d(2) },
    layer("BatchNorm1d", [2, 3, 4]) { BatchNorm1d(4) },
    layer("BatchNorm2d, one element", [1, 3, 1, 1]) { BatchNorm2d(3) },
    layer("InstanceNorm1d", [2, 3, 4]) { InstanceNorm1d(4) },
    layer("LayerNorm", [2, 6, 4]) { LayerNorm([4, 6]) },
    layer("RMSNorm", [2, 5]) { RMSNorm(4) },
    layer("GroupNorm", [3, 6, 5]) { GroupNorm(2, 4) },
    layer("LocalResponseNorm", [3]) { LocalResponseNorm(2) },
    layer("PReLU", [2, 3]) { PReLU(4) },
    layer("GLU", [2, 3]) { GLU() },
    layer("Softmax", [2, 3]) { Softmax(dimension: 2) },
    layer("ZeroPad2d", [3]) { ZeroPad2d(1) },
    layer("ReflectionPad1d", [1, 2, 3]) { ReflectionPad1d(3) },
    layer("Upsample", [2, 3, 4]) { Upsample(scaleFactor: 2, mode: .bilinear) },
    layer("PixelShuffle", [2, 6, 4, 4]) { PixelShuffle(2) },
    layer("PixelUnshuffle", [2, 6, 5, 4]) { PixelUnshuffle(2) },
    layer("ChannelShuffle", [2, 5, 4, 4]) { ChannelShuffle(2) },
    layer("Unfold", [2, 3]) { Unfold(kernelSize: 2) },
    layer("Unfold, too small", [2, 3, 2, 2]) { Unfold(kernelSize: 3) },
    layer("Fold", [2, 8, 5]) { Fold(outputSize: 3, kernelSize: 2) },
    layer("Flatten", [2, 3]) { Flatten(from: 3) },
    layer("Unflatten", [2, 6]) { Unflatten(1, [2, 4]) },
    layer("Dropout2d", [3]) { Dropout2d() },
    call("Embedding", { Embedding(5, 2) }) { $0(Tensor([5] as [Int64])) },
    call("Embedding, floats", { Embedding(5, 2) }) { $0(.zeros([2])) },
    call("Bilinear", { Bilinear(2, 3, 4) }) { $0(.zeros([5, 2]), .zeros([5, 4])) },
    call("CosineSimilarity", { CosineSimilarity() }) { $0(.zeros([5, 2]), .zeros([5, 3])) },
    call("PairwiseDistance", { PairwiseDistance() }) { $0(.zeros([5, 2]), .zeros([4, 2])) },
    loss("L1Loss", [2, 3], [2]) { L1Loss() },
    loss("MSELoss", [2, 3], [2, 4]) { MSELoss() },
    loss("SmoothL1Loss", [2, 3], [3, 2]) { SmoothL1Loss() },
    loss("HuberLoss", [2, 3], [4]) { HuberLoss() },
    loss("CrossEntropyLoss", [2, 3], [3]) { CrossEntropyLoss() },
    loss("NLLLoss", [2, 3], [2, 3]) { NLLLoss() },
    loss("BCELoss", [2, 1], [2]) { BCELoss() },
    loss("BCEWithLogitsLoss", [2, 1], [2]) { BCEWithLogitsLoss() },
    loss("KLDivLoss", [2, 3], [4, 3]) { KLDivLoss() },
    call("MarginRankingLoss", { MarginRankingLoss() }) {
      $0(.zeros([2]), .zeros([3]), .ones([2]))
    },
    call("CosineEmbeddingLoss", { CosineEmbeddingLoss() }) {
      $0(.zeros([2, 3]), .zeros([2, 4]), .ones([2]))
    },
    call("TripletMarginLoss", { TripletMarginLoss() }) {
      $0(.zeros([2, 3]), .zeros([2, 3]), .zeros([2, 4]))
    },
  ]
}

/// What the process prints for each ``LayerMistake``: Tests/Golden/errors/layers.txt, a line each.
@Suite struct LayerMistakeTests {
  private static let expected: [String: String] = {
    let lines = (try? LayerGolden.text("errors/layers.txt"))?.split(separator: "\n") ?? []
    let pairs = lines.map { $0.components(separatedBy: " | ") }.map { ($0[0], $0[1]) }
    return Dictionary(pairs) { first, _ in first }
  }()

  @Test func everyMistakeHasALine() {
    #expect(Set(Self.expected.keys) == Set(LayerMistake.all.map(\.name)))
  }

  @Test(arguments: LayerMistake.all.map(\.name))
  func theMessageNamesTheLayer(_ name: String) async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [name] in
      LayerMistake.all.first { $0.name == name }?.make()
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.contains("Fatal error: ") } ?? ""
    #expect(line.components(separatedBy: "Fatal error: ").last == Self.expected[name])
  }
}
