internal import CLevinKernels

/// LevinData's door to the C kernels.
enum Kernels {
  /// Writes row `rows[i]` of `bytes`, `[any, channels, area]`, to row `i` of `output`, each byte replaced
  /// by its entry of `table`, `[channels, 256]`. The rows must exist.
  static func gather(
    _ bytes: UnsafePointer<UInt8>, rows: ArraySlice<Int>, channels: Int, area: Int,
    table: [Float], to output: UnsafeMutablePointer<Float>
  ) {
    withIndices(rows) { indices in
      levin_gather_table(
        rows.count, indices, rows.count, bytes, channels, area, table, output)
    }
  }

  /// Copies row `rows[i]` of `source`, `rowBytes` bytes, to row `i` of `output`. The rows must exist.
  static func gather(
    _ source: UnsafeRawPointer, rows: ArraySlice<Int>, rowBytes: Int,
    to output: UnsafeMutableRawPointer
  ) {
    withIndices(rows) { levin_gather_rows(rows.count, $0, source, rowBytes, output) }
  }

  /// The kernels want `int64_t`, which is what `Int` is on every machine that Levin runs on.
  private static func withIndices(
    _ rows: ArraySlice<Int>, _ body: (UnsafePointer<Int64>) -> Void
  ) {
    rows.withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress, !rows.isEmpty else { return }
      start.withMemoryRebound(to: Int64.self, capacity: rows.count, body)
    }
  }
}
