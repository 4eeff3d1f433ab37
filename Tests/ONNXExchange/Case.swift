import LevinNN
import LevinONNX
import LevinTensor

/// A module that is exported, and run by Levin and by onnxruntime.
struct Case {
  /// An input of a sample: numbers, or indices below a limit.
  enum Input {
    case numbers([Int])
    case indices([Int], below: Int)

    func make(_ batch: Int?) -> Tensor {
      switch self {
      case .numbers(let shape): Tensor.randn(Shape((batch.map { [$0] } ?? []) + shape))
      case .indices(let shape, let limit):
        Tensor.randint(0..<limit, Shape((batch.map { [$0] } ?? []) + shape))
      }
    }
  }

  let name: String
  let module: Module
  let inputs: [Input]
  let isBatched: Bool
  let forward: ([Tensor]) -> [Tensor]

  /// A layer, for samples of one shape.
  init(_ name: String, _ layer: Layer, _ shape: Int..., isBatched: Bool = true) {
    self.init(name, layer, [.numbers(shape)], isBatched: isBatched) { [layer($0[0])] }
  }

  init(
    _ name: String, _ module: Module, _ inputs: [Input], isBatched: Bool = true,
    _ forward: @escaping ([Tensor]) -> [Tensor]
  ) {
    (self.name, self.module, self.inputs) = (name, module, inputs)
    (self.isBatched, self.forward) = (isBatched, forward)
  }

  /// Gives parameters and running statistics numbers that show if one is left out.
  func randomized() -> Case {
    for parameter in module.parameters where parameter.origin == nil {
      parameter.assign(Tensor.randn(parameter.shape) * 0.5)
    }
    for (name, buffer) in module.namedBuffers where buffer.dtype.isFloatingPoint {
      let numbers = Tensor.rand(buffer.value.shape)
      buffer.value = name.hasSuffix("var") ? numbers + 0.5 : numbers
    }
    return self
  }

  /// Writes the model, and inputs and outputs of batches of one and three samples.
  func write(to folder: String) throws {
    let examples = inputs.map { $0.make(isBatched ? 2 : nil) }
    let results = forward(examples)
    let names = inputs.indices.map { "input\($0)" }
    let outputs = results.indices.map { "output\($0)" }
    try module.exportONNX(
      to: "\(folder)/\(name).onnx", inputs: zip(names, examples).map { ONNXInput($0, $1) },
      outputNames: outputs, dynamicBatch: isBatched
    ) { forward($0) }
    module.eval()
    for batch in isBatched ? [1, 3] : [1] {
      let given = inputs.map { $0.make(isBatched ? batch : nil) }
      let found = withoutGradients { forward(given) }
      try save(
        zip(names + outputs, given + found).map { (name: $0, tensor: $1.contiguous()) },
        to: "\(folder)/\(name).\(batch).safetensors")
    }
  }
}
