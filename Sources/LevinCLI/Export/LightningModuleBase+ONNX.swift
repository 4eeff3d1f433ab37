package import LevinONNX
public import LevinTensor
public import LevinTrainer

extension LightningModuleBase {
  /// Writes what ``forward(_:)`` computes as an ONNX model (opset 17; Lightning's `to_onnx`).
  ///
  ///     try DigitModule.loadFromCheckpoint("best.safetensors").exportONNX(to: "digits.onnx", example: images)
  ///
  /// Throws `ONNXError` if there is no example, or if an operation has no form in ONNX, errors of the file, and what
  /// ``forward(_:)`` throws. See `Module.exportONNX`.
  ///
  /// - Parameters:
  ///   - example: A batch of the input's dtype and shape; nil: ``exampleInput``.
  ///   - dynamicBatch: Whether batches may have any size; otherwise all have the example's.
  public func exportONNX(
    to path: String, example: Tensor? = nil, dynamicBatch: Bool = true
  ) throws {
    guard let example = example ?? exampleInput else {
      throw ONNXError("\(type(of: self)) has no exampleInput; expected one, or an example")
    }
    try onnxModel(example, dynamicBatch: dynamicBatch).write(to: path)
  }

  /// What ``exportONNX(to:example:dynamicBatch:)`` writes.
  package func onnxModel(_ example: Tensor, dynamicBatch: Bool) throws -> ONNXModel {
    try onnxModel(inputs: [ONNXInput("input", example)], dynamicBatch: dynamicBatch) {
      [try forward($0[0])]
    }
  }
}
