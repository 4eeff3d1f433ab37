import LevinTensor

/// What torch.nn.functional has of convolutions, pooling, normalisation and dropout.
var convolutionCalls: [String: Call] {
  [
    "nn.functional.conv1d": { c in
      [
        try c.x.conv1d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
          dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
      ]
    },
    "nn.functional.conv2d": { c in
      [
        try c.x.conv2d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
          dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
      ]
    },
    "nn.functional.conv3d": { c in
      [
        try c.x.conv3d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
          dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
      ]
    },
    "nn.functional.conv_transpose1d": { c in
      [
        try c.x.convTranspose1d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
          outputPadding: c.numbers("output_padding", 4) ?? [0],
          groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
      ]
    },
    "nn.functional.conv_transpose2d": { c in
      [
        try c.x.convTranspose2d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
          outputPadding: c.numbers("output_padding", 4) ?? [0],
          groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
      ]
    },
    "nn.functional.conv_transpose3d": { c in
      [
        try c.x.convTranspose3d(
          weight: c.tensor("weight", 0), bias: c.vector("bias", 1),
          stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
          outputPadding: c.numbers("output_padding", 4) ?? [0],
          groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
      ]
    },
    "nn.functional.max_pool1d": { c in
      let (values, indices) = try c.x.maxPool1dWithIndices(
        kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
        padding: c.numbers("padding", 2) ?? [0], dilation: c.numbers("dilation", 3) ?? [1],
        ceilMode: c.bool("ceil_mode", 4))
      return try c.bool("return_indices", 5) ? [values, indices] : [values]
    },
    "nn.functional.max_pool2d": { c in
      let (values, indices) = try c.x.maxPool2dWithIndices(
        kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
        padding: c.numbers("padding", 2) ?? [0], dilation: c.numbers("dilation", 3) ?? [1],
        ceilMode: c.bool("ceil_mode", 4))
      return try c.bool("return_indices", 5) ? [values, indices] : [values]
    },
    "nn.functional.avg_pool1d": { c in
      [
        try c.x.avgPool1d(
          kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
          padding: c.numbers("padding", 2) ?? [0], ceilMode: c.bool("ceil_mode", 3),
          countIncludePad: c.value("count_include_pad", 4) == nil || c.bool("count_include_pad", 4))
      ]
    },
    "nn.functional.avg_pool2d": { c in
      [
        try c.x.avgPool2d(
          kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
          padding: c.numbers("padding", 2) ?? [0], ceilMode: c.bool("ceil_mode", 3),
          countIncludePad: c.value("count_include_pad", 4) == nil || c.bool("count_include_pad", 4),
          divisorOverride: c.int("divisor_override", 5))
      ]
    },
    "nn.functional.adaptive_avg_pool1d": { c in
      [try c.x.adaptiveAvgPool1d(outputSize: c.outputSize(0)[0] ?? 0)]
    },
    "nn.functional.adaptive_avg_pool2d": { c in
      [try c.x.adaptiveAvgPool2d(outputSize: c.outputSize(0))]
    },
    "nn.functional.adaptive_max_pool1d": { c in
      let (values, indices) = try c.x.adaptiveMaxPool1d(outputSize: c.outputSize(0)[0] ?? 0)
      return try c.bool("return_indices", 1) ? [values, indices] : [values]
    },
    "nn.functional.adaptive_max_pool2d": { c in
      let (values, indices) = try c.x.adaptiveMaxPool2d(outputSize: c.outputSize(0))
      return try c.bool("return_indices", 1) ? [values, indices] : [values]
    },
    "nn.functional.batch_norm": { c in
      let (x, epsilon) = (try c.x, try c.double("eps", 6) ?? 1e-5)
      let (weight, bias) = (try c.vector("weight", 2), try c.vector("bias", 3))
      if try c.bool("training", 4) {
        return [x.batchNorm(weight: weight, bias: bias, epsilon: epsilon).output]
      }
      return [
        x.batchNorm(
          mean: try c.tensor("running_mean", 0), variance: try c.tensor("running_var", 1),
          weight: weight, bias: bias, epsilon: epsilon)
      ]
    },
    // The suite seeds anew in front of each call.
    "nn.functional.dropout": { c in
      seedEverything(42)
      let isTraining = try c.value("training", 1) == nil || c.bool("training", 1)
      return [isTraining ? try c.x.dropout(c.double("p", 0) ?? 0.5) : try c.x]
    },
    "nn.functional.dropout2d": { c in
      seedEverything(42)
      let isTraining = try c.value("training", 1) == nil || c.bool("training", 1)
      return [isTraining ? try c.x.dropout2d(c.double("p", 0) ?? 0.5) : try c.x]
    },
  ]
}

extension Case {
  /// A tensor that may be missing.
  fileprivate func vector(_ name: String, _ place: Int) throws -> Tensor? {
    try value(name, place) == nil ? nil : tensor(name, place)
  }

  /// Integers that may be missing.
  fileprivate func numbers(_ name: String, _ place: Int) throws -> [Int]? {
    let numbers = try ints(name, place)
    return numbers.isEmpty ? nil : numbers
  }

  fileprivate func padding(_ name: String, _ place: Int) throws -> any ConvolutionPadding {
    switch try text(name, place) {
    case "same": NamedPadding.same
    case "valid": NamedPadding.valid
    default: try numbers(name, place) ?? [0]
    }
  }

  /// Sizes, of which some may be none.
  fileprivate func outputSize(_ place: Int) throws -> [Int?] {
    switch value("output_size", place) {
    case .list(let items), .tuple(let items):
      return items.map { if case .int(let size) = $0 { size } else { nil } }
    case .int(let size): return [size]
    default: return [nil]
    }
  }
}
