internal import LevinSystem

// Convolutions of one, two and three dimensions.

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
}

extension ShapeChecks {
  /// Checks the shapes; the weight is `[out, in / groups, …]`, or `[in, out / groups, …]` for a transposed
  /// convolution.
  static func convolution(
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
