import Foundation
import LevinFormats
import LevinNN
import LevinTensor

/// The model of scripts/golden/make_modules.py: every kind of plumbing.
final class Plumbed: Module {
  let scale = Parameter(.ones([1]))
  let table = Buffer(.arange(0, 3, dtype: .int64))
  let scratch = Buffer(.zeros([2]), persistent: false)
  let features: Sequential = [
    "conv0": Conv2d(3, 4, kernelSize: 3, padding: 1, paddingMode: .reflect),
    "norm0": BatchNorm2d(4), "relu0": ReLU(),
  ]
  let blocks: ModuleList = [Linear(4, 4), Linear(4, 4)]
  let heads: ModuleDictionary = ["b": Linear(4, 2), "a": Linear(4, 3)]
  let encoder = Embedding(5, 4)
  let decoder = Linear(4, 5, bias: false)
  let shared = Linear(4, 4)
  let again: Linear
  let normed = weightNorm(Linear(4, 4))
  let spectral = spectralNorm(Linear(4, 4))
  let upper = spectralNorm(ConvTranspose2d(4, 2, kernelSize: 2))
  let pair = Bilinear(4, 4, 2)

  override init() {
    again = shared
    super.init()
    decoder.weight = encoder.weight
  }

  /// Five outputs for two inputs.
  func callAsFunction(_ image: Tensor, _ index: Tensor) -> [String: Tensor] {
    called {
      let maps = features(image)
      var x = maps.mean(dimensions: [2, 3]) * scale.value
      for block in blocks { x = block(x).tanh() }
      x = again(shared(x))
      let y = spectral(normed(x)) + encoder(index)
      return [
        "b": heads["b"]!(x), "a": heads["a"]!(y), "words": decoder(y), "pair": pair(x, y),
        "map": upper(maps),
      ]
    }
  }
}

/// What PyTorch has of it.
struct PlumbedGolden: Decodable {
  struct Vector: Decodable {
    let count: Int
    let sum: Double
    let some: [Double]
  }
  typealias Named = LayerGolden.Layer.Named
  let initial: [Named]
  let parameters: [String]
  let modules: [String]
  let buffers: [String]
  let image: LayerGolden.Numbers
  let index: [Int64]
  let outputs: [Named]
  let loss: Double
  let seen: [Named]
  let cam: LayerGolden.Numbers
  let gradients: [Named]
  let vector: Vector
  let missing: [String]
  let unexpected: [String]
  let evaluated: [Named]
  let double: [Named]
}

/// Tensors of safetensors files.
enum StateFile {
  static func load(_ path: String) throws -> [String: Tensor] {
    try Dictionary(
      uniqueKeysWithValues: SafetensorsFile(path: path).entries.map { name, entry in
        let shape = Shape(entry.shape)
        return try (name, tensor(entry.bytes, entry.dtype, shape))
      })
  }

  private struct UnknownDType: Error {}

  private static func tensor(_ bytes: [UInt8], _ dtype: String, _ shape: Shape) throws -> Tensor {
    try bytes.withUnsafeBytes { bytes in
      switch dtype {
      case "F32": Tensor(Array(bytes.bindMemory(to: Float.self)), shape: shape)
      case "I64": Tensor(Array(bytes.bindMemory(to: Int64.self)), shape: shape)
      default: throw UnknownDType()
      }
    }
  }

  static func file(of module: Module) -> SafetensorsFile {
    var file = SafetensorsFile()
    file.entries = module.stateDictionary.map { name, tensor in
      (
        name,
        SafetensorsFile.Entry(
          dtype: tensor.dtype == .int64 ? "I64" : "F32", shape: Array(tensor.shape),
          bytes: tensor.withUnsafeBytes { Array($0) })
      )
    }
    return file
  }
}
