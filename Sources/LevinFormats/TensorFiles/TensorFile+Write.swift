internal import LevinSystem

extension TensorFile {
  /// Writes tensors to `path` in the format that the end of its name says: `.safetensors`, `.npz`, `.npy` (one tensor),
  /// or `.pt`, `.pth`, `.bin` and `.ckpt`, which PyTorch opens with `torch.load(path)` as a dictionary of tensors.
  ///
  /// The file is written beside `path` and renamed, so it is whole or absent. Throws ``FileError``, and
  /// ``TensorFileError`` if two tensors have one name, or if the format has no such type.
  ///
  /// - Parameter metadata: Texts for safetensors' `__metadata__`; other formats have no place for them.
  public static func write(
    _ sources: [Source], to path: String, metadata: [String: String] = [:]
  ) throws {
    try checkNames(sources, path)
    switch path.lowercased() {
    case let name where name.hasSuffix(".safetensors"):
      try SafetensorsFile.write(sources, metadata: metadata, to: path)
    case let name where name.hasSuffix(".npz"): try NPY.writeArchive(sources, to: path)
    case let name where name.hasSuffix(".npy"):
      guard sources.count == 1 else {
        throw TensorFileError(
          path, "\(sources.count) tensors, but an .npy file holds one", advice: "Use .npz")
      }
      try NPY.write(sources[0], to: path)
    case let name where [".pt", ".pth", ".bin", ".ckpt"].contains(where: name.hasSuffix):
      try TorchFile.write(.state(sources), to: path)
    default:
      throw TensorFileError(
        path, "the end of the name says no format",
        advice: "Use .safetensors, .npz, .npy, .pt, .pth, .bin or .ckpt")
    }
  }

  /// Writes safetensors, whatever the end of the name.
  package static func writeSafetensors(
    _ sources: [Source], to path: String, metadata: [String: String]
  ) throws {
    try checkNames(sources, path)
    try SafetensorsFile.write(sources, metadata: metadata, to: path)
  }

  static func checkNames(_ sources: [Source], _ path: String) throws(TensorFileError) {
    var seen: Set<String> = []
    for source in sources where !seen.insert(source.name).inserted {
      throw TensorFileError(path, "two tensors are called '\(source.name)'")
    }
  }
}
