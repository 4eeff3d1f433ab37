import LevinNN
import LevinONNX
import LevinTensor
import LevinVision
import Testing

struct GraphTests {
  private func graph(_ layer: Layer, _ example: Tensor) throws -> ONNXModel {
    try layer.onnxModel(inputs: [ONNXInput("input", example)]) { [layer($0[0])] }
  }

  @Test func leNet() throws {
    let found = try graph(LeNet(), .zeros([1, 1, 28, 28])).description
    #expect(
      found == """
        LeNet(input: float32[batch, 1, 28, 28]) -> (output: float32[batch, 10])
          float32[6, 1, 5, 5] features.0.weight
          float32[6] features.0.bias
          float32[16, 6, 5, 5] features.3.weight
          float32[16] features.3.bias
          float32[120, 400] classifier.0.weight
          float32[120] classifier.0.bias
          float32[84, 120] classifier.2.weight
          float32[84] classifier.2.bias
          float32[10, 84] classifier.4.weight
          float32[10] classifier.4.bias
          features.0/Conv = Conv(input, features.0.weight, features.0.bias) dilations: [1, 1] group: 1 kernel_shape: [5, 5] pads: [2, 2, 2, 2] strides: [1, 1]
          features.1/Relu = Relu(features.0/Conv)
          features.2/MaxPool = MaxPool(features.1/Relu) ceil_mode: 0 dilations: [1, 1] kernel_shape: [2, 2] pads: [0, 0, 0, 0] strides: [2, 2]
          features.3/Conv = Conv(features.2/MaxPool, features.3.weight, features.3.bias) dilations: [1, 1] group: 1 kernel_shape: [5, 5] pads: [0, 0, 0, 0] strides: [1, 1]
          features.4/Relu = Relu(features.3/Conv)
          features.5/MaxPool = MaxPool(features.4/Relu) ceil_mode: 0 dilations: [1, 1] kernel_shape: [2, 2] pads: [0, 0, 0, 0] strides: [2, 2]
          Flatten = Flatten(features.5/MaxPool) axis: 1
          classifier.0/Gemm = Gemm(Flatten, classifier.0.weight, classifier.0.bias) transB: 1
          classifier.1/Relu = Relu(classifier.0/Gemm)
          classifier.2/Gemm = Gemm(classifier.1/Relu, classifier.2.weight, classifier.2.bias) transB: 1
          classifier.3/Relu = Relu(classifier.2/Gemm)
          output = Gemm(classifier.3/Relu, classifier.4.weight, classifier.4.bias) transB: 1
        """)
  }

  @Test func aTiedWeightIsOneInitializer() throws {
    final class Tied: Layer {
      let first = Linear(3, 3, bias: false)
      let second = Linear(3, 3, bias: false)
      override init() {
        super.init()
        second.weight = first.weight
      }
      override func forward(_ x: Tensor) -> Tensor { second(first(x)) }
    }
    let found = try graph(Tied(), .zeros([1, 3]))
    #expect(found.initializers.map(\.name) == ["first.weight"])
  }

  /// Its own view of the table, and not a copy of it.
  @Test func aTransposedParameterKeepsItsName() throws {
    final class Net: Layer {
      let weight = Parameter(.ones([4, 3]))
      override func forward(_ x: Tensor) -> Tensor { x.matmul(weight.value.transposed() * 2) }
    }
    let found = try graph(Net(), .zeros([1, 3])).description
    #expect(
      found == """
        Net(input: float32[batch, 3]) -> (output: float32[batch, 4])
          float32[3, 4] constant
          output = MatMul(input, constant)
        """)
    final class Plain: Layer {
      let weight = Parameter(.ones([4, 3]))
      override func forward(_ x: Tensor) -> Tensor { x.matmul(weight.value.transposed()) }
    }
    #expect(
      try graph(Plain(), .zeros([1, 3])).description == """
        Plain(input: float32[batch, 3]) -> (output: float32[batch, 4])
          float32[4, 3] weight
          Transpose = Transpose(weight) perm: [1, 0]
          output = MatMul(input, Transpose)
        """)
  }

  @Test func sizesOfTheBatchAreComputed() throws {
    final class Net: Layer {
      let token = Parameter(.ones([1, 1, 3]))
      override func forward(_ x: Tensor) -> Tensor {
        .concatenated([token.value.expanded(to: [x.shape[0], 1, 3]), x], dimension: 1)
          + Tensor.zeros([x.shape[0], 1, 3])
      }
    }
    #expect(
      try graph(Net(), .zeros([1, 2, 3])).description == """
        Net(input: float32[batch, 2, 3]) -> (output: float32[batch, 3, 3])
          int64[1] constant
          float32[1, 1, 3] token
          float32[1, 1, 3] constant_1
          int64[1] constant_2
          Shape = Shape(input) end: 1 start: 0
          Concat = Concat(Shape, constant, constant) axis: 0
          Expand = Expand(token, Concat)
          Concat_1 = Concat(Expand, input) axis: 1
          Concat_2 = Concat(Shape, constant, constant_2) axis: 0
          Expand_1 = Expand(constant_1, Concat_2)
          output = Add(Concat_1, Expand_1)
        """)
  }

  @Test func theModeStaysAsItWas() throws {
    let layer = Sequential(Linear(3, 3), Dropout(0.5), BatchNorm1d(3))
    layer[1].eval()
    let found = try graph(layer, .zeros([2, 3]))
    #expect(found.nodes.map(\.operation) == ["Gemm", "BatchNormalization"])
    #expect(layer.namedModules.map(\.module.isTraining) == [true, true, false, true])
  }

  @Test func outputsThatNothingComputes() throws {
    let module = Linear(2, 2)
    let found = try module.onnxModel(
      inputs: [ONNXInput("a", .zeros([1, 2]))], outputNames: ["same", "again", "weight.out"]
    ) { [$0[0], $0[0], module.weight.value] }
    #expect(found.nodes.map(\.operation) == ["Identity", "Identity", "Identity"])
  }

  @Test func aSecondFreeSizeHasAName() throws {
    let module = Identity()
    let found = try module.onnxModel(inputs: [ONNXInput("input", .zeros([1, 4, 3]))]) {
      [$0[0].reshaped(to: [-1, 3])]
    }
    #expect(found.outputs.map(\.description) == ["output: float32[4*batch, 3]"])
  }

  // MARK: Refusals

  private func error(_ forward: @escaping (Tensor) -> Tensor) -> String {
    final class Net: Layer {
      let inner: Inner
      init(_ body: @escaping (Tensor) -> Tensor) { inner = Inner(body) }
      override func forward(_ x: Tensor) -> Tensor { inner(x) }
    }
    final class Inner: Layer {
      let body: (Tensor) -> Tensor
      init(_ body: @escaping (Tensor) -> Tensor) { self.body = body }
      override func forward(_ x: Tensor) -> Tensor { body(x) }
    }
    do {
      _ = try graph(Net(forward), Tensor([[1, 2, 4], [3, 5, 6]] as [[Float]]))
      return "none"
    } catch { return "\(error)" }
  }

  @Test func whatHasNoFormIsRefusedByName() {
    #expect(
      error { $0.logGamma() }
        == "ONNX export: logGamma() in Inner \"inner\": no operators of ONNX's opset 17 compute it; "
        + "expected operations that docs/onnx.md lists")
    #expect(
      error { $0.batchNorm().output }
        == "ONNX export: batchNorm() in Inner \"inner\": no operators of ONNX's opset 17 compute it, because of its "
        + "part batchNorm(weight:bias:); expected operations that docs/onnx.md lists")
  }

  @Test func valuesThatAreReadAreRefused() {
    let found = error { $0 / $0.max().item() }
    #expect(found.contains("whose numbers differ between inputs"), "\(found)")
  }

  @Test func branchesAreRefused() {
    let found = error { $0.max().item() > 5 ? $0.exp() : $0.log() }
    #expect(
      found
        == "ONNX export: exp() in Inner \"inner\": found log() for another batch; expected the same operations for all "
        + "inputs: a branch in the module depends on the batch's size or on values")
  }

  @Test func partsOfTheBatchAreRefused() {
    let found = error { $0.narrowed(0, start: 0, length: $0.shape[0] - 1) }
    #expect(found.contains("length: 1 depends on the batch's size"), "\(found)")
  }
}
