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
    call {
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
