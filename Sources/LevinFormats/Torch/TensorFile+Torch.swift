internal import LevinSystem

extension TensorFile {
  /// The five pickles and the bytes behind them that PyTorch wrote before 1.6 begin with this number.
  static let legacyMagic: [UInt8] = [
    0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]

  /// Reads the archive that `torch.save` writes.
  static func torch(_ file: MappedFile, _ archive: ZipArchive) throws(TensorFileError) -> TensorFile
  {
    func error(_ problem: String, _ advice: String) -> TensorFileError {
      TensorFileError(file.path, problem, advice: advice)
    }
    let folders = Set(archive.entries.map { $0.name.prefix { $0 != "/" } })
    guard folders.count == 1, let folder = folders.first else {
      throw error(
        "an archive with \(folders.count) folders at its top, expected one, as torch.save writes",
        "Use the file that torch.save wrote")
    }
    func entry(_ name: String) -> ZipArchive.Entry? { archive["\(folder)/\(name)"] }
    guard let pickle = entry("data.pkl"), let version = entry("version") else {
      throw error(
        "an archive without '\(folder)/data.pkl' and '\(folder)/version', which torch.save writes",
        "Use the file that torch.save wrote")
    }
    let text = String(decoding: file.bytes.part(version.payload).prefix(20), as: UTF8.self)
    let number = Int(text.hasSuffix("\n") ? text.dropLast() : text[...])
    guard let number, (1...10).contains(number) else {
      throw error(
        "the archive has the version '\(text.filter { $0 != "\n" })', expected 1 to 10",
        "Save it with a PyTorch that Levin knows")
    }
    if let order = entry("byteorder"),
      !file.bytes.part(order.payload).elementsEqual("little".utf8)
    {
      throw error(
        "the file was not written on a little-endian machine", "Save it on a common machine")
    }
    guard pickle.count <= PickleMachine.byteLimit else {
      throw error(
        "the pickle has \(pickle.count) bytes, expected at most \(PickleMachine.byteLimit)",
        "Save the state_dict() alone")
    }
    if let checksum = pickle.checksum, CRC32.of(file.bytes.part(pickle.payload)) != checksum {
      throw archive.error(pickle.payload.lowerBound, "the CRC-32 of '\(pickle.name)' is wrong")
    }

    var machine = PickleMachine(file, pickle.payload, .archive)
    machine.tree.root = try machine.run()
    guard machine.position == pickle.payload.upperBound else {
      throw machine.error(
        "\(pickle.payload.upperBound - machine.position) bytes follow the end of the pickle")
    }
    var blocks: [DataBlock] = []
    for storage in machine.tree.storages {
      guard let data = entry("data/\(storage.key)") else {
        throw error(
          "the archive lacks '\(folder)/data/\(storage.key)', which a tensor needs",
          "Copy or download the file again")
      }
      if let expected = storage.byteCount, data.count != expected {
        throw archive.error(
          data.payload.lowerBound,
          "'\(data.name)' has \(data.count) bytes, expected \(expected)")
      }
      blocks.append(data.block(in: file))
    }
    return try TensorFile(
      path: file.path, format: .torch,
      content: PickleValue(
        tree: machine.tree, value: machine.tree.root, blocks: blocks, path: file.path))
  }

  /// Reads the pickles in a row that PyTorch wrote before 1.6.
  static func legacyTorch(_ file: MappedFile) throws(TensorFileError) -> TensorFile {
    var machine = PickleMachine(file, 0..<file.bytes.count, .legacy)
    _ = try machine.run()
    let place = machine.position
    guard try machine.run() == .int(1001) else {
      throw machine.error("expected the version 1001", at: place)
    }
    let system = try machine.run()
    if case .node(let index) = system, case .dictionary(let facts) = machine.tree.nodes[index],
      facts[.text("little_endian")] == .bool(false)
    {
      throw machine.error(
        "the file was written on a big-endian machine", at: place,
        advice: "Save it on a common machine")
    }
    machine.tree.root = try machine.run()
    let listPlace = machine.position
    let keys = try machine.run()
    var ranges: [String: Range<Int>] = [:]
    let listed = machine.list(keys) ?? []
    guard listed.count == machine.tree.storages.count else {
      throw machine.error(
        "\(listed.count) storages are listed, but tensors use \(machine.tree.storages.count)",
        at: listPlace)
    }
    var position = machine.position
    for key in listed {
      guard case .text(let key) = key, let index = machine.storagePlaces[key], ranges[key] == nil
      else { throw machine.error("a storage is listed that no tensor uses", at: listPlace) }
      let storage = machine.tree.storages[index]
      guard let count = storage.byteCount else {
        throw machine.error("storage '\(key)' has an unknown size", at: position)
      }
      let stored = file.bytes.littleEndian(Int64.self, at: position)
      guard stored == Int64(storage.count) else {
        throw machine.error(
          "storage '\(key)' has \(stored.map(String.init) ?? "no") elements, expected "
            + "\(storage.count)", at: position)
      }
      guard count <= file.bytes.count - position - 8 else {
        throw machine.error("the file is cut short inside storage '\(key)'", at: position)
      }
      ranges[key] = position + 8..<position + 8 + count
      position += 8 + count
    }
    guard position == file.bytes.count else {
      throw machine.error(
        "\(file.bytes.count - position) bytes follow the last storage", at: position)
    }
    let blocks = machine.tree.storages.map {
      DataBlock(file, ranges[$0.key] ?? 0..<0, name: "storage '\($0.key)'")
    }
    return try TensorFile(
      path: file.path, format: .legacyTorch,
      content: PickleValue(
        tree: machine.tree, value: machine.tree.root, blocks: blocks, path: file.path))
  }
}

extension PickleTree.Storage {
  /// The size of its bytes; nil if its kind is not known.
  var byteCount: Int? {
    switch kind {
    case .typed(let type): count * (type.bitCount / 8)
    case .untyped: count
    case .other: nil
    }
  }
}
