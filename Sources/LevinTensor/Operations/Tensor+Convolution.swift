internal import LevinSystem

// Convolutions. A convolution, the gradient of its input and that of its weight are three products of the same three
// tensors: the gradients of each are the other two.

extension Tensor {
  /// The convolution (cross-correlation) of `[batch, in, length]`, or `[in, length]`, with `weight`
  /// `[out, in / groups, kernel]`, plus `bias` `[out]`; as `torch.nn.functional.conv1d`.
  public func conv1d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some ConvolutionPadding = 0, dilation: some SpatialSizes = 1, groups: Int = 1
  ) -> Tensor {
    composed(
      "conv1d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 1), .sizes("padding", padding, 1),
        .sizes("dilation", dilation, 1), .init("groups", .int(groups)),
      ]
    ) {
      convolved(
        "conv1d", 1, weight, bias, stride.sizes(rank: 1), padding, dilation.sizes(rank: 1), groups)
    }
  }

  /// The convolution of `[batch, in, height, width]`, or `[in, height, width]`, with `weight`
  /// `[out, in / groups, kernel, kernel]`, plus `bias` `[out]`; as `torch.nn.functional.conv2d`.
  ///
  /// The output size along a dimension is ⌊(size + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1. Traps if
  /// shapes or dtypes do not match.
  public func conv2d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some ConvolutionPadding = 0, dilation: some SpatialSizes = 1, groups: Int = 1
  ) -> Tensor {
    composed(
      "conv2d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 2), .sizes("padding", padding, 2),
        .sizes("dilation", dilation, 2), .init("groups", .int(groups)),
      ]
    ) {
      convolved(
        "conv2d", 2, weight, bias, stride.sizes(rank: 2), padding, dilation.sizes(rank: 2), groups)
    }
  }

  /// The convolution of `[batch, in, depth, height, width]`, or without `batch`; as `torch.nn.functional.conv3d`.
  public func conv3d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialSizes = 1,
    padding: some ConvolutionPadding = 0, dilation: some SpatialSizes = 1, groups: Int = 1
  ) -> Tensor {
    composed(
      "conv3d(weight:)", [self, weight, bias].compactMap { $0 },
      [
        .sizes("stride", stride, 3), .sizes("padding", padding, 3),
        .sizes("dilation", dilation, 3), .init("groups", .int(groups)),
      ]
    ) {
      convolved(
        "conv3d", 3, weight, bias, stride.sizes(rank: 3), padding, dilation.sizes(rank: 3), groups)
    }
  }

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

  // MARK: Common parts

  private func convolved(
    _ name: String, _ rank: Int, _ weight: Tensor, _ bias: Tensor?, _ stride: [Int]?,
    _ padding: some ConvolutionPadding, _ dilation: [Int]?, _ groups: Int
  ) -> Tensor {
    if self.rank == rank + 1 {
      return unsqueezed(0).convolved(name, rank, weight, bias, stride, padding, dilation, groups)
        .squeezed(0)
    }
    let stride = ShapeChecks.sizes(stride, "stride", rank: rank, least: 1, for: name)
    let dilation = ShapeChecks.sizes(dilation, "dilation", rank: rank, least: 1, for: name)
    ShapeChecks.convolution(name, rank, self, weight, bias, groups: groups)
    let kernel = Array(weight.shape.dropFirst(2)), input = Array(shape.dropFirst(2))
    var total: [Int]
    var front: [Int]
    if padding.isSame {
      guard stride.allSatisfy({ $0 == 1 }) else {
        fail(name, "stride \(stride) with padding .same", expected: "stride 1")
      }
      total = (0..<rank).map { dilation[$0] * (kernel[$0] - 1) }
      front = total.map { $0 / 2 }
    } else {
      front = ShapeChecks.sizes(
        padding.sizes(rank: rank), "padding", rank: rank, least: 0, for: name)
      total = front.map { 2 * $0 }
    }
    let output = (0..<rank).map { d in
      let room = input[d] + total[d] - dilation[d] * (kernel[d] - 1) - 1
      guard room >= 0 else {
        fail(
          name, "input \(shape), padded to \(input[d] + total[d]) along dimension \(d + 2)",
          expected: "at least the \(dilation[d] * (kernel[d] - 1) + 1) that the kernel spans")
      }
      return room / stride[d] + 1
    }
    let geometry = ConvolutionGeometry(
      stride: stride, padding: front, dilation: dilation, groups: groups)
    return Self.computed(self, weight, bias) { x, weight, bias in
      x.convolution(weight, bias, geometry, output)
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

  /// Converts to the dtype that is computed in and back.
  private static func computed(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor?,
    _ body: (_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor
  ) -> Tensor {
    guard !x.dtype.isComputed else { return body(x, weight.contiguous(), bias?.contiguous()) }
    let wide: DType = x.dtype.isFloatingPoint ? .float32 : .int64
    return body(x.to(wide), weight.contiguous().to(wide), bias?.contiguous().to(wide)).to(x.dtype)
  }

  // MARK: The three products

  /// `weight` and `bias` are contiguous.
  private func convolution(
    _ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, _ output: [Int]
  ) -> Tensor {
    let result = Tensor(
      uninitialized: Shape([shape[0], weight.shape[0]] + output), dtype, like: self)
    Kernels.convolve(self, weight, bias: bias, geometry, into: result)
    guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
    let saving = Saving(self, weight, dtype: dtype)
    let (x, w) = (saving.input(0, self, for: 1), saving.input(1, weight, for: 0))
    let (input, kernel) = (Array(shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("convolution", edge, weight.edge, bias.edge) { step in
        let gradient = step.gradient
        step.give(0, gradient.inputGradient(step[w], nil, geometry, input))
        step.give(1, gradient.weightGradient(step[x], geometry, kernel))
        if bias != nil { step.give(2, gradient.sumsOfChannels()) }
      })
  }

  /// The gradient of a convolution's input, whose spatial sizes are `input`, from the gradient of its output, which
  /// is this tensor.
  private func inputGradient(
    _ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, _ input: [Int]
  ) -> Tensor {
    let channels = weight.shape[1] * geometry.groups
    let result = Tensor(
      uninitialized: Shape([shape[0], channels] + input), dtype, like: self)
    Kernels.convolveInputGradient(self, weight, bias: bias, geometry, into: result)
    guard Tape.records(self, weight) || bias.map(Tape.records) ?? false else { return result }
    let saving = Saving(self, weight, dtype: dtype)
    let (dy, w) = (saving.input(0, self, for: 1), saving.input(1, weight, for: 0))
    let (output, kernel) = (Array(shape.dropFirst(2)), Array(weight.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("transposed convolution", edge, weight.edge, bias.edge) { step in
        let gradient = step.gradient
        step.give(0, gradient.convolution(step[w], nil, geometry, output))
        step.give(1, step[dy].weightGradient(gradient, geometry, kernel))
        if bias != nil { step.give(2, gradient.sumsOfChannels()) }
      })
  }

  /// The gradient of a convolution's weight, whose spatial sizes are `kernel`, from the gradient of its output, which
  /// is this tensor.
  private func weightGradient(
    _ x: Tensor, _ geometry: ConvolutionGeometry, _ kernel: [Int]
  ) -> Tensor {
    let gradient = contiguous()
    let result = Tensor(
      uninitialized: Shape([shape[1], x.shape[1] / geometry.groups] + kernel), dtype, like: x)
    Kernels.convolveWeightGradient(gradient, x, geometry, into: result)
    guard Tape.records(gradient, x) else { return result }
    let saving = Saving(gradient, x, dtype: dtype)
    let (dy, input) = (saving.input(0, gradient, for: 1), saving.input(1, x, for: 0))
    let (output, sizes) = (Array(shape.dropFirst(2)), Array(x.shape.dropFirst(2)))
    return result.recorded(
      GradientNode("gradient of a convolution's weight", gradient.edge, x.edge) { step in
        let direction = step.gradient.contiguous()
        step.give(0, step[input].convolution(direction, nil, geometry, output))
        step.give(1, step[dy].inputGradient(direction, nil, geometry, sizes))
      })
  }

  /// The sums over everything but dimension 1.
  private func sumsOfChannels() -> Tensor {
    sum(dimensions: (0..<rank).filter { $0 != 1 })
  }
}

extension ShapeChecks {
  /// Checks the shapes; the weight is `[out, in / groups, …]`, or `[in, out / groups, …]` for a transposed
  /// convolution.
  fileprivate static func convolution(
    _ name: String, _ rank: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, groups: Int,
    isTransposed: Bool = false
  ) {
    let places = ["length", "height, width", "depth, height, width"][rank - 1]
    guard weight.rank == rank + 2, x.rank == rank + 2, groups > 0 else {
      fail(
        name, "input \(x.shape), weight \(weight.shape) and \(groups) groups",
        expected: "input [batch, channels, \(places)] or [channels, \(places)], "
          + "weight of rank \(rank + 2), 1 group or more")
    }
    guard weight.shape[0] % groups == 0, weight.shape.allSatisfy({ $0 > 0 }) else {
      fail(
        name, "weight \(weight.shape) for \(groups) groups",
        expected: "sizes of 1 or more, the first one a multiple of the groups")
    }
    let expected = isTransposed ? weight.shape[0] : weight.shape[1] * groups
    guard x.shape[1] == expected else {
      fail(
        name,
        "input \(x.shape) and weight \(weight.shape)"
          + (groups == 1 ? "" : " for \(groups) groups"),
        expected: "input [batch, \(expected), \(places)]",
        hint: "dimension 1 of the input holds the channels")
    }
    let channels = isTransposed ? weight.shape[1] * groups : weight.shape[0]
    if let bias, bias.shape != [channels] {
      fail(
        name, "bias \(bias.shape) and weight \(weight.shape)", expected: "bias [\(channels)]")
    }
    for (part, other) in [("weight", weight), ("bias", bias ?? weight)]
    where other.dtype != x.dtype || x.dtype == .bool {
      fail(
        name, "input of \(x.dtype.name) and \(part) of \(other.dtype.name)",
        expected: "one dtype of numbers", hint: "convert the input with to(.\(other.dtype))")
    }
  }
}
