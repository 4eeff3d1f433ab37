internal import LevinSystem

// The averages of windows.

extension Tensor {
  /// The average of each window of `[batch, channels, length]`, or `[channels, length]`; as `torch.nn.functional.avg_pool1d`.
  public func avgPool1d(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, ceilMode: Bool = false, countIncludePad: Bool = true
  ) -> Tensor {
    composed(
      "avgPool1d(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 1), .sizes("stride", stride, or: kernelSize, 1),
        .sizes("padding", padding, 1), .init("ceilMode", .bool(ceilMode)),
        .init("countIncludePad", .bool(countIncludePad)),
      ]
    ) {
      averagePooled(
        "avgPool1d", 1, kernelSize.sizes(rank: 1),
        stride.map { $0.sizes(rank: 1) } ?? kernelSize.sizes(rank: 1),
        padding.sizes(rank: 1), ceilMode, countIncludePad, nil)
    }
  }

  /// The average of each window of `[batch, channels, height, width]`, or without `batch`; as `torch.nn.functional.avg_pool2d`.
  ///
  /// Zeros of the padding are counted unless `countIncludePad` is false. Sums are divided by `divisorOverride` if
  /// given.
  public func avgPool2d(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
    divisorOverride: Int? = nil
  ) -> Tensor {
    composed(
      "avgPool2d(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 2), .sizes("stride", stride, or: kernelSize, 2),
        .sizes("padding", padding, 2), .init("ceilMode", .bool(ceilMode)),
        .init("countIncludePad", .bool(countIncludePad)),
      ] + (divisorOverride.map { [.init("divisorOverride", .int($0))] } ?? [])
    ) {
      averagePooled(
        "avgPool2d", 2, kernelSize.sizes(rank: 2),
        stride.map { $0.sizes(rank: 2) } ?? kernelSize.sizes(rank: 2),
        padding.sizes(rank: 2), ceilMode, countIncludePad, divisorOverride)
    }
  }

  /// The averages of `outputSize` windows that cover the last dimension evenly.
  public func adaptiveAvgPool1d(outputSize: Int) -> Tensor {
    composed("adaptiveAvgPool1d(outputSize:)", [self], [.init("outputSize", .int(outputSize))]) {
      adaptive("adaptiveAvgPool1d", 1, [outputSize]) { ($0.averagePooled($1), $0) }.values
    }
  }

  /// The averages of windows that cover the last two dimensions evenly; a size of nil keeps the input's.
  public func adaptiveAvgPool2d(outputSize: [Int?]) -> Tensor {
    composed("adaptiveAvgPool2d(outputSize:)", [self]) {
      adaptive("adaptiveAvgPool2d", 2, outputSize) { ($0.averagePooled($1), $0) }.values
    }
  }

  private func averagePooled(
    _ name: String, _ rank: Int, _ kernel: [Int]?, _ stride: [Int]?, _ padding: [Int]?,
    _ ceilMode: Bool, _ countIncludePad: Bool, _ divisor: Int?
  ) -> Tensor {
    let kernel = ShapeChecks.sizes(kernel, "kernelSize", rank: rank, least: 1, for: name)
    let stride = ShapeChecks.sizes(stride, "stride", rank: rank, least: 1, for: name)
    let padding = ShapeChecks.sizes(padding, "padding", rank: rank, least: 0, for: name)
    if divisor == 0 { fail(name, "divisorOverride 0", expected: "another number") }
    return pooled(name, rank) { x in
      let geometry = PoolingGeometry(
        windows: (0..<rank).map {
          PoolingWindows(
            size: x.shape[$0 + 2], of: shape, kernel: kernel[$0], stride: stride[$0],
            padding: padding[$0], ceilMode: ceilMode, includesPadding: countIncludePad, for: name)
        }, divisor: divisor ?? 0)
      return (x.averagePooled(geometry), x)
    }.values
  }

  private func averagePooled(_ geometry: PoolingGeometry) -> Tensor {
    guard dtype == .float32 || dtype == .float64 else {
      return dtype.isFloatingPoint
        ? to(.float32).averagePooled(geometry).to(dtype)
        : to(.float64).averagePooled(geometry).to(dtype)
    }
    let x = contiguous()
    let result = Tensor(
      uninitialized: Shape(Array(shape.prefix(2)) + geometry.output), dtype, like: x)
    if result.elementCount > 0 { Kernels.averagePool(x, geometry, into: result) }
    guard Tape.records(x) else { return result }
    return result.recorded(
      GradientNode("average pooling", x.edge) { step in
        step.give(0, step.gradient.averagePoolGradient(geometry))
      })
  }

  private func averagePoolGradient(_ geometry: PoolingGeometry) -> Tensor {
    let gradient = contiguous()
    let whole = Shape(Array(shape.prefix(2)) + geometry.input)
    guard elementCount > 0 else { return Tensor.zeros(whole, dtype: dtype, device: device) }
    let result = Tensor(uninitialized: whole, dtype, like: self)
    Kernels.averagePoolGradient(gradient, geometry, into: result)
    guard Tape.records(gradient) else { return result }
    return result.recorded(
      GradientNode("average pooling", gradient.edge) { step in
        step.give(0, step.gradient.averagePooled(geometry))
      })
  }
}
