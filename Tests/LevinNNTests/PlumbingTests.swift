import Foundation
import LevinFormats
import LevinNN
import LevinTensor
import Testing
import TorchExchange

/// Children, parameters, buffers, states and hooks against PyTorch's (scripts/golden/make_modules.py).
@Suite(.serialized) struct PlumbingTests {
  private let golden: PlumbedGolden
  private let model: Plumbed

  init() throws {
    golden = try LayerGolden.load("modules")
    seedEverything(4)
    model = Plumbed()
  }

  private func compare(
    _ found: [(name: String, tensor: Tensor)], _ expected: [PlumbedGolden.Named],
    tolerance: Double
  ) {
    #expect(found.map(\.name) == expected.map(\.name))
    for (own, other) in zip(found, expected) {
      #expect(
        difference(own.tensor, other.numbers, tolerance: tolerance) == nil, "\(own.name)")
    }
  }

  private func sorted(_ outputs: [String: Tensor]) -> [(name: String, tensor: Tensor)] {
    outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The loss of the script, with hooks as there.
  private func step(_ seen: inout [String: Tensor]) -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    model.features["norm0"]!.onForward { found["features"] = $0.output }
    model.features["norm0"]!.onBackward {
      (found["inner"], found["outer"]) = ($0.inputGradient, $0.outputGradient)
    }
    model.pair.onBackward {
      (found["first"], found["second"]) = ($0.inputGradients[0], $0.inputGradients[1])
    }
    model.blocks[1].beforeForward { $0.input = $0.input * 2 }
    let outputs = model(golden.image.tensor, Tensor(golden.index))
    let loss = sorted(outputs).map { _, output in
      let weights = Tensor.linspace(0.5, 1.5, count: output.elementCount)
      return (output * weights.reshaped(to: output.shape)).sum()
    }.reduce(Tensor([0] as [Float]).sum(), +)
    #expect(abs(loss.item() - golden.loss) < 1e-5 * abs(golden.loss))
    loss.backward()
    seen = found
    return outputs
  }

  private func descend() {
    for parameter in model.parameters {
      parameter.assign(parameter.value.detached() - parameter.gradient! * 0.1)
      parameter.zeroGradient()
    }
  }

  @Test func namesAndInitialValuesArePyTorchs() {
    // Normal numbers are not computed by the same vector functions.
    compare(model.stateDictionary, golden.initial, tolerance: 1e-6)
    #expect(model.namedParameters.map(\.name) == golden.parameters)
    #expect(model.namedBuffers.map(\.name) == golden.buffers)
    // PyTorch's parametrizations are modules in modules.
    let plain = { (name: String) in !name.contains("parametrizations") }
    #expect(model.namedModules.map(\.name).filter(plain) == golden.modules.filter(plain))
  }

  @Test func outputsHooksAndGradientsArePyTorchs() throws {
    var seen: [String: Tensor] = [:]
    let outputs = step(&seen)
    compare(sorted(outputs), golden.outputs, tolerance: 2e-6)
    compare(sorted(seen), golden.seen, tolerance: 4e-6)
    // Grad-CAM (Selvaraju and others 2017).
    let (maps, gradient) = (try #require(seen["features"]), try #require(seen["outer"]))
    let weights = gradient.mean(dimensions: [2, 3], keepDimension: true)
    let cam = (weights * maps).sum(dimensions: [1]).relu()
    #expect(difference(cam, golden.cam, tolerance: 4e-6) == nil)
    // What batch normalization takes away again has a gradient of rounding alone.
    let lost = "features.conv0.bias"
    compare(
      model.namedParameters.map { ($0.name, $0.parameter.gradient!) }.filter { $0.0 != lost },
      golden.gradients.filter { $0.name != lost }, tolerance: 1e-5)
    descend()
    let vector = parametersToVector(model.parameters)
    #expect(vector.shape == [golden.vector.count])
    #expect(abs(vector.to(.float64).sum().item() - golden.vector.sum) < 1e-4)
    let other = Plumbed()
    vectorToParameters(vector, other.parameters)
    #expect(
      parametersToVector(other.parameters).scalars(as: Float.self)
        == vector.scalars(as: Float.self))
    let some = stride(from: 0, to: golden.vector.count, by: 7).map {
      vector.scalars(as: Float.self)[$0]
    }
    for (own, other) in zip(some, golden.vector.some) { #expect(abs(Double(own) - other) < 1e-5) }
  }

  private var statePath: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/layers/modules.safetensors").path
  }

  /// PyTorch's state after a step, loaded, gives PyTorch's outputs, and is written as it was.
  @Test func aStateOfPyTorchComesBackAsItWas() throws {
    let state = try StateFile.load(statePath)
    #expect(try model.loadState(state).isEmpty)
    model.blocks[1].beforeForward { $0.input = $0.input * 2 }
    model.eval()
    #expect(model.namedModules.allSatisfy { !$0.module.isTraining })
    let outputs = {
      withoutGradients { self.model(self.golden.image.tensor, Tensor(self.golden.index)) }
    }
    compare(sorted(outputs()), golden.evaluated, tolerance: 2e-6)
    let (own, theirs) = (StateFile.file(of: model), try SafetensorsFile(path: statePath))
    #expect(own.entries.map(\.name) == golden.initial.map(\.name))
    #expect(
      Dictionary(uniqueKeysWithValues: own.entries.map { ($0.name, $0.entry) })
        == Dictionary(uniqueKeysWithValues: theirs.entries.map { ($0.name, $0.entry) }))

    model.to(.float64)
    #expect(model.parameters.allSatisfy { $0.dtype == .float64 })
    #expect(model.table.dtype == .int64)
    let double = withoutGradients {
      model(golden.image.tensor.to(.float64), Tensor(golden.index))
    }
    compare(sorted(double), golden.double, tolerance: 1e-7)
  }

  /// The same, with PyTorch itself as the reader: it finds exactly its names, and computes what Levin does.
  @Test(.enabled(if: PythonTorch.isThere, "no PyTorch: set LEVIN_TORCH to a Python that has it"))
  func aStateThatPyTorchReads() throws {
    try PythonTorch.withFile { path in
      // A step of training, so that nothing is as it was at the beginning.
      var seen: [String: Tensor] = [:]
      _ = step(&seen)
      descend()
      try StateFile.save(model, to: path)
      let outputs: [String: [Double]] = try PythonTorch.run("load", path)
      let reader = Plumbed()
      #expect(try reader.loadState(StateFile.load(path)).isEmpty)
      reader.eval()
      let image = Tensor.linspace(-1, 1, count: 2 * 3 * 5 * 6).reshaped(to: [2, 3, 5, 6])
      for (name, output) in withoutGradients({ reader(image, Tensor([1, 3] as [Int64])) }) {
        let own = output.to(.float64).scalars(as: Double.self)
        let other = try #require(outputs[name])
        #expect(own.count == other.count)
        let scale = other.map(abs).max() ?? 1
        for (own, other) in zip(own, other) { #expect(abs(own - other) <= 4e-6 * scale, "\(name)") }
      }
    }
  }

  @Test func partialStates() throws {
    var state = Dictionary(
      uniqueKeysWithValues: model.stateDictionary.map { ($0.name, $0.tensor) })
    for name in state.keys where name.hasPrefix("heads.a") { state[name] = nil }
    state["extra.weight"] = .zeros([1])
    state["scale"] = Tensor([3] as [Float])
    let unmatched = try model.loadState(state, strict: false)
    #expect(unmatched.missing == golden.missing)
    #expect(unmatched.unexpected == golden.unexpected)
    #expect(model.scale.value.item() == 3)
    let error = #expect(throws: StateError.self) { try model.loadState(state) }
    #expect(error?.missing == golden.missing)
    state["pair.bias"] = .zeros([3])
    let shapes = #expect(throws: StateError.self) { try model.loadState(state, strict: false) }
    #expect(
      shapes?.description == """
        the weights do not fit the model:
          pair.bias: found shape [3], expected [2]
        """)
  }

  /// One name of a tied parameter is enough, as in files that hold it once.
  @Test func tiedParameters() throws {
    var state = Dictionary(
      uniqueKeysWithValues: model.stateDictionary.map { ($0.name, $0.tensor) })
    #expect(state["decoder.weight"] != nil)
    state["decoder.weight"] = nil
    state["encoder.weight"] = .full([5, 4], 0.5)
    state["again.weight"] = nil
    #expect(try model.loadState(state).isEmpty)
    #expect(model.decoder.weight.value.scalars(as: Float.self).allSatisfy { $0 == 0.5 })
    #expect(model.parameters.filter { $0 === model.encoder.weight }.count == 1)
  }

  // MARK: Children

  @Test func childrenByPath() {
    #expect(model.child(at: "") === model)
    #expect(model.child(at: "features.norm0") === model.features[1])
    #expect(model.child(at: "heads.a") === model.heads["a"])
    #expect(model.child(at: "blocks.2") == nil)
    #expect(model.parameter(at: "decoder.weight") === model.encoder.weight)
    #expect(model.buffer(at: "features.norm0.running_mean")?.shape == [4])
    final class Rows: Module { let rows = [[Linear(1, 1)]] }
    let rows = Rows()
    #expect(rows.child(at: "rows.0.0") === rows.rows[0][0])
  }

  @Test func partsOfASequence() {
    let body = Sequential(Linear(1, 2), ReLU(), Linear(2, 3), ReLU())
    let front = body[..<2]
    #expect(front.layers.count == 2 && front[0] === body[0])
    #expect(body[2...].namedParameters.map(\.name) == ["2.weight", "2.bias"])
    #expect(body[-1] === body[3])
    body.insert(Tanh(), at: 1)
    #expect(body.namedChildren.map(\.name) == ["0", "1", "2", "3", "4"])
    body.remove(at: -1)
    body.append(Linear(3, 3), named: "last")
    body["last"] = Linear(3, 1)
    #expect(body(.zeros([5, 1])).shape == [5, 1])
    body["last"] = nil
    #expect(body.map { "\(type(of: $0))" } == ["Linear", "Tanh", "ReLU", "Linear"])
    #expect(model.features[0..<1].namedParameters.map(\.name) == ["conv0.weight", "conv0.bias"])
  }

  @Test func builtSequences() {
    func make(_ depth: Int, normalizes: Bool) -> Sequential {
      Sequential {
        Linear(2, 4)
        if normalizes { BatchNorm1d(4) }
        for _ in 0..<depth {
          Linear(4, 4)
          ReLU()
        }
        if depth > 1 { Tanh() } else { Sigmoid() }
      }
    }
    let types = { (s: Sequential) in s.map { "\(type(of: $0))" } }
    #expect(
      types(make(2, normalizes: true)) == [
        "Linear", "BatchNorm1d", "Linear", "ReLU", "Linear", "ReLU", "Tanh",
      ])
    #expect(types(make(0, normalizes: false)) == ["Linear", "Sigmoid"])
    let literal: Sequential = [Linear(1, 2), ReLU()]
    #expect(literal.namedParameters.map(\.name) == ["0.weight", "0.bias"])
    #expect(Sequential([Flatten(), Identity()]).count == 2)

    final class Block: Sequential {
      let gain = Parameter(.ones([1]))
      convenience init(_ width: Int) { self.init([Linear(width, width), ReLU()]) }
    }
    #expect(Block(2).namedParameters.map(\.name) == ["gain", "0.weight", "0.bias"])
  }

  @Test func lists() {
    let list: ModuleList = [Linear(1, 1), Linear(1, 2)]
    list.append(contentsOf: [Linear(1, 3)])
    list.insert(Linear(1, 4), at: 0)
    list[1] = Linear(1, 5)
    #expect(list.map { $0.weight.shape[0] } == [4, 5, 2, 3])
    #expect(list[1..<3].namedChildren.map(\.name) == ["0", "1"])
    list.remove(at: 0)
    #expect(list.namedChildren.map(\.name) == ["0", "1", "2"])
    let names: ModuleDictionary = ["z": Linear(1, 1), "a": Linear(1, 1)]
    names["m"] = Linear(1, 1)
    names["z"] = nil
    #expect(names.keys == ["a", "m"] && names.count == 2)
    #expect(names.map(\.key) == ["a", "m"])
  }

  final class Replaced: Layer {
    let features = Sequential(Linear(2, 2), ReLU())
    var fc: Layer = Linear(2, 10)
    override func forward(_ input: Tensor) -> Tensor { fc(features(input)) }
  }

  @Test func aReplacedChildIsFound() {
    let net = Replaced()
    net.requiresGradient = false
    #expect(!net.requiresGradient)
    net.fc = Linear(2, 3)
    #expect(net.parameters.filter(\.requiresGradient).count == 2)
    #expect(net.stateDictionary.map { Array($0.tensor.shape) } == [[2, 2], [2], [3, 2], [3]])
    net(.ones([1, 2])).sum().backward()
    #expect(
      net.namedParameters.filter { $0.parameter.gradient != nil }.map(\.name) == [
        "fc.weight", "fc.bias",
      ])
  }

  /// Children first, as PyTorch does.
  @Test func applyGoesFromTheLeaves() {
    var names: [String] = []
    Replaced().apply { names.append("\(type(of: $0))") }
    #expect(names == ["Linear", "ReLU", "Sequential", "Linear", "Replaced"])
  }

  // MARK: Hooks

  @Test func hooksChangeWhatGoesThroughUntilTheyAreRemoved() {
    let net = Sequential(Linear(2, 2, bias: false), ReLU())
    (net[0] as? Linear)?.weight.assign(.eye(2))
    let x = Tensor([[1, -2]] as [[Float]]).requiringGradient()
    // With hooks the two are not one.
    let output = net[1].onForward { $0.output = $0.output + 1 }
    #expect(net(x).scalars(as: Float.self) == [2, 1])
    let way = net[0].onBackward { $0.inputGradient = $0.outputGradient * 5 }
    net(x).sum().backward()
    #expect(x.gradient?.scalars(as: Float.self) == [5, 0])
    output.remove()
    way.remove()
    #expect(net(x).scalars(as: Float.self) == [1, 0])
  }

  /// Where no input has a gradient, hooks are told of the outputs'.
  @Test func aFirstLayersGradient() {
    let layer = Linear(2, 1)
    var calls: [BackwardCall] = []
    layer.onBackward { calls.append($0) }
    layer(.ones([3, 2])).sum().backward()
    #expect(calls.count == 1 && calls[0].inputGradient == nil)
    #expect(calls[0].outputGradient.scalars(as: Float.self) == [1, 1, 1])
    layer(.ones([3, 2])).detached()
      .requiringGradient().sum().backward()
    #expect(calls.count == 1)
  }

  // MARK: Mistakes

  @Test func mistakes() async throws {
    func text(_ result: ExitTest.Result?) throws -> String {
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    }
    let place = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Sequential(ReLU(), Tanh())[2] }
    #expect(try text(place).contains("Sequential: found child 2; expected a place in -2..<2"))
    let name = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Sequential(["a.b": ReLU()]) }
    #expect(
      try text(name).contains(
        "Sequential: found a child named \"a.b\"; expected a name without a dot that no other child has"
      ))
    let vector = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { vectorToParameters(.zeros([3]), Linear(1, 1).parameters) }
    #expect(
      try text(vector).contains(
        "vectorToParameters(_:_:): found a vector [3]; expected [2], a number for each of the parameters'"
      ))
    let dtype = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Linear(1, 1).to(.int64) }
    #expect(
      try text(dtype).contains(
        "Linear.to(_:): found dtype int64; expected a floating-point dtype, for parameters have gradients"
      ))
    let layer = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      final class Net: Layer {
        let head = Sequential(ReLU(), Linear(4, 2))
        override func forward(_ input: Tensor) -> Tensor { head(input) }
      }
      _ = Net()(.zeros([2, 3]))
    }
    #expect(
      try text(layer).contains(
        "Linear \"head.1\": found input [2, 3]; expected […, 4]; give it inputs of 4 features, or make the layer Linear(3, 2)"
      ))
    let pool = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = MaxPool1d(kernelSize: [2, 3]) }
    #expect(
      try text(pool).contains("MaxPool1d: found kernelSize [2, 3]; expected a number of 1 or more"))
    let images = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = AvgPool2d(kernelSize: 2)(.zeros([4, 4])) }
    #expect(
      try text(images).contains(
        "AvgPool2d: found input [4, 4]; expected [batch, channels, height, width]"))
  }
}
