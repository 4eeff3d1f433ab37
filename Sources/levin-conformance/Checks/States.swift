import Foundation
import LevinFormats
import LevinTensor

/// Exchanges states with PyTorch by safetensors files, for Tests/EndToEnd/test_optimizer_states.py.
///
/// Training number N makes five steps and is written to `N.levin.safetensors`: parameters under their indices, the
/// state under PyTorch's names. If there is an `N.torch.safetensors`, five steps from it are written to
/// `N.resumed.safetensors`.
func exchangeStates(_ file: CaseFile, in folder: String) throws {
  for index in 0..<file.count {
    let training = try Training(file.json(index), on: .cpu)
    try write(training.advanced(), to: "\(folder)/\(index).levin.safetensors")
    let theirs = "\(folder)/\(index).torch.safetensors"
    guard FileManager.default.fileExists(atPath: theirs) else { continue }
    try write(
      training.advanced(from: read(theirs)), to: "\(folder)/\(index).resumed.safetensors")
  }
}

private let dtypes: [(name: String, dtype: DType)] = [
  ("F32", .float32), ("F64", .float64), ("I64", .int64),
]

private func write(_ tensors: [String: Tensor], to path: String) throws {
  var file = SafetensorsFile()
  for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
    guard let dtype = dtypes.first(where: { $0.dtype == tensor.dtype })?.name else {
      throw CaseError("\(name) of dtype \(tensor.dtype.name)")
    }
    file.entries.append(
      (name, .init(dtype: dtype, shape: Array(tensor.shape), bytes: bytes(tensor))))
  }
  try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
}

private func bytes(_ tensor: Tensor) -> [UInt8] {
  func raw<Scalar: TensorScalar>(_ type: Scalar.Type) -> [UInt8] {
    tensor.contiguous().scalars(as: type).withUnsafeBytes { Array($0) }
  }
  return switch tensor.dtype {
  case .float32: raw(Float.self)
  case .float64: raw(Double.self)
  default: raw(Int64.self)
  }
}

private func read(_ path: String) throws -> [String: Tensor] {
  let file = try SafetensorsFile(path: path)
  return try Dictionary(
    uniqueKeysWithValues: file.entries.map { name, entry in
      guard let dtype = dtypes.first(where: { $0.name == entry.dtype })?.dtype else {
        throw CaseError("\(path): \(name) of dtype \(entry.dtype)")
      }
      let tensor = Tensor(shape: Shape(entry.shape), dtype: dtype) {
        $0.copyBytes(from: entry.bytes)
      }
      return (name, tensor)
    })
}
