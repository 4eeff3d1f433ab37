internal import CLevinKernels
internal import CLevinRuntime
internal import LevinData
internal import LevinFormats

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

  /// The planes of a picture, with each byte replaced by its entry in `table`, `[channels, 256]`.
  static func planes(of picture: Picture, table: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: picture.bytes.count) { output, count in
      if let start = output.baseAddress { planes(of: picture, table: table, to: start) }
      count = picture.bytes.count
    }
  }

  /// The same to memory for `[channels, height, width]` floats.
  static func planes(
    of picture: Picture, table: [Float], to output: UnsafeMutablePointer<Float>
  ) {
    levin_planes_of_pixels(
      picture.width * picture.height, picture.channels, picture.bytes, table, output)
  }

  /// A picture of `[channels, height, width]` bytes.
  static func picture(
    ofPlanes planes: ArraySlice<UInt8>, channels: Int, height: Int, width: Int
  ) -> Picture {
    let bytes = [UInt8](unsafeUninitializedCapacity: planes.count) { output, count in
      planes.withUnsafeBufferPointer { planes in
        if let start = output.baseAddress, let planes = planes.baseAddress {
          levin_pixels_of_planes(height * width, channels, planes, start)
        }
      }
      count = planes.count
    }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// Resizes the rows of a picture, as Pillow does.
  static func resizeRows(_ picture: Picture, _ pass: Resampling) -> Picture {
    let (outputs, channels) = (pass.first.count, picture.channels)
    let size = picture.height * outputs * channels
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { output, count in
      if let start = output.baseAddress {
        let width = picture.width * channels
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16 * width + 256) { room in
          guard let room = room.baseAddress else { return }
          pass.withPointers { pointers in
            levin_resize_rows_u8(
              picture.height, channels, picture.bytes, width, outputs, pointers,
              pass.integers(precision: 22), 22, start, room)
          }
        }
      }
      count = size
    }
    return Picture(width: outputs, height: picture.height, channels: channels, bytes: bytes)
  }

  /// Resizes the columns of a picture, as Pillow does.
  static func resizeColumns(_ picture: Picture, _ pass: Resampling) -> Picture {
    let (outputs, width) = (pass.first.count, picture.width * picture.channels)
    let bytes = [UInt8](unsafeUninitializedCapacity: outputs * width) { output, count in
      if let start = output.baseAddress {
        pass.withPointers { pointers in
          levin_resize_columns_u8(
            width, picture.bytes, width, outputs, pointers, pass.integers(precision: 22), 22,
            start)
        }
      }
      count = outputs * width
    }
    return Picture(
      width: picture.width, height: outputs, channels: picture.channels, bytes: bytes)
  }

  /// Resizes the rows, then the columns of each plane, in single precision.
  static func resize(_ image: FloatImage, rows: Resampling?, columns: Resampling?) -> FloatImage {
    var image = image
    if let pass = rows {
      let (outputs, weights) = (pass.first.count, pass.weights.map { Float($0) })
      let size = image.channels * image.height * outputs
      image.values = [Float](unsafeUninitializedCapacity: size) { output, count in
        if let start = output.baseAddress {
          pass.withPointers { pointers in
            levin_resize_rows_f32(
              image.channels * image.height, image.values, image.width, outputs, pointers, weights,
              start)
          }
        }
        count = size
      }
      image.width = outputs
    }
    if let pass = columns {
      let (outputs, weights) = (pass.first.count, pass.weights.map { Float($0) })
      let (plane, size) = (image.height * image.width, image.channels * outputs * image.width)
      image.values = [Float](unsafeUninitializedCapacity: size) { output, count in
        image.values.withUnsafeBufferPointer { values in
          guard let start = output.baseAddress, let values = values.baseAddress else { return }
          pass.withPointers { pointers in
            for channel in 0..<image.channels {
              levin_resize_columns_f32(
                image.width, values + channel * plane, image.width, outputs, pointers, weights,
                start + channel * outputs * image.width)
            }
          }
        }
        count = size
      }
      image.height = outputs
    }
    return image
  }
}

extension Resampling {
  fileprivate func withPointers(_ body: (LevinResampling) -> Void) {
    first.withUnsafeBufferPointer { first in
      count.withUnsafeBufferPointer { count in
        guard let first = first.baseAddress, let count = count.baseAddress else { return }
        body(LevinResampling(first: first, count: count, taps: taps))
      }
    }
  }
}
