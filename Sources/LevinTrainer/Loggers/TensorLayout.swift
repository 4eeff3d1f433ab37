internal import LevinTensor

/// What the dimensions of an image tensor are: N pictures, C channels, H rows, W columns.
public enum TensorLayout: String, Sendable, CaseIterable {
  case hw, chw, hwc, nchw, nhwc

  /// Where N, C, H and W stand, and whether a batch is meant.
  func sizes(
    of image: Tensor, for operation: String
  ) -> (count: Int, height: Int, width: Int, channels: Int) {
    let found = Array(image.shape)
    guard found.count == rawValue.count else {
      fatalError(
        "\(operation): found shape \(image.shape), "
          + "expected \(rawValue.count) dimensions: \(rawValue.uppercased())")
    }
    func size(_ letter: Character) -> Int {
      zip(rawValue, found).first { $0.0 == letter }?.1 ?? 1
    }
    let channels = size("c")
    guard (1...4).contains(channels), channels != 2 else {
      fatalError(
        "\(operation): found \(channels) channels in shape \(image.shape) read as "
          + "\(rawValue.uppercased()), expected 1, 3 or 4")
    }
    return (size("n"), size("h"), size("w"), channels)
  }
}
