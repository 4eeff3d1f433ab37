internal import Foundation
public import LevinFormats
public import LevinNN
public import LevinTensor

/// States of modules in safetensors files, which PyTorch reads and writes.
public enum StateFile {
  /// The tensors of a file by their names.
  public static func load(_ path: String) throws -> [String: Tensor] {
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

  /// Writes the state of a module to a new file.
  public static func save(_ module: Module, to path: String) throws {
    try Data(file(of: module).encoded()).write(to: URL(fileURLWithPath: path))
  }

  /// A file with the state of a module.
  public static func file(of module: Module) -> SafetensorsFile {
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
