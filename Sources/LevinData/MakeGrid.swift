internal import LevinSystem
public import LevinTensor

/// Arranges images in one image, `[3 or channels, rows, columns]`, with the same pixels as
/// `torchvision.utils.make_grid`.
///
/// - Parameters:
///   - images: `[n, channels, height, width]`, one image `[channels, height, width]`, or one
///     `[height, width]`, of any dtype. One channel becomes three equal ones. One image comes back
///     without padding.
///   - imagesPerRow: The number of images in a row of the grid, at least 1.
///   - padding: Pixels around each image, 0 to 2^20.
///   - normalize: Whether to shift and scale float images to 0…1.
///   - valueRange: The values that become 0 and 1; nil for the least and greatest value.
///   - scaleEach: Whether to find these in every image separately.
///   - padValue: The value of the pixels between images.
/// - Returns: A tensor of the same dtype. Traps for other ranks, if there are no images, and if integers are to be
///   normalized.
public func makeGrid(
  _ images: Tensor, imagesPerRow: Int = 8, padding: Int = 2, normalize: Bool = false,
  valueRange: ClosedRange<Float>? = nil, scaleEach: Bool = false, padValue: Float = 0
) -> Tensor {
  let sizes = Array(images.shape)
  guard (2...4).contains(sizes.count), imagesPerRow > 0, (0...1 << 20).contains(padding),
    !sizes.contains(0)
  else {
    fail(
      "makeGrid", "images of shape \(images.shape), \(imagesPerRow) a row, padding \(padding)",
      expected: "[n, channels, height, width] with no size of 0, at least 1 a row, padding of 0 to "
        + "\(1 << 20)")
  }
  let shape = [Int](repeating: 1, count: 4 - sizes.count) + sizes
  let (count, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
  let images =
    (normalize
    ? normalized(images, range: valueRange, groups: scaleEach ? count : 1) : images.detached())
    .reshaped(to: [count, channels, height, width])

  let padding = count == 1 ? 0 : padding
  let columns = min(imagesPerRow, count)
  let rows = (count + columns - 1) / columns
  let (stepDown, stepRight) = (height + padding, width + padding)
  var grid = Tensor.full(
    [channels == 1 ? 3 : channels, rows * stepDown + padding, columns * stepRight + padding],
    padValue, dtype: images.dtype)
  for (index, image) in images.unbound().enumerated() {
    let (top, left) = (padding + index / columns * stepDown, padding + index % columns * stepRight)
    grid[.all, top..<top + height, left..<left + width] = image
  }
  return grid
}

/// Scales the values of each group from `range`, or from their own range, to 0…1.
private func normalized(_ images: Tensor, range: ClosedRange<Float>?, groups: Int) -> Tensor {
  guard images.dtype == .float32 else {
    fail(
      "makeGrid", "images of dtype \(images.dtype.name) to be normalized", expected: "float32")
  }
  var values = images.scalars(as: Float.self)
  let size = values.count / groups
  for start in stride(from: 0, to: values.count, by: size) {
    let group = values[start..<start + size]
    let low = range?.lowerBound ?? group.min() ?? 0
    let high = range?.upperBound ?? group.max() ?? 0
    let scale = Float(max(Double(high) - Double(low), 1e-5))
    for i in group.indices { values[i] = (min(max(values[i], low), high) - low) / scale }
  }
  return Tensor(values, shape: images.shape)
}
