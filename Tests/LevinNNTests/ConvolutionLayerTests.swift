import Foundation
import LevinFormats
import LevinNN
import LevinTensor
import Testing

/// Layers against PyTorch's numbers, from the same seeds (scripts/golden/make_layers.py).
@Suite(.serialized) struct ConvolutionLayerTests {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]

    /// Whether evenly spread elements of `tensor` are those of PyTorch.
    func agree(with tensor: Tensor, _ tolerance: Double) -> Bool {
      let all = tensor.to(.float64).scalars(as: Double.self)
      let step = (all.count + 63) / 64
      let own = stride(from: 0, to: all.count, by: max(1, step)).map { all[$0] }
      return Array(tensor.shape) == shape && own.count == values.count
        && zip(own, values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }
  }
  struct Named: Decodable {
    let name: String
    let shape: [Int]
    let values: [Double]
  }
  struct Training: Decodable {
    let initial: String
    let losses: [Double]
    let state: [Named]
    let evaluated: Numbers
  }
  struct Golden: Decodable {
    struct Initial: Decodable {
      let digest: String
      let names: [String]
    }
    struct Dropped: Decodable {
      let dropout: Numbers
      let dropout2d: Numbers
      let after: Double
    }
    let lenet: Training
    let normalized: Training
    let initial: Initial
    let dropped: Dropped
  }

  private let golden: Golden

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    golden = try JSONDecoder().decode(
      Golden.self,
      from: Data(contentsOf: folder.appendingPathComponent("Golden/engine/networks.json")))
  }

  private func digest(_ model: Module) -> String {
    SHA256.hexadecimal(
      of: model.stateDictionary.flatMap { $0.tensor.withUnsafeBytes { Array($0) } })
  }

  /// Five steps of plain SGD from exactly PyTorch's batch and weights.
  private func train(_ expected: Training, _ shape: Shape, _ make: () -> Sequential) {
    seedEverything(1)
    let (x, y) = (Tensor.rand(shape), Tensor.randint(0..<10, [shape[0]]))
    let model = make()
    #expect(digest(model) == expected.initial)
    for loss in expected.losses {
      let found = model(x).crossEntropy(y)
      #expect(abs(found.item() - loss) <= 1e-5 * loss, "\(found.item()) for \(loss)")
      for parameter in model.parameters { parameter.zeroGradient() }
      found.backward()
      withoutGradients {
        for parameter in model.parameters {
          if let gradient = parameter.gradient {
            parameter.assign(parameter.value - gradient * 0.1)
          }
        }
      }
    }
    #expect(model.stateDictionary.map(\.name) == expected.state.map(\.name))
    for (found, other) in zip(model.stateDictionary, expected.state) {
      let numbers = Numbers(shape: other.shape, values: other.values)
      #expect(numbers.agree(with: found.tensor, 1e-5), "\(found.name)")
    }
    model.train(false)
    #expect(expected.evaluated.agree(with: withoutGradients { model(x) }, 2e-5))
  }

  @Test func leNetTrainsAsInPyTorch() {
    train(golden.lenet, [8, 1, 28, 28]) {
      Sequential(
        Conv2d(1, 6, kernelSize: 5, padding: 2), Tanh(), AvgPool2d(kernelSize: 2),
        Conv2d(6, 16, kernelSize: 5), ReLU(), MaxPool2d(kernelSize: 2), Flatten(),
        Linear(400, 120), ReLU(), Linear(120, 84), ReLU(), Linear(84, 10))
    }
  }

  @Test func batchNormTrainsAsInPyTorch() {
    train(golden.normalized, [6, 3, 13, 11]) {
      Sequential(
        Conv2d(3, 8, kernelSize: 3, padding: .same, bias: false), BatchNorm2d(8), ReLU(),
        MaxPool2d(kernelSize: 3, stride: 2, padding: 1), Dropout(0),
        Conv2d(8, 8, kernelSize: 3, stride: 2, groups: 2), BatchNorm2d(8, momentum: nil), ReLU(),
        ConvTranspose2d(8, 4, kernelSize: 3, stride: 2), Dropout2d(0), AdaptiveAvgPool2d(2),
        Flatten(), Linear(16, 6), BatchNorm1d(6, affine: false), Linear(6, 10))
    }
  }

  @Test func initialWeightsArePyTorchs() {
    seedEverything(0)
    let model = Sequential(
      Conv1d(4, 6, kernelSize: 3), Conv1d(4, 6, kernelSize: 5, groups: 2, bias: false),
      Conv2d(3, 8, kernelSize: [3, 5], stride: 2, dilation: 2),
      Conv2d(8, 8, kernelSize: 3, groups: 8),
      ConvTranspose2d(4, 6, kernelSize: 3, stride: 2, groups: 2), BatchNorm2d(6), Linear(5, 3))
    #expect(model.stateDictionary.map(\.name) == golden.initial.names)
    #expect(digest(model) == golden.initial.digest)
  }

  /// The same elements are dropped, and the generator ends in the same state as PyTorch's.
  @Test func dropoutIsPyTorchs() {
    seedEverything(3)
    let x = Tensor.rand([4, 5, 2, 2])
    let (dropout, dropout2d) = (Dropout(0.3), Dropout2d(0.3))
    #expect(golden.dropped.dropout.agree(with: dropout(x), 1e-7))
    #expect(golden.dropped.dropout2d.agree(with: dropout2d(x), 1e-7))
    #expect(Tensor.rand([1]).item() == golden.dropped.after)
    dropout.train(false)
    #expect(dropout(x).scalars(as: Float.self) == x.scalars(as: Float.self))
  }

  final class WithBuffers: Module {
    let norm = BatchNorm1d(2)
    let scale = Parameter(.ones([1]))
    let table = Buffer(Tensor([1, 2, 3] as [Int64]))
    let scratch = Buffer(.zeros([4]), persistent: false)
  }

  @Test func buffersAreInTheState() throws {
    let (one, other) = (WithBuffers(), WithBuffers())
    #expect(
      one.stateDictionary.map(\.name) == [
        "scale", "table", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
        "norm.num_batches_tracked",
      ])
    #expect(one.namedBuffers.map(\.name).contains("scratch"))
    #expect(one.parameters.count == 3)
    _ = one.norm(Tensor([[1, 2], [3, 5]] as [[Float]]))
    one.table.value = Tensor([7, 8, 9] as [Int64])
    try other.loadState(
      Dictionary(uniqueKeysWithValues: one.stateDictionary.map { ($0.name, $0.tensor) }))
    #expect(other.table.value.scalars(as: Int64.self) == [7, 8, 9])
    #expect(other.norm.batchesTracked?.value.item() == 1)
    #expect(other.norm.batchesTracked?.value.dtype == .int64)
    let mean = try #require(other.norm.runningMean?.value.scalars(as: Float.self))
    #expect(mean == [0.2, 0.35])
  }

  /// A tensor taken from a buffer never changes, like the values of a parameter.
  @Test func buffersAreValues() {
    let buffer = Buffer(.zeros([2]))
    let kept = buffer.value
    buffer.value += 1
    #expect(kept.scalars(as: Float.self) == [0, 0])
    #expect(buffer.value.scalars(as: Float.self) == [1, 1])
  }

  // MARK: Mistakes

  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  final class Net: Layer {
    let features = Sequential(
      Conv2d(3, 8, kernelSize: 3), ReLU(), MaxPool2d(kernelSize: 2), Conv2d(16, 4, kernelSize: 3))
    let norm = BatchNorm2d(4)
    override func forward(_ input: Tensor) -> Tensor { norm(features(input)) }
  }

  @Test func mistakesNameTheLayer() async throws {
    let channels = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Net()(Tensor.zeros([64, 3, 32, 32])) }
    #expect(
      try text(channels).contains(
        "Conv2d \"features.3\": found input [64, 8, 15, 15]; expected 16 channels; "
          + "they are dimension 1 of the input"))
    let alone = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = BatchNorm2d(4)(Tensor.zeros([2, 4])) }
    #expect(
      try text(alone).contains(
        "BatchNorm2d: found input [2, 4]; expected [batch, channels, height, width]"))
    let groups = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Conv2d(6, 8, kernelSize: 3, groups: 4) }
    #expect(
      try text(groups).contains(
        "Conv2d(6, 8): found 4 groups; expected a number that divides the channels"))
    let buffer = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Buffer(.zeros([2])).value = .zeros([3]) }
    #expect(try text(buffer).contains("Buffer.value: found shape [3]; expected [2]"))
  }
}
