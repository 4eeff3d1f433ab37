internal import LevinSystem

// Pooling: the largest element, or the average, of windows along the trailing dimensions. A gradient goes to the
// element that was the largest, and is distributed among the elements of an average.

extension Tensor {
  // MARK: Largest elements

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

  // MARK: Averages

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

  // MARK: Common parts

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

  private func adaptive(
    _ name: String, _ rank: Int, _ output: [Int?],
    _ body: (Tensor, PoolingGeometry) -> (values: Tensor, indices: Tensor)
  ) -> (values: Tensor, indices: Tensor) {
    guard output.count == 1 || output.count == rank, output.allSatisfy({ ($0 ?? 0) >= 0 }) else {
      fail(name, "output size \(output)", expected: "\(rank) sizes of 0 or more")
    }
    return pooled(name, rank, emptyFirst: true) { x in
      let sizes = output.count == rank ? output : [Int?](repeating: output[0], count: rank)
      return body(
        x,
        PoolingGeometry(
          windows: (0..<rank).map {
            PoolingWindows(sharing: x.shape[$0 + 2], among: sizes[$0] ?? x.shape[$0 + 2])
          }))
    }
  }

  /// Calls `body` with this tensor as `[batch, channels, …]`, adding `batch` if it is missing.
  ///
  /// The batch may be empty; if there is none, the channels may be empty with `emptyFirst`.
  private func pooled(
    _ name: String, _ rank: Int, emptyFirst: Bool = false,
    _ body: (Tensor) -> (values: Tensor, indices: Tensor)
  ) -> (values: Tensor, indices: Tensor) {
    let isBatch = self.rank == rank + 2
    guard isBatch || self.rank == rank + 1, dtype != .bool,
      shape.dropFirst(isBatch || emptyFirst ? 1 : 0).allSatisfy({ $0 > 0 })
    else {
      let places = rank == 1 ? "length" : "height, width"
      fail(
        name, "input \(shape) of \(dtype.name)",
        expected: "numbers [batch, channels, \(places)] or [channels, \(places)], at least one each"
      )
    }
    guard !isBatch else { return body(self) }
    let (values, indices) = body(unsqueezed(0))
    return (values.squeezed(0), indices.squeezed(0))
  }

  // MARK: Kernels and their gradients

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
