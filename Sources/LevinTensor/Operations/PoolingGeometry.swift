internal import LevinSystem

// The windows of poolings.

extension PoolingWindows {
  /// Windows of `kernel` elements, `dilation` apart, every `stride` elements.
  ///
  /// With `ceilMode` the last window may extend beyond the padding. In an average, `includesPadding` counts the zeros
  /// around the input, but not anything beyond the padding. Traps if no window fits.
  init(
    size: Int, of input: Shape, kernel: Int, stride: Int, padding: Int, dilation: Int = 1,
    ceilMode: Bool, includesPadding: Bool = true, for operation: String
  ) {
    self.init(size: size, dilation: dilation)
    let span = dilation * (kernel - 1) + 1
    guard padding * 2 <= span else {
      fail(
        operation, "padding \(padding) for a window of \(span)",
        expected: "at most half of the window, \(span / 2)")
    }
    let room = size + 2 * padding - span
    guard room >= 0 || ceilMode && room + stride - 1 >= 0 else {
      fail(
        operation, "input \(input), with padding \(padding) along a dimension of \(size)",
        expected: "at least the \(span) that a window spans")
    }
    var count = (room + (ceilMode ? stride - 1 : 0)) / stride + 1
    // The last window must begin inside the input, or in the padding in front of it.
    if ceilMode, (count - 1) * stride >= size + padding { count -= 1 }
    for t in 0..<count {
      var start = t * stride - padding
      let end = Swift.min(start + span, size + padding)
      let padded = end - start
      while start < 0 { start += dilation }
      let last = Swift.min(end, size)
      starts.append(Int64(start))
      ends.append(Int64(last))
      counts.append(Int64(Swift.max(1, includesPadding ? padded : last - start)))
    }
  }

  /// `count` windows that cover the elements evenly: window t has those from ⌊t · size / count⌋ up to ⌈(t + 1) · size
  /// / count⌉, exclusive.
  init(sharing size: Int, among count: Int) {
    self.init(size: size)
    for t in 0..<count {
      starts.append(Int64(t * size / count))
      ends.append(Int64(((t + 1) * size + count - 1) / count))
      counts.append(ends[t] - starts[t])
    }
  }
}

extension PoolingGeometry {
  /// The sizes of the output.
  var output: [Int] { windows.map(\.starts.count) }
  /// The sizes of the input.
  var input: [Int] { windows.map(\.size) }
}
