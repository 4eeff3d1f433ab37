internal import LevinSystem

/// The index of a model that is spread over several files: which file holds which tensor.
enum ShardIndex {
  private static let byteLimit = 10 << 20
  private static let suffix = ".index.json"

  /// Opens the folder of a model: by its index, or as its only safetensors file.
  static func open(folder: String) throws -> TensorFile {
    let names = try FolderListing(folder).names
    let indices = names.filter {
      $0.hasSuffix(".safetensors" + suffix) || $0.hasSuffix(".bin" + suffix)
    }
    // A folder may hold a model twice, for safetensors and for torch.load.
    if let index = indices.first(where: { $0.hasPrefix("model.safetensors") }) ?? indices.first {
      return try open(MappedFile(FileSystem.joined(folder, index)))
    }
    let files = names.filter { $0.hasSuffix(".safetensors") }
    guard files.count == 1 else {
      throw TensorFileError(
        folder, "a folder with \(files.count) safetensors files and no index",
        advice: "Name one of its files")
    }
    return try TensorFile(path: FileSystem.joined(folder, files[0]))
  }

  /// Opens the files that an index names, which are beside it.
  static func open(_ index: MappedFile) throws -> TensorFile {
    guard index.bytes.count <= byteLimit else {
      throw TensorFileError(
        index.path, "an index of \(index.bytes.count) bytes, expected at most \(byteLimit)")
    }
    var scanner = HeaderScanner(bytes: Array(index.bytes)[...], path: index.path, isIndex: true)
    let map = try scanner.weightMap()
    let folder = FileSystem.folder(of: index.path)
    var shards: [String] = []
    for (_, shard) in map where !shards.contains(shard) {
      let parts = shard.split(separator: "/", omittingEmptySubsequences: false)
      guard shard.hasSuffix(".safetensors") || shard.hasSuffix(".bin"),
        !shard.contains("\\"), !shard.contains(":"), !shard.utf8.contains(0),
        parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
      else {
        throw TensorFileError(
          index.path,
          "a tensor is said to be in '\(shard)', expected a .safetensors or .bin file "
            + "beside the index")
      }
      shards.append(shard)
    }
    return try join(shards, in: folder, Dictionary(map, uniquingKeysWith: { $1 }), index.path)
  }

  private static func join(
    _ shards: [String], in folder: String, _ map: [String: String], _ path: String
  ) throws -> TensorFile {
    var entries: [TensorFile.Entry] = []
    var homes: [String: String] = [:]
    var unlisted: [String] = []
    for shard in shards {
      for entry in try TensorFile(path: FileSystem.joined(folder, shard)).entries {
        if let other = homes.updateValue(shard, forKey: entry.name) {
          throw TensorFileError(
            path, "'\(entry.name)' is in '\(other)' and in '\(shard)', expected one of them")
        }
        if map[entry.name] == nil { unlisted.append(entry.name) }
        entries.append(entry)
      }
    }
    let lost = map.filter { homes[$0.key] != $0.value }.min { $0.key < $1.key }
    if let (name, shard) = lost {
      throw TensorFileError(
        path, "'\(name)' is said to be in '\(shard)', which lacks it",
        advice: "Copy or download the files again")
    }
    var file = TensorFile(path: path, format: .shardedSafetensors, entries: entries)
    if let first = unlisted.first {
      file.notices.append(
        "The index does not list \(unlisted.count) tensor\(unlisted.count == 1 ? "" : "s") of its "
          + "files, such as '\(first)'; they were read.")
    }
    return file
  }
}

extension TensorFile {
  /// Writes tensors as safetensors files of at most `maximumByteCount` bytes of data each, with their index, into
  /// `folder`: `model-00001-of-00002.safetensors`, …, `model.safetensors.index.json`, as Hugging Face's libraries do.
  ///
  /// They are filled in the order given; a larger tensor has a file of its own. What fits into one file becomes
  /// `model.safetensors`, without an index. The folder is made if it does not exist.
  public static func writeShards(
    _ sources: [Source], toFolder folder: String, maximumByteCount: Int = 5_000_000_000,
    metadata: [String: String] = [:]
  ) throws {
    try checkNames(sources, folder)
    var shards: [[Source]] = [[]]
    var filled = 0
    for source in sources {
      if !shards[shards.count - 1].isEmpty, filled + source.byteCount > maximumByteCount {
        shards.append([])
        filled = 0
      }
      shards[shards.count - 1].append(source)
      filled += source.byteCount
    }
    try FileBytes.makeFolder(folder)
    let index = FileSystem.joined(folder, "model.safetensors.index.json")
    guard shards.count > 1 else {
      try SafetensorsFile.write(
        sources, metadata: metadata, to: FileSystem.joined(folder, "model.safetensors"))
      // An index of another model would count more than the file.
      return FileSystem.removeFile(index)
    }
    func padded(_ number: Int) -> String {
      String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
    }
    var map: [String] = []
    for (number, shard) in shards.enumerated() {
      let name = "model-\(padded(number + 1))-of-\(padded(shards.count)).safetensors"
      try SafetensorsFile.write(
        shard, metadata: metadata, to: FileSystem.joined(folder, name))
      map += shard.map { "    \(SafetensorsFile.quoted($0.name)): \"\(name)\"" }
    }
    let total = sources.reduce(0) { $0 + $1.byteCount }
    let text = """
      {
        "metadata": {
          "total_size": \(total)
        },
        "weight_map": {
      \(map.joined(separator: ",\n"))
        }
      }

      """
    try AtomicFile.write(Array(text.utf8), to: index)
  }
}
