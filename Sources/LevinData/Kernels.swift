internal import CLevinKernels

/// The only place where LevinData calls the C kernels.
enum Kernels {
  /// Copies row `rows[i]` of `source`, `rowBytes` bytes, to row `i` of `output`.
  ///
  /// The rows must exist.
  static func gather(
    _ source: UnsafeRawPointer, rows: ArraySlice<Int>, rowBytes: Int,
    to output: UnsafeMutableRawPointer
  ) {
    rows.withUnsafeBufferPointer { indices in
      guard let start = indices.baseAddress, !indices.isEmpty else { return }
      // The kernels take `int64_t`, which is what `Int` is on every machine that Levin supports.
      start.withMemoryRebound(to: Int64.self, capacity: indices.count) {
        levin_gather_rows(indices.count, $0, source, rowBytes, output)
      }
    }
  }
}
