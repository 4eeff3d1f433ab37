internal import ArgumentParser
internal import LevinFormats
internal import LevinNN
internal import LevinSystem
internal import LevinTensor
internal import LevinTrainer

/// `levin weights convert A B`: writes the tensors of a file in another format.
struct WeightsConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write the tensors of a file in another format or type.",
    discussion: """
      The end of the new name says the format: .safetensors, .npz, .npy, .pt, .pth, .bin, .ckpt; with --shard-size it is a folder. \
      A checkpoint of a training by \(Program.name) becomes, as .ckpt, one with which Lightning's fit(ckpt_path=…) goes on; in all other \
      cases the weights are written.
      """)

  @Argument(help: "A file of tensors, or the folder of a sharded one.", completion: .file())
  var source: String
  @Argument(help: "The file or folder to write.", completion: .file())
  var target: String
  @Option(help: "The type of floating-point tensors: float64, float32, float16 or bfloat16.")
  var dtype: String?
  @Option(help: "Write files of at most this size into a folder: bytes, or such as 500MB, 5GB.")
  var shardSize: String?
  @Option(help: "Take only names that begin with this, and remove it from them.")
  var prefix = ""
  @Flag(help: "Replace the target if it is there.")
  var overwrite = false

  private static let types: [String: DType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16,
  ]

  func validate() throws {
    if let dtype, Self.types[dtype] == nil {
      throw ValidationError(
        "--dtype: found '\(dtype)'; expected float64, float32, float16 or bfloat16")
    }
    if let shardSize, Self.bytes(shardSize) == nil {
      throw ValidationError(
        "--shard-size: found '\(shardSize)'; expected bytes, or such as 500MB, 5GB")
    }
  }

  func run() throws {
    try Output.reportingErrors {
      guard overwrite || !FileBytes.isFile(target) && !FileSystem.isFolder(target) else {
        throw RunsError("\(target) is there; --overwrite replaces it")
      }
      try convert()
    }
  }

  private func convert() throws {
    let file = try TensorFile(path: source)
    let isTraining = file.metadata["levin.loop"] != nil
    if isTraining, target.hasSuffix(".ckpt"), dtype == nil, shardSize == nil, prefix.isEmpty {
      try Checkpoint(path: source).write(to: target)
      return try Output.page(["\(target): a checkpoint of the whole training"])
    }
    let sources = try file.entries.compactMap { entry -> TensorFile.Source? in
      guard !entry.name.hasPrefix("levin."), entry.name.hasPrefix(prefix) else { return nil }
      var source = try converted(entry)
      source.name.removeFirst(prefix.count)
      return source
    }
    guard !sources.isEmpty else {
      throw RunsError(
        "\(source) has no tensor whose name begins with '\(prefix)'; its names begin with "
          + "'\(file.entries.first?.name ?? "")'")
    }
    let metadata = file.metadata.filter { !$0.key.hasPrefix("levin.") }
    if let size = shardSize.flatMap(Self.bytes) {
      try TensorFile.writeShards(
        sources, toFolder: target, maximumByteCount: size, metadata: metadata)
    } else {
      try TensorFile.write(sources, to: target, metadata: metadata)
    }
    try Output.page(
      file.notices.map { "note: " + printable($0) } + [
        "\(printable(target)): \(plural(sources.count, "tensor"))"
      ])
  }

  private func converted(_ entry: TensorFile.Entry) throws -> TensorFile.Source {
    guard let wanted = dtype.flatMap({ Self.types[$0] }), let type = entry.elementType,
      let own = type.widened.flatMap(DType.init), own.isFloatingPoint
    else { return try TensorFile.Source(entry) }
    return TensorFile.Source(entry.name, try Tensor(entry).to(wanted))
  }

  /// Bytes, or a number with kB, MB or GB.
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber }
    let units = ["": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000]
    guard let count = Int(digits), count > 0,
      let unit = units[text.dropFirst(digits.count).lowercased()]
    else { return nil }
    let (product, overflows) = count.multipliedReportingOverflow(by: unit)
    return overflows ? nil : product
  }
}
