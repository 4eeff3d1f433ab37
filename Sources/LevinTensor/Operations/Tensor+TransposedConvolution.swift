internal import LevinSystem

// Transposed convolutions of one, two and three dimensions.

extension Tensor {
  /// The transposed convolution of `[batch, in, height, width]`, or without `batch`, with `weight` `[in, out /
  /// groups, kernel, kernel]`, plus `bias` `[out]`: the gradient of a convolution with respect to its input, as
  /// `torch.nn.functional.conv_transpose2d`.
  ///
  /// The output size along a dimension is (size − 1) · stride − 2 · padding + dilation · (kernel − 1) + outputPadding
  /// + 1.
  public func convTranspose2d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some SpatialSizes = 0, outputPadding: some SpatialSizes = 0, groups: Int = 1,
    dilation: some SpatialSizes = 1
  ) -> Tensor {
    composed(
      "convTranspose2d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 2), .sizes("padding", padding, 2),
        .sizes("outputPadding", outputPadding, 2), .init("groups", .int(groups)),
        .sizes("dilation", dilation, 2),
      ]
    ) {
      transposedConvolved(
        "convTranspose2d", 2, weight, bias, stride.sizes(rank: 2), padding.sizes(rank: 2),
        outputPadding.sizes(rank: 2), groups, dilation.sizes(rank: 2))
    }
  }

  /// Like ``convTranspose2d(weight:bias:stride:padding:outputPadding:groups:dilation:)``, for `[batch, in, length]`.
  public func convTranspose1d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some SpatialSizes = 0, outputPadding: some SpatialSizes = 0, groups: Int = 1,
    dilation: some SpatialSizes = 1
  ) -> Tensor {
    composed(
      "convTranspose1d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 1), .sizes("padding", padding, 1),
        .sizes("outputPadding", outputPadding, 1), .init("groups", .int(groups)),
        .sizes("dilation", dilation, 1),
      ]
    ) {
      transposedConvolved(
        "convTranspose1d", 1, weight, bias, stride.sizes(rank: 1), padding.sizes(rank: 1),
        outputPadding.sizes(rank: 1), groups, dilation.sizes(rank: 1))
    }
  }

  /// Like ``convTranspose2d(weight:bias:stride:padding:outputPadding:groups:dilation:)``, for `[batch, in, depth,
  /// height, width]`.
  public func convTranspose3d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some SpatialSizes = 0, outputPadding: some SpatialSizes = 0, groups: Int = 1,
    dilation: some SpatialSizes = 1
  ) -> Tensor {
    composed(
      "convTranspose3d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 3), .sizes("padding", padding, 3),
        .sizes("outputPadding", outputPadding, 3), .init("groups", .int(groups)),
        .sizes("dilation", dilation, 3),
      ]
    ) {
      transposedConvolved(
        "convTranspose3d", 3, weight, bias, stride.sizes(rank: 3), padding.sizes(rank: 3),
        outputPadding.sizes(rank: 3), groups, dilation.sizes(rank: 3))
    }
  }

  private func transposedConvolved(
    _ name: String, _ rank: Int, _ weight: Tensor, _ bias: Tensor?, _ stride: [Int]?,
    _ padding: [Int]?, _ outputPadding: [Int]?, _ groups: Int, _ dilation: [Int]?
  ) -> Tensor {
    if self.rank == rank + 1 {
      return unsqueezed(0).transposedConvolved(
        name, rank, weight, bias, stride, padding, outputPadding, groups, dilation
      ).squeezed(0)
    }
    let stride = ShapeChecks.sizes(stride, "stride", rank: rank, least: 1, for: name)
    let padding = ShapeChecks.sizes(padding, "padding", rank: rank, least: 0, for: name)
    let extra = ShapeChecks.sizes(
      outputPadding, "outputPadding", rank: rank, least: 0, for: name)
    let dilation = ShapeChecks.sizes(dilation, "dilation", rank: rank, least: 1, for: name)
    ShapeChecks.convolution(name, rank, self, weight, bias, groups: groups, isTransposed: true)
    let output = (0..<rank).map { d in
      guard extra[d] < Swift.max(stride[d], dilation[d]) else {
        fail(
          name, "outputPadding \(extra) with stride \(stride) and dilation \(dilation)",
          expected: "less than one of them")
      }
      let size =
        (shape[d + 2] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (weight.shape[d + 2] - 1)
        + extra[d] + 1
      guard size > 0 else {
        fail(
          name, "input \(shape), which gives an output of size \(size) along dimension \(d + 2)",
          expected: "1 or more", hint: "pad less")
      }
      return size
    }
    let geometry = ConvolutionGeometry(
      stride: stride, padding: padding, dilation: dilation, groups: groups)
    return Self.computed(self, weight, bias) { x, weight, bias in
      x.inputGradient(weight, bias, geometry, output)
    }
  }
}
