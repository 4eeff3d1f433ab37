internal import LevinTensorBoard

/// Pictures for terminals that support DEC's sixel: bands of six rows, one pass for each colour in a band.
enum SixelEncoder {
  /// Grays have 64 levels; colours have 6 levels of red, 8 of green and 4 of blue.
  static func encode(_ image: PixelImage) -> String {
    var result = "\u{1B}P0;1q\"1;1;\(image.width);\(image.height)"
    var known: Set<Int> = []
    for band in stride(from: 0, to: image.height, by: 6) {
      let rows = min(6, image.height - band)
      var masks: [Int: [UInt8]] = [:]
      for row in 0..<rows {
        for column in 0..<image.width {
          let color = register(image.color(column, band + row))
          masks[color, default: [UInt8](repeating: 0, count: image.width)][column] |= 1 << row
        }
      }
      for (color, mask) in masks.sorted(by: { $0.key < $1.key }) {
        if known.insert(color).inserted { result += definition(color) }
        result += "#\(color)" + runs(mask) + "$"
      }
      result += "-"
    }
    return result + "\u{1B}\\"
  }

  /// Registers 0–63 are grays, 64–255 the colours.
  private static func register(_ color: (UInt8, UInt8, UInt8)) -> Int {
    let (red, green, blue) = color
    if red == green, green == blue { return Int(red) / 4 }
    func level(_ value: UInt8, _ count: Int) -> Int { (Int(value) * (count - 1) + 127) / 255 }
    return 64 + level(red, 6) * 32 + level(green, 8) * 4 + level(blue, 4)
  }

  private static func definition(_ register: Int) -> String {
    func percent(_ level: Int, _ count: Int) -> Int { level * 100 / (count - 1) }
    guard register >= 64 else {
      let gray = percent(register, 64)
      return "#\(register);2;\(gray);\(gray);\(gray)"
    }
    let rest = register - 64
    return
      "#\(register);2;\(percent(rest / 32, 6));\(percent(rest / 4 % 8, 8));\(percent(rest % 4, 4))"
  }

  private static func runs(_ mask: [UInt8]) -> String {
    var result = ""
    var start = 0
    while start < mask.count {
      var end = start
      while end < mask.count, mask[end] == mask[start] { end += 1 }
      let character = Character(Unicode.Scalar(mask[start] + 63))
      let count = end - start
      result += count > 3 ? "!\(count)\(character)" : String(repeating: character, count: count)
      start = end
    }
    return result
  }
}
