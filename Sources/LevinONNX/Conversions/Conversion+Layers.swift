internal import LevinTensor

extension Conversion {
  func products() throws -> [String]? {
    switch step.name {
    case "matmul(_:)":
      let dtype = output.dtype
      return [
        node(
          "MatMul", [try input(0, as: dtype), try input(1, as: dtype)])
      ]
    case "linear(weight:bias:relu:)":
      let (x, weight) = (try input(0), try input(1))
      let bias = inputs.count > 2 ? try input(2) : nil
      var result: String
      if inputs[0].rank == 2 {
        result = node(
          "Gemm", [x, weight] + (bias.map { [$0] } ?? []), [("transB", .int(1))])
      } else {
        let matrix = node("Transpose", [weight], [("perm", .ints([1, 0]))])
        result = node("MatMul", [x, matrix])
        if let bias { result = node("Add", [result, bias]) }
      }
      let hasReLU = try bool("relu") && !step.isFollowedByItsReLU
      return [hasReLU ? node("Relu", [result]) : result]
    case "einsum(_:_:)":
      let inputs = try inputs.indices.map {
        try input($0, as: output.dtype)
      }
      return [
        node(
          "Einsum", inputs, [("equation", .string(try string("equation")))])
      ]
    default: return nil
    }
  }

  func convolutions() throws -> [String]? {
    switch step.name {
    case "conv1d(weight:)": return try convolution(rank: 1)
    case "conv2d(weight:)": return try convolution(rank: 2)
    case "conv3d(weight:)": return try convolution(rank: 3)
    case "convTranspose1d(weight:)": return try transposedConvolution(rank: 1)
    case "convTranspose2d(weight:)": return try transposedConvolution(rank: 2)
    case "convTranspose3d(weight:)": return try transposedConvolution(rank: 3)
    case "unfolded(kernelSize:)": return try unfolded()
    case "folded(outputSize:kernelSize:)": return try folded()
    default: return nil
    }
  }

  /// Calls `body` with the first input as `[batch, channels, …]`, and removes a batch that was added.
  func batched(
    rank: Int, _ body: (_ x: String) throws -> String
  ) throws -> String {
    let x = try input(0)
    guard inputs[0].rank == rank + 1 else { return try body(x) }
    let axis = constant([0])
    return node("Squeeze", [try body(node("Unsqueeze", [x, axis])), axis])
  }

  /// The inputs behind the first one, weight and bias.
  private func weights() throws -> [String] {
    try inputs.indices.dropFirst().map { try input($0) }
  }

  private func convolution(rank: Int) throws -> [String]? {
    let kernel = Array(inputs[1].first.shape.dropFirst(2))
    let dilation = try ints("dilation")
    var pads: [Int]
    if (try? string("padding")) == "same" {
      let total = zip(kernel, dilation).map { ($0 - 1) * $1 }
      pads = total.map { $0 / 2 } + total.map { $0 - $0 / 2 }
    } else {
      let padding = try ints("padding")
      pads = padding + padding
    }
    let result = try batched(rank: rank) { x in
      node(
        "Conv", [x] + (try weights()),
        [
          ("dilations", .ints(dilation)), ("group", .int(try int("groups"))),
          ("kernel_shape", .ints(kernel)), ("pads", .ints(pads)),
          ("strides", .ints(try ints("stride"))),
        ])
    }
    return [result]
  }

  private func transposedConvolution(
    rank: Int
  ) throws -> [String]? {
    let kernel = Array(inputs[1].first.shape.dropFirst(2))
    let padding = try ints("padding")
    let result = try batched(rank: rank) { x in
      node(
        "ConvTranspose", [x] + (try weights()),
        [
          ("dilations", .ints(try ints("dilation"))),
          ("group", .int(try int("groups"))), ("kernel_shape", .ints(kernel)),
          ("output_padding", .ints(try ints("outputPadding"))),
          ("pads", .ints(padding + padding)), ("strides", .ints(try ints("stride"))),
        ])
    }
    return [result]
  }

  /// For each channel and each position in a window, a kernel that is 1 there: `[channels · positions, 1, height, width]`.
  private func windowKernels(
    channels: Int, _ kernel: [Int]
  ) -> String {
    let area = kernel[0] * kernel[1]
    let all = Tensor.eye(area).reshaped(to: [area, 1, kernel[0], kernel[1]])
    return constant(all.repeated(channels, 1, 1, 1).to(output.dtype))
  }

  private func windowAttributes(
    channels: Int
  ) throws -> [(String, ONNXModel.Attribute.Value)] {
    let padding = try ints("padding")
    return [
      ("dilations", .ints(try ints("dilation"))), ("group", .int(channels)),
      ("kernel_shape", .ints(try ints("kernelSize"))),
      ("pads", .ints(padding + padding)),
      ("strides", .ints(try ints("stride"))),
    ]
  }

  /// Windows are convolutions with kernels of a single 1.
  private func unfolded() throws -> [String]? {
    let image = inputs[0]
    let channels = image.first.shape[image.rank - 3]
    let kernels = windowKernels(
      channels: channels, try ints("kernelSize"))
    let result = try batched(rank: 2) { x in
      let windows = node(
        "Conv", [x, kernels], try windowAttributes(channels: channels))
      return node("Reshape", [windows, constant([0, 0, -1])])
    }
    return [result]
  }

  private func folded() throws -> [String]? {
    let windows = inputs[0]
    let kernel = try ints("kernelSize")
    let (dilation, stride) = (try ints("dilation"), try ints("stride"))
    let (padding, size) = (try ints("padding"), try ints("outputSize"))
    let channels = windows.first.shape[windows.rank - 2] / (kernel[0] * kernel[1])
    var (counts, rest) = ([Int](), [Int]())
    for axis in 0..<2 {
      let span: Int = dilation[axis] * (kernel[axis] - 1) + 1
      let room: Int = size[axis] + 2 * padding[axis] - span
      counts.append(room / stride[axis] + 1)
      // What the last window does not reach.
      rest.append(room % stride[axis])
    }
    let kernels = windowKernels(channels: channels, kernel)
    let result = try batched(rank: 1) { x in
      let shape = constant([0, 0, counts[0], counts[1]])
      return node(
        "ConvTranspose", [node("Reshape", [x, shape]), kernels],
        try windowAttributes(channels: channels) + [("output_padding", .ints(rest))])
    }
    return [result]
  }
}
