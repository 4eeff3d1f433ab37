import Foundation
import LevinTensor

/// Golden data of scripts/golden/make_engine.py.
enum EngineGolden {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]

    var tensor: Tensor { Tensor(values.map { Float($0) }, shape: Shape(shape)) }
  }

  static func load<Data: Decodable>(_ name: String, as type: Data.Type = Data.self) throws -> Data {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = folder.appendingPathComponent("Golden/engine/\(name).json")
    return try JSONDecoder().decode(Data.self, from: Foundation.Data(contentsOf: file))
  }
}

/// Whether float32 numbers agree with PyTorch's to a few units in the last place.
func agree(_ found: Tensor, _ expected: EngineGolden.Numbers, tolerance: Double = 2e-6) -> Bool {
  guard Array(found.shape) == expected.shape else { return false }
  return zip(found.scalars(as: Float.self), expected.values).allSatisfy {
    abs(Double($0) - $1) <= tolerance * max(1, abs($1))
  }
}
