/// Copies the elements of a view into row-major order.
struct StridedCopy {
  private let sizes: [Int]
  private let strides: [Int]
  private let width: Int

  /// A copy of elements of `width` bytes, whose neighbours are `strides` elements apart.
  init(shape: [Int], strides: [Int], width: Int) {
    (sizes, self.strides, self.width) = (shape, strides, width)
  }

  /// The strides of row-major elements; a size of 0 counts as 1, as in PyTorch.
  static func rowMajorStrides(of shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() {
      strides[index] = strides[index + 1] &* max(shape[index + 1], 1)
    }
    return strides
  }

  /// Whether `strides` are those of row-major elements, where they matter.
  static func isRowMajor(shape: [Int], strides: [Int]) -> Bool {
    shape.contains(0)
      || zip(shape, zip(strides, rowMajorStrides(of: shape))).allSatisfy {
        $0 == 1 || $1.0 == $1.1
      }
  }

  /// Copies from byte `start` of `source`, which must hold every element, to all of `target`.
  func copy(
    from source: UnsafeRawBufferPointer, at start: Int, to target: UnsafeMutableRawBufferPointer
  ) {
    switch width {
    case 1: copy(UInt8.self, from: source, at: start, to: target)
    case 2: copy(UInt16.self, from: source, at: start, to: target)
    case 4: copy(UInt32.self, from: source, at: start, to: target)
    case 8: copy(UInt64.self, from: source, at: start, to: target)
    default: copy(UInt128.self, from: source, at: start, to: target)
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ type: Element.Type, from source: UnsafeRawBufferPointer, at start: Int,
    to target: UnsafeMutableRawBufferPointer
  ) {
    let (count, step) = (sizes.last ?? 1, (strides.last ?? 1) * width)
    var place = [Int](repeating: 0, count: max(sizes.count - 1, 0))
    var (from, to) = (start, 0)
    while to < target.count {
      for index in 0..<count {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: from + index * step, as: Element.self),
          toByteOffset: to, as: Element.self)
        to += width
      }
      // The next row: the last place that can still grow, and those behind it again from 0.
      for axis in place.indices.reversed() {
        place[axis] += 1
        from += strides[axis] * width
        if place[axis] < sizes[axis] { break }
        from -= sizes[axis] * strides[axis] * width
        place[axis] = 0
      }
    }
  }
}

extension TensorFile.ElementType {
  /// Reverses the bytes of each number; a complex number is two.
  func swapBytes(_ memory: UnsafeMutableRawBufferPointer) {
    let width =
      switch self {
      case .complex32, .complex64, .complex128: bitCount / 16
      default: bitCount / 8
      }
    guard width > 1 else { return }
    for start in stride(from: 0, to: memory.count, by: width) {
      memory[start..<start + width].reverse()
    }
  }
}
