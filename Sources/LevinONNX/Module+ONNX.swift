public import LevinNN
internal import LevinSystem
public import LevinTensor

/// An input of a model that is exported.
public struct ONNXInput {
  /// Its name in the file.
  public let name: String
  /// A tensor of its dtype and shape; if the batch may have any size, that of its first dimension does not matter.
  public let example: Tensor
  /// Whether its first dimension is the batch.
  public let isBatched: Bool

  /// Describes an input by an example.
  public init(_ name: String, _ example: Tensor, isBatched: Bool = true) {
    (self.name, self.example, self.isBatched) = (name, example, isBatched)
  }
}

extension Layer {
  /// Writes the layer as an ONNX model (opset 17), which onnxruntime and other software run (PyTorch's
  /// `torch.onnx.export`).
  ///
  ///     try model.exportONNX(to: "lenet.onnx", example: Tensor.zeros([1, 1, 28, 28]))
  ///
  /// See ``Module/exportONNX(to:inputs:outputNames:dynamicBatch:metadata:externalDataThreshold:forward:)``.
  public func exportONNX(
    to path: String, example: Tensor, inputName: String = "input", outputName: String = "output",
    dynamicBatch: Bool = true, metadata: [String: String] = [:],
    externalDataThreshold: Int = 3 << 29
  ) throws {
    try exportONNX(
      to: path, inputs: [ONNXInput(inputName, example)], outputNames: [outputName],
      dynamicBatch: dynamicBatch, metadata: metadata,
      externalDataThreshold: externalDataThreshold
    ) { [self($0[0])] }
  }
}

extension Module {
  /// Writes what `forward` computes from `inputs` as an ONNX model (opset 17), which onnxruntime and other software run.
  ///
  ///     try model.exportONNX(
  ///       to: "pair.onnx", inputs: [ONNXInput("left", a), ONNXInput("right", b)], outputNames: ["score"]
  ///     ) { [model($0[0], $0[1])] }
  ///
  /// The module computes in evaluation mode, twice, with batches of two and three samples of the examples, and the operations
  /// are recorded: those, and not the code, are in the file. The weights have their names in ``stateDictionary``.
  /// Sizes that differ between the two are those of the batch, and free in the file.
  ///
  /// Throws ``ONNXError`` if an operation has no form in ONNX, or if what is computed depends on values or on the
  /// batch's size in another way than through shapes, and errors of the file.
  ///
  /// - Parameters:
  ///   - inputs: One or more inputs, which `forward` receives in this order.
  ///   - outputNames: A name for each tensor that `forward` returns.
  ///   - dynamicBatch: Whether batches may have any size; otherwise all have the examples' sizes.
  ///   - metadata: Properties of the model, in addition to `module`, the module's type.
  ///   - externalDataThreshold: From how many bytes on the weights are in a second file, `path` with `.data` behind
  ///     it; by default 1.5 GiB, since a file of 2 GiB cannot be read.
  public func exportONNX(
    to path: String, inputs: [ONNXInput], outputNames: [String] = ["output"],
    dynamicBatch: Bool = true, metadata: [String: String] = [:],
    externalDataThreshold: Int = 3 << 29, forward: ([Tensor]) throws -> [Tensor]
  ) throws {
    var model = try onnxModel(
      inputs: inputs, outputNames: outputNames, dynamicBatch: dynamicBatch, forward: forward)
    model.metadata += metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    try model.write(to: path, externalDataThreshold: externalDataThreshold)
  }

  /// What ``exportONNX(to:inputs:outputNames:dynamicBatch:metadata:externalDataThreshold:forward:)`` writes.
  package func onnxModel(
    inputs: [ONNXInput], outputNames: [String] = ["output"], dynamicBatch: Bool = true,
    forward: ([Tensor]) throws -> [Tensor]
  ) throws -> ONNXModel {
    let modes = namedModules.map { ($0.module, $0.module.isTraining) }
    eval()
    // Parents come before their children, which may be in another mode.
    defer { for (module, isTraining) in modes { module.train(isTraining) } }
    let first = try record(inputs, count: dynamicBatch ? Batches.first : nil, scale: 1, forward)
    let second = try record(
      inputs, count: dynamicBatch ? Batches.second : nil, scale: 0.75, forward)
    guard first.outputs.count == outputNames.count, second.outputs.count == outputNames.count else {
      throw ONNXError(
        "\(first.outputs.count) outputs and \(outputNames.count) names for them; expected a name "
          + "for each"
      )
    }
    let name = "\(type(of: self))"
    let state = first.recorder.state.merging(second.recorder.state) { own, _ in own }
    let builder = GraphBuilder(name, self, state: state)
    for (input, (one, other)) in zip(inputs, zip(first.inputs, second.inputs)) {
      try builder.addInput(input.name, TensorPair(first: one, second: other))
    }
    let steps = try Step.joining(first.recorder.operations, second.recorder.operations)
    for step in steps { builder.add(step) }
    for (name, (one, other)) in zip(outputNames, zip(first.outputs, second.outputs)) {
      try builder.addOutput(name, TensorPair(first: one, second: other))
    }
    var model = builder.finished()
    model.metadata = [("module", name)]
    return model
  }

  private struct Recording {
    let recorder: Recorder
    let inputs: [Tensor]
    let outputs: [Tensor]
  }

  /// Records what is computed from batches of `count` samples of the examples, or from the examples.
  ///
  /// Numbers are multiplied by `scale`, so that what is read from a tensor differs between two recordings.
  private func record(
    _ inputs: [ONNXInput], count: Int?, scale: Double, _ forward: ([Tensor]) throws -> [Tensor]
  ) throws -> Recording {
    let recorder = Recorder(self)
    let tensors = try inputs.map { input in
      let example = input.example.detached()
      let scaled = scale != 1 && example.dtype.isFloatingPoint ? example * scale : example
      guard let count, input.isBatched else { return scaled.cloned() }
      guard let size = example.shape.first, size > 0 else {
        throw ONNXError(
          "an example \(example.shape) for '\(input.name)'; expected [batch, …] with a sample or more, "
            + "or dynamicBatch: false"
        )
      }
      return scaled.indexSelected(0, Tensor((0..<count).map { Int64($0 % size) }))
    }
    let outputs = try withoutGradients {
      try observingOperations(by: recorder) { try forward(tensors) }
    }
    return Recording(recorder: recorder, inputs: tensors, outputs: outputs)
  }
}
