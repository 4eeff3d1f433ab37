internal import CLevinKernels
internal import CLevinRuntime
internal import LevinData

/// The only place where LevinVision calls the C kernels.
enum Kernels {
  /// Writes the requested rows of `bytes`, `[any, channels, area]`, to `output`, with each byte replaced by its entry
  /// in `table`.
  ///
  /// All rows of the request's order must exist.
  static func gather(
    _ bytes: UnsafePointer<UInt8>, rows request: BatchRequest, channels: Int, area: Int,
    table: ByteTable, to output: UnsafeMutablePointer<Float>
  ) {
    func gather(_ indices: UnsafePointer<Int64>, _ normalization: UnsafePointer<Float>?) {
      levin_gather_table(
        request.range.count, indices, request.upcoming.count, bytes, channels, area, table.values,
        normalization, output)
    }
    request.upcoming.withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress, !rows.isEmpty else { return }
      // The kernels take `int64_t`, which is what `Int` is on every machine that Levin supports.
      start.withMemoryRebound(to: Int64.self, capacity: rows.count) { indices in
        guard let normalization = table.normalization else { return gather(indices, nil) }
        normalization.withUnsafeBufferPointer { gather(indices, $0.baseAddress) }
      }
    }
  }

  /// Whether the kernels can compute `table`, `[channels, 256]`, bit for bit from the mean and the standard deviation
  /// of each channel, `[channels, 2]`.
  static func normalizes(_ normalization: [Float], table: [Float]) -> Bool {
    levin_normalizes(normalization.count / 2, normalization, table)
  }

  /// The CRC-32C of `bytes` after bytes whose checksum is `crc`.
  static func crc32c(_ bytes: ArraySlice<UInt8>, after crc: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { levin_crc32c(crc, $0, bytes.count) } ?? crc
    }
  }

  /// Calls `body` for ranges that cover `0..<count`, on the kernels' threads, and returns when all calls have
  /// returned.
  ///
  /// Ranges are cut at multiples of `grain`.
  static func parallelFor(_ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { body in
        levin_parallel_for(count, grain, body) { context, begin, end in
          context?.assumingMemoryBound(to: (@Sendable (Range<Int>) -> Void).self)
            .pointee(begin..<end)
        }
      }
    }
  }
}
