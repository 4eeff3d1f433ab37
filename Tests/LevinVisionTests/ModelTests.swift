import Foundation
import LevinFormats
import LevinNN
import LevinTensor
import LevinVision
import Testing
import TorchExchange

/// Models against torchvision's, by names, shapes, numbers (scripts/golden/make_models.py).
@Suite(.serialized) struct ModelTests {
  /// The names of the state in their order, and the shapes.
  @Test(arguments: ModelGolden.models.keys.sorted())
  func statesArePyTorchs(_ name: String) throws {
    let all: [ModelGolden.Structure] = try Golden.load("models/structure.json")
    #expect(all.map(\.name).sorted() == ModelGolden.models.keys.sorted())
    let golden = try #require(all.first { $0.name == name })
    let make = try #require(ModelGolden.models[name])
    let model = Init.skipping(make)
    let state = model.stateDictionary
    #expect(state.count == golden.entries)
    #expect(model.parameters.reduce(0) { $0 + $1.shape.elementCount } == golden.parameters)
    let lines = state.map { "\($0.name) \(Array($0.tensor.shape))\n" }.joined()
    #expect(SHA256.hexadecimal(of: Array(lines.utf8)) == golden.digest)
  }

  /// The initial weights and the generator's next number, by the logits in evaluation.
  @Test(arguments: ["densenet121", "mobilenetV2", "resnet18", "squeezenet1x1"])
  func initialWeightsArePyTorchs(_ name: String) throws {
    let all: ModelGolden.Logits = try Golden.load("models/logits.json")
    let golden = try #require(all.seeded.first { $0.name == name })
    seedEverything(0)
    let make = try #require(ModelGolden.models[name])
    let model = make()
    #expect(Tensor.rand([1]).item() == golden.next)
    model.eval()
    let x = Tensor.linspace(-1, 1, count: 3 * 64 * 64).reshaped(to: [1, 3, 64, 64])
    let found = ModelGolden.some(withoutGradients { model(x) }, 64)
    let scale = golden.logits.map(abs).max() ?? 1
    for (own, other) in zip(found, golden.logits) { #expect(abs(own - other) <= 2e-5 * scale) }
  }

  /// The initial weights at full size, where some have 4096 · 25088 elements.
  ///
  /// Uniform numbers are PyTorch's bit for bit, normal ones within 1e-6 of their scale.
  @Test(arguments: ["alexnet", "vgg11BN"])
  func initialParametersArePyTorchs(_ name: String) throws {
    let all: [ModelGolden.Initial] = try Golden.load("models/parameters.json")
    let golden = try #require(all.first { $0.name == name })
    seedEverything(0)
    let make = try #require(ModelGolden.models[name])
    let model = make()
    #expect(Tensor.rand([1]).item() == golden.next)
    #expect(model.namedParameters.map(\.name) == golden.parameters.map(\.name))
    let tolerance = name == "alexnet" ? 0 : 1e-6
    for ((_, parameter), other) in zip(model.namedParameters, golden.parameters) {
      let own = parameter.value.detached()
      let scale = other.values.map(abs).max() ?? 0
      for (own, other) in zip(ModelGolden.some(own), other.values) {
        #expect(abs(own - other) <= tolerance * scale)
      }
      // Sums of float64 depend on their order in the last digits.
      let all = own.to(.float64)
      #expect(abs(all.sum().item() - other.sum) <= 1e-7 * other.magnitudes)
      #expect(abs(all.absolute().sum().item() - other.magnitudes) <= 1e-7 * other.magnitudes)
    }
  }

  /// Five steps of plain SGD from one seed: no further from PyTorch than four times what its own ways to compute it are apart, or
  /// 1e-5 of scale.
  @Test(arguments: try Golden.load("models/training.json", as: [ModelGolden.Training].self))
  func trainsAsInPyTorch(_ golden: ModelGolden.Training) throws {
    func bound(_ spread: Double, _ values: [Double]) -> Double {
      max(4 * spread, 1e-5 * (values.map(abs).max() ?? 0))
    }
    seedEverything(1)
    let x = Tensor.rand(Shape(golden.shape))
    let y = Tensor.randint(0..<10, [golden.shape[0]])
    let make = try #require(ModelGolden.families[golden.name])
    let model = make()
    for loss in golden.losses {
      let found = model(x).crossEntropy(y)
      #expect(
        abs(found.item() - loss) <= bound(golden.lossSpread, golden.losses),
        "\(found.item()) for \(loss)")
      for parameter in model.parameters { parameter.zeroGradient() }
      found.backward()
      withoutGradients {
        for parameter in model.parameters {
          if let gradient = parameter.gradient {
            parameter.assign(parameter.value - gradient * golden.rate)
          }
        }
      }
    }
    let state = model.stateDictionary
    #expect(state.map(\.name) == golden.state.map(\.name))
    for (found, other) in zip(state, golden.state) {
      let own = ModelGolden.some(found.tensor)
      #expect(own.count == other.values.count)
      let apart = zip(own, other.values).map { abs($0 - $1) }.max() ?? 0
      #expect(apart <= bound(other.spread, other.values), "\(found.name)")
    }
    model.eval()
    let logits = ModelGolden.some(withoutGradients { model(x) }, 64)
    let apart = zip(logits, golden.logits).map { abs($0 - $1) }.max() ?? 0
    #expect(apart <= bound(golden.logitsSpread, golden.logits))
  }

