/// Lempel-Ziv-Welch compression as in GIF: codes that grow up to 12 bits, least significant bit first.
enum LZW {
  /// Compresses indices below 2^`bits`; `bits` is 2…8.
  static func compress(_ indices: [UInt8], bits: Int) -> [UInt8] {
    var output: [UInt8] = []
    var (waiting, waitingBits) = (0, 0)
    func emit(_ code: Int, _ width: Int) {
      waiting |= code << waitingBits
      waitingBits += width
      while waitingBits >= 8 {
        output.append(UInt8(waiting & 255))
        waiting >>= 8
        waitingBits -= 8
      }
    }
    let (clear, end) = (1 << bits, 1 << bits + 1)
    var table = Table()
    var (next, width) = (end + 1, bits + 1)
    emit(clear, width)
    var prefix = -1
    for index in indices {
      guard prefix >= 0 else {
        prefix = Int(index)
        continue
      }
      let key = Int32(prefix << 8 | Int(index))
      if let known = table[key] {
        prefix = known
        continue
      }
      emit(prefix, width)
      if next < 4096 {
        table.insert(key, next)
        // The decoder's table is one entry behind.
        if next == 1 << width, width < 12 { width += 1 }
        next += 1
      } else {
        emit(clear, width)
        table = Table()
        (next, width) = (end + 1, bits + 1)
      }
      prefix = Int(index)
    }
    if prefix >= 0 { emit(prefix, width) }
    emit(end, width)
    if waitingBits > 0 { output.append(UInt8(waiting & 255)) }
    return output
  }

  /// Codes by their prefix and last index: open addressing, at most half full.
  private struct Table {
    private var keys = [Int32](repeating: -1, count: 8192)
    private var codes = [UInt16](repeating: 0, count: 8192)

    private func place(of key: Int32) -> Int {
      var place = Int((UInt32(bitPattern: key) &* 2_654_435_769) >> 19)
      while keys[place] != key, keys[place] >= 0 { place = (place + 1) & 8191 }
      return place
    }

    subscript(key: Int32) -> Int? {
      let place = place(of: key)
      return keys[place] == key ? Int(codes[place]) : nil
    }

    mutating func insert(_ key: Int32, _ code: Int) {
      let place = place(of: key)
      keys[place] = key
      codes[place] = UInt16(code)
    }
  }
}
