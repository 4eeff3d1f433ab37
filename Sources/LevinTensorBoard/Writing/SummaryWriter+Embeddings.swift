import Foundation
internal import LevinSystem

extension SummaryWriter {
  /// Adds points of many dimensions for the Projector, in files beside the event file.
  ///
  /// Throws ``EventWriterError`` if a file cannot be written; traps if there are no points, or if lengths do not
  /// match.
  ///
  /// - Parameters:
  ///   - rows: The points, all of the same length.
  ///   - metadata: A line for each point, with one or more cells. Tabs and line breaks in a cell become spaces.
  ///   - header: Names of the cells, required if lines have several; for a single one the Projector has no header.
  ///   - sprites: A picture for each point, all of the same size.
  public func addEmbedding(
    _ tag: String = "default", _ rows: [[Double]], metadata: [[String]]? = nil,
    header: [String]? = nil, sprites: [PixelImage]? = nil, step: Int = 0
  ) throws {
    check(tag, rows, metadata, header, sprites)
    do throws(FileError) {
      let number = String(format: "%05ld", step)
      let folder = number + "/" + EmbeddingRegister.encoded(tag)
      try FileBytes.makeFolder(directory + "/" + folder)
      func write(_ name: String, _ bytes: [UInt8]) throws(FileError) -> String {
        let path = folder + "/" + name
        try AtomicFile.write(bytes, to: directory + "/" + path)
        return path
      }
      func table(_ lines: [[String]]) -> [UInt8] {
        Array(lines.map { $0.joined(separator: "\t") + "\n" }.joined().utf8)
      }
      var entry = EmbeddingRegister.Entry(
        name: "\(tag):\(number)",
        tensorPath: try write("tensors.tsv", table(rows.map { $0.map { "\(Float($0))" } })))
      if let metadata, let cellCount = metadata.first?.count {
        let lines = (cellCount > 1 ? [header ?? []] : []) + metadata
        entry.metadataPath = try write("metadata.tsv", table(lines.map { $0.map(Self.cell) }))
      }
      if let sprites, let first = sprites.first {
        entry.spritePath = try write("sprite.png", PixelImage(sprite: sprites).png)
        entry.spriteSize = (first.width, first.height)
      }
      try EmbeddingRegister.add(entry, in: directory)
    } catch {
      throw EventWriterError(error)
    }
  }

  private func check(
    _ tag: String, _ rows: [[Double]], _ metadata: [[String]]?, _ header: [String]?,
    _ sprites: [PixelImage]?
  ) {
    func refuse(_ found: String, expected: String) -> Never {
      self.refuse("addEmbedding", tag, found: found, expected: expected)
    }
    let lengths = Set(rows.map(\.count))
    guard lengths.count == 1 else {
      refuse(
        "\(rows.count) points of \(lengths.count) different lengths",
        expected: "one or more, all of the same length")
    }
    if let metadata {
      guard metadata.count == rows.count else {
        refuse(
          "\(metadata.count) lines of metadata for \(rows.count) points", expected: "one for each")
      }
      let counts = Set(metadata.map(\.count))
      guard counts.count == 1, let count = counts.first, count > 0 else {
        refuse(
          "lines of metadata with \(counts.sorted()) cells", expected: "one or more, as many in all"
        )
      }
      guard header.map({ $0.count == count }) ?? (count == 1) else {
        refuse(
          "a header of \(header?.count ?? 0) names for \(count) cells", expected: "one for each")
      }
    }
    if let sprites {
      guard sprites.count == rows.count else {
        refuse("\(sprites.count) sprites for \(rows.count) points", expected: "one for each")
      }
      check(sprites, for: "addEmbedding", tag)
    }
  }

  /// A text as a cell of a table.
  private static func cell(_ text: String) -> String {
    let breaks: Set<Unicode.Scalar> = ["\t", "\n", "\r"]
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { breaks.contains($0) ? " " : $0 }))
  }
}

extension PixelImage {
  /// Pictures of the same size arranged in a square, row by row, with black where pictures are missing.
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
