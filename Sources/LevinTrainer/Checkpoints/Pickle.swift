/// Files of `torch.save`, which are not safetensors.
enum Pickle {
  /// Whether `bytes` begin like a zip archive, or like a pickle of protocol 2 to 5.
  static func isPickle(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 0x03, 0x04])
      || bytes.count > 1 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
  }

  /// Lines of Python that save the weights of `path` as safetensors.
  static func conversion(of path: String) -> String {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let stem = path[..<(path[name...].lastIndex(of: ".") ?? path.endIndex)]
    let target = stem + ".safetensors"
    return """
        state = torch.load("\(path)", map_location="cpu", weights_only=False)
        safetensors.torch.save_file(state.get("state_dict", state), "\(target)")
      """
  }
}