  /// What torchvision's model saved loads as it is, and gives its logits.
  @Test func aStateOfTorchvision() throws {
    let state = try StateFile.load(Golden.folder.path + "/models/small.safetensors")
    let model = DenseNet(
      growthRate: 4, blockConfig: [1, 2], numInitFeatures: 6, bnSize: 2, numClasses: 5)
    #expect(try model.loadState(state).isEmpty)
    model.eval()
    let x = Tensor.linspace(-1, 1, count: 3 * 32 * 32).reshaped(to: [1, 3, 32, 32])
    let golden: ModelGolden.Logits = try Golden.load("models/logits.json")
    let scale = golden.saved.map(abs).max() ?? 1
    for (own, other) in zip(ModelGolden.some(model(x)), golden.saved) {
      #expect(abs(own - other) <= 1e-5 * scale)
    }
    // The names of old checkpoints.
    let old = Dictionary(
      uniqueKeysWithValues: state.map { name, tensor in
        (
          ["norm1", "norm2", "conv1", "conv2"].reduce(name) { name, part in
            name.replacingOccurrences(
              of: "denselayer1.\(part).", with: "denselayer1.\(part.dropLast()).\(part.suffix(1)).")
          }, tensor
        )
      })
    #expect(old.keys.contains("features.denseblock1.denselayer1.norm.1.weight"))
    #expect(throws: StateError.self) { try model.loadState(old) }
    #expect(try model.loadState(DenseNet.renamed(old)).isEmpty)
  }

  /// Another head, and a stem for small pictures, are found by optimizers and states.
  @Test func partsAreReplaced() {
    let model = Init.skipping { ResNet(.basic, [1, 1, 1, 1]) }
    model.requiresGradient = false
    model.conv1 = Conv2d(1, 64, kernelSize: 3, padding: 1, bias: false)
    model.maxpool = Identity()
    model.fc = Linear(512, 3)
    #expect(model(.rand([2, 1, 8, 8])).shape == [2, 3])
    let trained = model.namedParameters.filter { $0.parameter.requiresGradient }.map(\.name)
    #expect(trained == ["conv1.weight", "fc.weight", "fc.bias"])
    #expect(model.child(at: "layer4.0.conv1") is Conv2d)
    #expect(model.child(at: "layer2.0.downsample.0") === model.layer2[0].child(at: "downsample.0"))
  }

  @Test func mistakes() async throws {
    func text(_ result: ExitTest.Result?) throws -> String {
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
    let channels = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Init.skipping { SqueezeNet() }(.zeros([2, 1, 64, 64])) }
    #expect(
      try text(channels).contains(
        "Conv2d \"features.0\": found input [2, 1, 64, 64]; expected 3 channels; "
          + "they are dimension 1 of the input"))
    let blocks = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = ResNet(.basic, [1, 1, 1, 1], groups: 2) }
    #expect(
      try text(blocks).contains(
        "ResNet: found basic blocks of 2 groups, 64 wide; expected 1 group, 64 wide; "
          + "make it of bottlenecks"))
  }

  /// A state at full size that Python saves now, with statistics of its own, gives its logits.
  @Test(
    .enabled(if: PythonTorch.isThere, "no PyTorch: set LEVIN_TORCH to a Python that has it"),
    arguments: ["densenet121", "mobilenetV2", "resnet18", "squeezenet1x1"])
  func aStateThatPythonSaves(_ name: String) throws {
    try PythonTorch.withFile { path in
      let logits: [Double] = try PythonTorch.run("save", name, path)
      let make = try #require(ModelGolden.models[name])
      let model = Init.skipping(make)
      #expect(try model.loadState(StateFile.load(path)).isEmpty)
      model.eval()
      let x = Tensor.linspace(-1, 1, count: 3 * 64 * 64).reshaped(to: [1, 3, 64, 64])
      let found = withoutGradients { model(x) }.to(.float64).scalars(as: Double.self)
      #expect(found.count == logits.count)
      let scale = logits.map(abs).max() ?? 1
      for (own, other) in zip(found, logits) { #expect(abs(own - other) <= 2e-5 * scale) }
    }
  }
}
