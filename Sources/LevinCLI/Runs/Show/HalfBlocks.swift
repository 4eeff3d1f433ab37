internal import LevinTensorBoard

/// Pictures made of characters: the upper half block has the colour of one pixel, and its background that of the
/// pixel below.
enum HalfBlocks {
  enum Depth { case full, palette }

  static func lines(_ image: PixelImage, _ depth: Depth) -> [String] {
    stride(from: 0, to: image.height, by: 2).map { row in
      var line = ""
      var last = ""
      for column in 0..<image.width {
        let upper = code(image.color(column, row), 38, depth)
        let lower = row + 1 < image.height ? code(image.color(column, row + 1), 48, depth) : "49"
        let codes = upper + ";" + lower
        if codes != last { line += "\u{1B}[\(codes)m" }
        last = codes
        line += "▀"
      }
      return line + "\u{1B}[0m"
    }
  }

  private static func code(_ color: (UInt8, UInt8, UInt8), _ ground: Int, _ depth: Depth) -> String
  {
    let (red, green, blue) = color
    if depth == .full { return "\(ground);2;\(red);\(green);\(blue)" }
    // xterm's 256 colours: a cube of 6 × 6 × 6 from 16 on, and 24 grays from 232 on.
    if red == green, green == blue {
      switch red {
      case ..<4: return "\(ground);5;16"
      case 247...: return "\(ground);5;231"
      default: return "\(ground);5;\(232 + min(23, (Int(red) - 3) / 10))"
      }
    }
    func level(_ value: UInt8) -> Int {
      value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40
    }
    return "\(ground);5;\(16 + 36 * level(red) + 6 * level(green) + level(blue))"
  }
}
