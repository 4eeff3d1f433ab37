import Foundation

extension SummaryWriter {
  /// Points of many dimensions for the Projector, in files beside the event file.
  ///
  /// - Parameters:
  ///   - rows: The points; all of one length (traps otherwise).
  ///   - metadata: A line for each point, cells side by side; with several cells, `header` names
  ///     them.
  ///   - sprites: A picture for each point, all of one size.
  /// Throws where a file cannot be written.
  public func addEmbedding(
    _ tag: String = "default", _ rows: [[Double]], metadata: [[String]]? = nil,
    header: [String]? = nil, sprites: [PixelImage]? = nil, step: Int = 0
  ) throws {
    guard Set(rows.map(\.count)).count == 1,
      metadata.map({ $0.count == rows.count }) ?? true,
      sprites.map({ $0.count == rows.count }) ?? true
    else {
      fatalError(
        "addEmbedding: found \(rows.count) points, \(metadata?.count ?? 0) lines of metadata and "
          + "\(sprites?.count ?? 0) sprites; "
          + "expected points of one length, and one of each for every point"
      )
    }
    let number = "\(step)"
    let folder =
      String(repeating: "0", count: max(0, 5 - number.count)) + number + "/"
      + EmbeddingRegister.encoded(tag)
    try FileManager.default.createDirectory(
      atPath: directory + "/" + folder, withIntermediateDirectories: true)
    func write(_ name: String, _ data: Data) throws -> String {
      let path = folder + "/" + name
      try data.write(to: URL(fileURLWithPath: directory + "/" + path))
      return path
    }
    func table(_ lines: [[String]]) -> Data {
      Data(lines.map { $0.joined(separator: "\t") + "\n" }.joined().utf8)
    }
    var entry = EmbeddingRegister.Entry(
      name: "\(tag):\(folder.prefix { $0 != "/" })",
      tensorPath: try write("tensors.tsv", table(rows.map { $0.map { "\(Float($0))" } })))
    if let metadata {
      entry.metadataPath = try write("metadata.tsv", table((header.map { [$0] } ?? []) + metadata))
    }
    if let sprites, let first = sprites.first {
      entry.spritePath = try write("sprite.png", Data(PixelImage(sprite: sprites).png))
      entry.spriteSize = (first.width, first.height)
    }
    let text = embeddings.add(entry)
    try Data(text.utf8).write(
      to: URL(fileURLWithPath: directory + "/projector_config.pbtxt"), options: .atomic)
  }
}

extension PixelImage {
  /// Pictures of one size in a square, row by row, the rest black.
  fileprivate init(sprite images: [PixelImage]) {
    let first = images[0]
    let side = Int(Double(images.count).squareRoot().rounded(.up))
    var pixels = [UInt8](repeating: 0, count: side * side * first.width * first.height * 3)
    let rowBytes = first.width * 3
    for (index, image) in images.enumerated() {
      let rgb = image.rgb
      for y in 0..<first.height {
        let target = ((index / side * first.height + y) * side + index % side) * rowBytes
        pixels.replaceSubrange(
          target..<target + rowBytes, with: rgb[y * rowBytes..<(y + 1) * rowBytes])
      }
    }
    self.init(width: side * first.width, height: side * first.height, channels: 3, pixels: pixels)
  }
}
