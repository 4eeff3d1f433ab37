// The largest elements of windows.

extension Tensor {
  /// The largest element of each window of `[batch, channels, length]`, or `[channels, length]`, and its index; as
  /// `torch.nn.functional.max_pool1d` with `return_indices`.
  ///
  /// The stride is the window's size by default.
  public func maxPool1dWithIndices(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, dilation: some SpatialSizes = 1, ceilMode: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    composed(
      "maxPool1dWithIndices(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 1), .sizes("stride", stride, or: kernelSize, 1),
        .sizes("padding", padding, 1), .sizes("dilation", dilation, 1),
        .init("ceilMode", .bool(ceilMode)),
      ],
      outputs: { [$0.values, $0.indices] }
    ) {
      maxPooled(
        "maxPool1d", 1, kernelSize.sizes(rank: 1),
        stride.map { $0.sizes(rank: 1) } ?? kernelSize.sizes(rank: 1),
        padding.sizes(rank: 1), dilation.sizes(rank: 1), ceilMode)
    }
  }

  /// The largest element of each window of `[batch, channels, length]`, or `[channels, length]`.
  public func maxPool1d(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, dilation: some SpatialSizes = 1, ceilMode: Bool = false
  ) -> Tensor {
    composed(
      "maxPool1d(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 1), .sizes("stride", stride, or: kernelSize, 1),
        .sizes("padding", padding, 1), .sizes("dilation", dilation, 1),
        .init("ceilMode", .bool(ceilMode)),
      ]
    ) {
      maxPool1dWithIndices(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        ceilMode: ceilMode
      ).values
    }
  }

  /// The largest element of each window of `[batch, channels, height, width]`, or without `batch`, and its index in its
  /// plane, counted in row-major order (int64); as `torch.nn.functional.max_pool2d` with `return_indices`.
  ///
  /// The stride is the window's size by default. The first of several equal elements is taken; NaN counts as largest.
  public func maxPool2dWithIndices(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, dilation: some SpatialSizes = 1, ceilMode: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    composed(
      "maxPool2dWithIndices(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 2), .sizes("stride", stride, or: kernelSize, 2),
        .sizes("padding", padding, 2), .sizes("dilation", dilation, 2),
        .init("ceilMode", .bool(ceilMode)),
      ],
      outputs: { [$0.values, $0.indices] }
    ) {
      maxPooled(
        "maxPool2d", 2, kernelSize.sizes(rank: 2),
        stride.map { $0.sizes(rank: 2) } ?? kernelSize.sizes(rank: 2),
        padding.sizes(rank: 2), dilation.sizes(rank: 2), ceilMode)
    }
  }

  /// The largest element of each window of `[batch, channels, height, width]`, or without `batch`.
  public func maxPool2d(
    kernelSize: some SpatialSizes, stride: (some SpatialSizes)? = Optional<Int>.none,
    padding: some SpatialSizes = 0, dilation: some SpatialSizes = 1, ceilMode: Bool = false
  ) -> Tensor {
    composed(
      "maxPool2d(kernelSize:)", [self],
      [
        .sizes("kernelSize", kernelSize, 2), .sizes("stride", stride, or: kernelSize, 2),
        .sizes("padding", padding, 2), .sizes("dilation", dilation, 2),
        .init("ceilMode", .bool(ceilMode)),
      ]
    ) {
      maxPool2dWithIndices(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        ceilMode: ceilMode
      ).values
    }
  }

  /// The largest elements of `outputSize` windows that cover the last dimension evenly, and their indices; as
  /// `torch.nn.functional.adaptive_max_pool1d`.
  public func adaptiveMaxPool1d(outputSize: Int) -> (values: Tensor, indices: Tensor) {
    composed(
      "adaptiveMaxPool1d(outputSize:)", [self], [.init("outputSize", .int(outputSize))],
      outputs: { [$0.values, $0.indices] }
    ) {
      adaptive("adaptiveMaxPool1d", 1, [outputSize]) { $0.maxPooled($1) }
    }
  }

  /// The largest elements of windows that cover the last two dimensions evenly, and their indices; a size of nil
  /// keeps the input's.
  public func adaptiveMaxPool2d(outputSize: [Int?]) -> (values: Tensor, indices: Tensor) {
    composed("adaptiveMaxPool2d(outputSize:)", [self], outputs: { [$0.values, $0.indices] }) {
      adaptive("adaptiveMaxPool2d", 2, outputSize) { $0.maxPooled($1) }
    }
  }

  private func maxPooled(
    _ name: String, _ rank: Int, _ kernel: [Int]?, _ stride: [Int]?, _ padding: [Int]?,
    _ dilation: [Int]?, _ ceilMode: Bool
  ) -> (values: Tensor, indices: Tensor) {
    let kernel = ShapeChecks.sizes(kernel, "kernelSize", rank: rank, least: 1, for: name)
    let stride = ShapeChecks.sizes(stride, "stride", rank: rank, least: 1, for: name)
    let padding = ShapeChecks.sizes(padding, "padding", rank: rank, least: 0, for: name)
    let dilation = ShapeChecks.sizes(dilation, "dilation", rank: rank, least: 1, for: name)
    return pooled(name, rank) { x in
      x.maxPooled(
        PoolingGeometry(
          windows: (0..<rank).map {
            PoolingWindows(
              size: x.shape[$0 + 2], of: shape, kernel: kernel[$0], stride: stride[$0],
              padding: padding[$0], dilation: dilation[$0], ceilMode: ceilMode, for: name)
          }))
    }
  }

  private func maxPooled(_ geometry: PoolingGeometry) -> (values: Tensor, indices: Tensor) {
    let wide: DType = dtype.isComputed ? dtype : dtype.isFloatingPoint ? .float32 : .int64
    let x = to(wide).contiguous()
    let shape = Shape(Array(shape.prefix(2)) + geometry.output)
    let (result, places) = (
      Tensor(uninitialized: shape, wide, like: x),
      Tensor(uninitialized: shape, .int64, like: x)
    )
    if result.elementCount > 0 { Kernels.maxPool(x, geometry, into: result, places: places) }
    return (x.takenInPlanes(at: places, values: result).to(dtype), places)
  }

  /// Records `values`, which are this tensor's elements at `places` of each plane.
  private func takenInPlanes(at places: Tensor, values: Tensor) -> Tensor {
    guard Tape.records(self) else { return values }
    let whole = shape
    return values.recorded(
      GradientNode("pooling", edge) { step in
        step.give(0, step.gradient.putInPlanes(at: places, of: whole))
      })
  }

  /// Zeros of shape `whole` with the elements of this tensor added at `places` of each plane.
  private func putInPlanes(at places: Tensor, of whole: Shape) -> Tensor {
    let source = contiguous()
    let result = Tensor(uninitialized: whole, dtype, like: self)
    Kernels.putInPlanes(source, at: places, into: result)
    guard Tape.records(source) else { return result }
    return result.recorded(
      GradientNode("pooling", source.edge) { step in
        let gradient = step.gradient.contiguous()
        let taken = Tensor(uninitialized: places.shape, gradient.dtype, like: gradient)
        Kernels.takeInPlanes(gradient, at: places, into: taken)
        step.give(0, gradient.takenInPlanes(at: places, values: taken))
      })
  }
}
