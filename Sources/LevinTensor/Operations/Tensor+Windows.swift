internal import LevinSystem

/// The geometry of windows that slide over an image; each property is a pair of height and width.
public struct WindowGeometry: Sendable {
  /// The size of a window.
  public var kernel: (height: Int, width: Int)
  /// The distance between the elements of a window.
  public var dilation: (height: Int, width: Int)
  /// The zeros added at both ends.
  public var padding: (height: Int, width: Int)
  /// The distance between windows.
  public var stride: (height: Int, width: Int)

  /// Creates windows of a size, with distances of 1 by default.
  public init(
    _ kernel: (Int, Int), dilation: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    stride: (Int, Int) = (1, 1)
  ) {
    self.kernel = (kernel.0, kernel.1)
    self.dilation = (dilation.0, dilation.1)
    self.padding = (padding.0, padding.1)
    self.stride = (stride.0, stride.1)
  }

  /// The numbers of windows that an image of this size has vertically and horizontally.
  func counts(_ height: Int, _ width: Int, _ operation: String) -> (rows: Int, columns: Int) {
    let rows = (height + 2 * padding.height - dilation.height * (kernel.height - 1) - 1)
    let columns = (width + 2 * padding.width - dilation.width * (kernel.width - 1) - 1)
    guard min(kernel.height, kernel.width, dilation.height, dilation.width) > 0,
      min(stride.height, stride.width) > 0, min(padding.height, padding.width) >= 0, rows >= 0,
      columns >= 0
    else {
      fail(
        operation,
        "a picture of \(height) × \(width), windows of \(kernel.height) × \(kernel.width), dilation "
          + "\(dilation), padding \(padding), stride \(stride)",
        expected: "a window that fits in, and sizes above 0")
    }
    return (rows / stride.height + 1, columns / stride.width + 1)
  }

  /// Calls `body` with each position in a window, in order, and the transformation from a padded image to the
  /// elements at that position in all windows.
  fileprivate func forEachPlace(
    _ rows: Int, _ columns: Int,
    _ body: (_ place: Int, _ layout: @escaping (Layout) -> Layout) -> Void
  ) {
    let (dilation, stride) = (dilation, stride)
    for i in 0..<kernel.height {
      for j in 0..<kernel.width {
        body(i * kernel.width + j) {
          $0.sliced($0.shape.rank - 2, start: i * dilation.height, step: stride.height, count: rows)
            .sliced(
              $0.shape.rank - 1, start: j * dilation.width, step: stride.width, count: columns)
        }
      }
    }
  }
}

extension Tensor {
  /// The windows of images `[batch, channels, height, width]`, one per column: `[batch, channels · kernel, windows]`
  /// (PyTorch's `unfold`); without the batch if the input has none.
  public func windowsUnfolded(_ geometry: WindowGeometry) -> Tensor {
    composed("windowsUnfolded(_:)", [self]) {
      guard rank == 3 || rank == 4 else {
        fail(
          "windowsUnfolded(_:)", "input \(shape)", expected: "[batch, channels, height, width]")
      }
      if rank == 3 { return unsqueezed(0).windowsUnfolded(geometry).squeezed(0) }
      let (rows, columns) = geometry.counts(shape[2], shape[3], "windowsUnfolded(_:)")
      let (height, width) = geometry.padding
      let whole = padded([width, width, height, height])
      var places: [Tensor] = []
      geometry.forEachPlace(rows, columns) { places.append(whole.part("windowsUnfolded(_:)", $1)) }
      return Tensor.stacked(places, dimension: 2)
        .reshaped(to: [shape[0], shape[1] * places.count, rows * columns])
    }
  }

  /// Sums windows `[batch, channels · kernel, windows]` into images `[batch, channels, height, width]`: each element
  /// is the sum of all window elements at its position (PyTorch's `fold`); without the batch if the input has none.
  public func windowsFolded(_ size: (height: Int, width: Int), _ geometry: WindowGeometry) -> Tensor
  {
    composed("windowsFolded(_:_:)", [self]) {
      if rank == 2 { return unsqueezed(0).windowsFolded(size, geometry).squeezed(0) }
      let (rows, columns) = geometry.counts(size.height, size.width, "windowsFolded(_:_:)")
      let area = geometry.kernel.height * geometry.kernel.width
      guard rank == 3, shape[1] % area == 0, shape[2] == rows * columns else {
        fail(
          "windowsFolded(_:_:)", "input \(shape)",
          expected: "[batch, channels · \(area), \(rows * columns)]")
      }
      let (height, width) = geometry.padding
      let channels = shape[1] / area
      let windows = reshaped(to: [shape[0], channels, area, rows, columns])
      let whole: Shape = [shape[0], channels, size.height + 2 * height, size.width + 2 * width]
      var sum: Tensor?
      geometry.forEachPlace(rows, columns) { place, layout in
        let part = windows.selected(2, place).placed(in: whole, "windowsFolded(_:_:)", layout)
        sum = sum.map { $0 + part } ?? part
      }
      return (sum ?? .zeros(whole, dtype: dtype, device: device))
        .padded([-width, -width, -height, -height])
    }
  }
}
