internal import LevinSystem
internal import LevinTensor

/// The order of an image tensor's dimensions: N images, C channels, H rows, W columns.
public enum TensorLayout: String, Sendable, CaseIterable {
  case hw, chw, hwc, nchw, nhwc

  /// Whether there is a dimension of images.
  var hasBatch: Bool { rawValue.count == 4 }

  /// The dimensions in the order of pixels: N, H, W, C, those that there are.
  var pixelOrder: [Int] {
    let letters = Array(rawValue)
    return "nhwc".compactMap { letters.firstIndex(of: $0) }
  }

  /// The sizes of N, C, H and W; traps if the shape does not fit.
  func sizes(
    of image: Tensor, for operation: String
  ) -> (count: Int, height: Int, width: Int, channels: Int) {
    let found = Array(image.shape)
    guard found.count == rawValue.count else {
      fail(
        operation, "shape \(image.shape)",
        expected: "\(rawValue.count) dimensions: \(rawValue.uppercased())")
    }
    func size(_ letter: Character) -> Int {
      zip(rawValue, found).first { $0.0 == letter }?.1 ?? 1
    }
    let channels = size("c")
    guard (1...4).contains(channels), channels != 2 else {
      fail(
        operation,
        "\(channels) channels in shape \(image.shape) read as \(rawValue.uppercased())",
        expected: "1, 3 or 4")
    }
    return (size("n"), size("h"), size("w"), channels)
  }
}
