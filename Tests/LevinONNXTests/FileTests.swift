import Foundation
import LevinFormats
import LevinNN
@testable import LevinONNX
import LevinTensor
import Testing

struct FileTests {
  /// The hash is that of a file made by another encoder, which onnx.checker and onnxruntime accept.
  @Test func bytes() {
    var model = ONNXModel(name: "levin")
    model.producerVersion = "1.0"
    model.inputs = [.init(name: "input", dtype: .float32, shape: [.named("batch"), .fixed(3)])]
    model.outputs = [.init(name: "output", dtype: .float32, shape: [.named("batch"), .fixed(2)])]
    model.initializers = [
      ("0.weight", Tensor([[1, 2, 3], [-1, 0, 1]] as [[Float]])),
      ("0.bias", Tensor([0.5, -0.5] as [Float])),
    ]
    model.nodes = [
      .init(
        name: "Gemm_1", operation: "Gemm", inputs: ["input", "0.weight", "0.bias"],
        outputs: ["gemm_1"], attributes: [.init("transB", .int(1))]),
      .init(name: "Relu_2", operation: "Relu", inputs: ["gemm_1"], outputs: ["output"]),
    ]
    let bytes = model.encoded()
    #expect(bytes.count == 254)
    #expect(
      SHA256.hexadecimal(of: bytes)
        == "f1ccdb332a73000411ba4bafb3f3c0bfbe95fed9efea687ee2e77db4d20cd663")
  }

  @Test func largeWeightsAreBesideTheModel() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("levin-onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let layer = Sequential(Linear(300, 5), Linear(5, 300))
    let path = folder.appendingPathComponent("a.onnx").path
    try layer.exportONNX(to: path, example: .zeros([1, 300]), externalDataThreshold: 1)
    let data = try Data(contentsOf: URL(fileURLWithPath: path + ".data"))
    // Each begins at a multiple of 4096; biases of less than 1 KiB stay inside.
    func floats(_ start: Int, _ count: Int) -> [Float] {
      data[start..<(start + 4 * count)].withUnsafeBytes { bytes in
        (0..<count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
    }
    let state = Dictionary(uniqueKeysWithValues: layer.stateDictionary.map { ($0.name, $0.tensor) })
    #expect(floats(0, 1500) == state["0.weight"]?.scalars(as: Float.self))
    #expect(floats(8192, 1500) == state["1.weight"]?.scalars(as: Float.self))
    #expect(floats(16384, 300) == state["1.bias"]?.scalars(as: Float.self))
    #expect(data.count == 16384 + 1200)
    let model = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(model.count < 2000)
    let text = String(decoding: model, as: UTF8.self)
    #expect(text.contains("a.onnx.data"))
    // The folder is nobody's business.
    #expect(!text.contains(folder.lastPathComponent))
  }
}
