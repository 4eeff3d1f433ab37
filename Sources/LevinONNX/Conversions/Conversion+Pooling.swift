internal import LevinTensor

extension Conversion {
  func poolings() throws -> [String]? {
    switch step.name {
    case "maxPool1d(kernelSize:)": return try maxPool(rank: 1)
    case "maxPool2d(kernelSize:)": return try maxPool(rank: 2)
    case "maxPool1dWithIndices(kernelSize:)": return try maxPool(rank: 1)
    case "maxPool2dWithIndices(kernelSize:)": return try maxPool(rank: 2)
    case "avgPool1d(kernelSize:)": return try averagePool(rank: 1)
    case "avgPool2d(kernelSize:)": return try averagePool(rank: 2)
    case "adaptiveMaxPool1d(outputSize:)": return try adaptivePool(rank: 1, "MaxPool")
    case "adaptiveMaxPool2d(outputSize:)": return try adaptivePool(rank: 2, "MaxPool")
    case "adaptiveAvgPool1d(outputSize:)": return try adaptivePool(rank: 1, "AveragePool")
    case "adaptiveAvgPool2d(outputSize:)": return try adaptivePool(rank: 2, "AveragePool")
    default: return nil
    }
  }

  /// The largest elements; their indices count within planes here and within the whole tensor in ONNX.
  private func maxPool(rank: Int) throws -> [String]? {
    let padding = try ints("padding")
    let result = try batched(rank: rank) { x in
      node(
        "MaxPool", [x],
        [
          ("ceil_mode", .int(try bool("ceilMode") ? 1 : 0)),
          ("dilations", .ints(try ints("dilation"))),
          ("kernel_shape", .ints(try ints("kernelSize"))),
          ("pads", .ints(padding + padding)), ("strides", .ints(try ints("stride"))),
        ])
    }
    return [result]
  }

  private func averagePool(rank: Int) throws -> [String]? {
    let (kernel, stride) = (try ints("kernelSize"), try ints("stride"))
    let padding = try ints("padding")
    let isCeiled = try bool("ceilMode")
    let divisor = try optionalInt("divisorOverride")
    let countsPadding = try bool("countIncludePad")
    let source = inputs[0].first.shape.suffix(rank).map { $0 }
    let target = self.output.first.shape.suffix(rank).map { $0 }
    // A last window that leaves the padding has fewer elements, of which runtimes make different averages: weighted
    // sums, one dimension after the other, are the same in all.
    let leaves = (0..<rank).contains { axis in
      let end: Int = (target[axis] - 1) * stride[axis] + kernel[axis]
      return end > source[axis] + 2 * padding[axis]
    }
    if isCeiled, leaves || divisor != nil {
      let counted = (0..<rank).map { axis in
        windows(
          source[axis], target[axis], kernel[axis], stride[axis], padding[axis],
          countsPadding: countsPadding, divisor: divisor.map { axis == 0 ? $0 : 1 })
      }
      return [try weighted(counted, rank: rank)]
    }
    let result = try batched(rank: rank) { x in
      let average = node(
        "AveragePool", [x],
        [
          ("count_include_pad", .int(countsPadding || divisor != nil ? 1 : 0)),
          ("kernel_shape", .ints(kernel)), ("pads", .ints(padding + padding)),
          ("strides", .ints(stride)),
        ])
      guard let divisor else { return average }
      let factor = Double(kernel.reduce(1, *)) / Double(divisor)
      return node("Mul", [average, constant(factor)])
    }
    return [result]
  }

  /// The weights of the elements, `[input, output]`, in the windows of one dimension.
  private func windows(
    _ input: Int, _ output: Int, _ kernel: Int, _ stride: Int, _ padding: Int, countsPadding: Bool,
    divisor: Int?
  ) -> [[Double]] {
    var weights = [[Double]](repeating: [Double](repeating: 0, count: output), count: input)
    for t in 0..<output {
      let start = t * stride - padding
      let end = min(start + kernel, input + padding)
      let (first, last) = (max(start, 0), min(end, input))
      let count = divisor ?? max(1, countsPadding ? end - start : last - first)
      for place in first..<max(first, last) { weights[place][t] = 1 / Double(count) }
    }
    return weights
  }

  /// The input's last dimensions multiplied by matrices `[input, output]`.
  private func weighted(
    _ matrices: [[[Double]]], rank: Int
  ) throws -> String {
    func matrix(_ weights: [[Double]], transposed: Bool) -> String {
      let tensor = Tensor(
        weights.flatMap { $0 }, shape: [weights.count, weights.first?.count ?? 0]
      ).to(output.dtype)
      return constant(transposed ? tensor.transposed().contiguous() : tensor)
    }
    let x = try input(0)
    let result = node("MatMul", [x, matrix(matrices[rank - 1], transposed: false)])
    return rank == 1
      ? result : node("MatMul", [matrix(matrices[0], transposed: true), result])
  }

  private func adaptivePool(
    rank: Int, _ operation: String
  ) throws -> [String]? {
    let source = inputs[0].first.shape.suffix(rank).map { $0 }
    let target = self.output.first.shape.suffix(rank).map { $0 }
    let isAverage = operation == "AveragePool"
    if target.allSatisfy({ $0 == 1 }) {
      return [try batched(rank: rank) { node("Global\(operation)", [$0]) }]
    }
    if zip(source, target).allSatisfy({ $0 % $1 == 0 }) {
      let sizes = zip(source, target).map { $0 / $1 }
      let result = try batched(rank: rank) { x in
        node(
          operation, [x], [("kernel_shape", .ints(sizes)), ("strides", .ints(sizes))])
      }
      return [result]
    }
    if isAverage {
      let matrices = zip(source, target).map { input, output in
        var weights = [[Double]](repeating: [Double](repeating: 0, count: output), count: input)
        for t in 0..<output {
          let (start, end) = (t * input / output, ((t + 1) * input + output - 1) / output)
          for place in start..<end { weights[place][t] = 1 / Double(end - start) }
        }
        return weights
      }
      return [try weighted(matrices, rank: rank)]
    }
    // The largest of windows of different sizes: the elements of each, one dimension after the other.
    var value = try input(0)
    let inputRank = inputs[0].rank
    for (place, (input, output)) in zip(source, target).enumerated() where input != output {
      let axis = inputRank - rank + place
      let windows = (0..<output).map { t in
        node(
          "ReduceMax",
          [
            slice(
              value, axis, t * input / output, ((t + 1) * input + output - 1) / output)
          ],
          [("axes", .ints([axis])), ("keepdims", .int(1))])
      }
      value = node("Concat", windows, [("axis", .int(axis))])
    }
    return [value]
  }

  /// The positions `start..<end` of a dimension.
  func slice(
    _ value: String, _ axis: Int, _ start: Int, _ end: Int, step: Int = 1
  ) -> String {
    node(
      "Slice",
      [
        value, constant([start]), constant([end]),
        constant([axis]), constant([step]),
      ])
  }
}
