internal import LevinSystem

/// The geometry of windows that slide over an image.
private struct WindowGeometry {
  /// The size of a window.
  let kernel: (height: Int, width: Int)
  /// The distance between the elements of a window.
  let dilation: (height: Int, width: Int)
  /// The zeros added at both ends.
  let padding: (height: Int, width: Int)
  /// The distance between windows.
  let stride: (height: Int, width: Int)

  init(
    _ kernel: some SpatialSizes, _ dilation: some SpatialSizes, _ padding: some SpatialSizes,
    _ stride: some SpatialSizes, for operation: String
  ) {
    func pair(_ sizes: some SpatialSizes, _ name: String, least: Int) -> (Int, Int) {
      let sizes = ShapeChecks.sizes(
        sizes.sizes(rank: 2), of: sizes, name, rank: 2, least: least, for: operation)
      return (sizes[0], sizes[1])
    }
    self.kernel = pair(kernel, "kernelSize", least: 1)
    self.dilation = pair(dilation, "dilation", least: 1)
    self.padding = pair(padding, "padding", least: 0)
    self.stride = pair(stride, "stride", least: 1)
  }

  /// The numbers of windows that an image of this size has vertically and horizontally.
  func counts(_ height: Int, _ width: Int, _ operation: String) -> (rows: Int, columns: Int) {
    let rows = (height + 2 * padding.height - dilation.height * (kernel.height - 1) - 1)
    let columns = (width + 2 * padding.width - dilation.width * (kernel.width - 1) - 1)
    guard rows >= 0, columns >= 0 else {
      fail(
        operation,
        "an image of \(height) × \(width), windows of \(kernel.height) × \(kernel.width), dilation "
          + "\(dilation.height) × \(dilation.width), padding \(padding.height) × \(padding.width)",
        expected: "windows that fit into the padded image")
    }
    return (rows / stride.height + 1, columns / stride.width + 1)
  }

  /// Calls `body` with each position in a window, in order, and the transformation from a padded image to the
  /// elements at that position in all windows.
  func forEachPlace(
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
  /// The sliding windows of images `[batch, channels, height, width]`, one per column: `[batch, channels · kernel,
  /// windows]`; without `batch` if the input has none (`torch.nn.functional.unfold`).
  ///
  /// Traps unless a window fits into the padded image.
  public func unfolded(
    kernelSize: some SpatialSizes, dilation: some SpatialSizes = 1, padding: some SpatialSizes = 0,
    stride: some SpatialSizes = 1
  ) -> Tensor {
    let name: StaticString = "unfolded(kernelSize:)"
    return composed(
      name, [self],
      [
        .sizes("kernelSize", kernelSize, 2), .sizes("dilation", dilation, 2),
        .sizes("padding", padding, 2), .sizes("stride", stride, 2),
      ]
    ) {
      let geometry = WindowGeometry(kernelSize, dilation, padding, stride, for: "\(name)")
      guard rank == 3 || rank == 4 else {
        fail("\(name)", "input \(shape)", expected: "[batch, channels, height, width]")
      }
      let images = rank == 3 ? unsqueezed(0) : self
      let (rows, columns) = geometry.counts(images.shape[2], images.shape[3], "\(name)")
      let (height, width) = geometry.padding
      let whole = images.padded([width, width, height, height])
      var places: [Tensor] = []
      geometry.forEachPlace(rows, columns) { places.append(whole.part(name, $1)) }
      let windows = Tensor.stacked(places, dimension: 2)
        .reshaped(to: [images.shape[0], images.shape[1] * places.count, rows * columns])
      return rank == 3 ? windows.squeezed(0) : windows
    }
  }

  /// Sums windows `[batch, channels · kernel, windows]` into images `[batch, channels, height, width]` of a size: each
  /// element is the sum of all window elements at its position; without `batch` if the input has none
  /// (`torch.nn.functional.fold`).
  ///
  /// Traps unless there are as many windows as ``unfolded(kernelSize:dilation:padding:stride:)`` finds in such images.
  public func folded(
    outputSize: some SpatialSizes, kernelSize: some SpatialSizes, dilation: some SpatialSizes = 1,
    padding: some SpatialSizes = 0, stride: some SpatialSizes = 1
  ) -> Tensor {
    let name: StaticString = "folded(outputSize:kernelSize:)"
    return composed(
      name, [self],
      [
        .sizes("outputSize", outputSize, 2),
        .sizes("kernelSize", kernelSize, 2), .sizes("dilation", dilation, 2),
        .sizes("padding", padding, 2), .sizes("stride", stride, 2),
      ]
    ) {
      let geometry = WindowGeometry(kernelSize, dilation, padding, stride, for: "\(name)")
      let size = ShapeChecks.sizes(
        outputSize.sizes(rank: 2), of: outputSize, "outputSize", rank: 2, least: 1, for: "\(name)")
      let (rows, columns) = geometry.counts(size[0], size[1], "\(name)")
      let area = geometry.kernel.height * geometry.kernel.width
      let batch = rank == 2 ? unsqueezed(0) : self
      guard batch.rank == 3, batch.shape[1] % area == 0, batch.shape[2] == rows * columns else {
        fail(
          "\(name)", "input \(shape)", expected: "[batch, channels · \(area), \(rows * columns)]")
      }
      let (height, width) = geometry.padding
      let channels = batch.shape[1] / area
      let windows = batch.reshaped(to: [batch.shape[0], channels, area, rows, columns])
      let whole: Shape = [batch.shape[0], channels, size[0] + 2 * height, size[1] + 2 * width]
      var sum: Tensor?
      geometry.forEachPlace(rows, columns) { place, layout in
        let part = windows.selected(2, place).placed(in: whole, name, layout)
        sum = sum.map { $0 + part } ?? part
      }
      let images = (sum ?? .zeros(whole, dtype: dtype, device: device))
        .padded([-width, -width, -height, -height])
      return rank == 2 ? images.squeezed(0) : images
    }
  }
}
