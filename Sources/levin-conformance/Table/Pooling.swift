import LevinTensor

let poolings: [Operation] = [
  ops("nn.functional.max_pool1d", "x.maxPool1d(kernelSize: [2], stride: [2])") { c in
    let (values, indices) = try c.x.maxPool1dWithIndices(
      kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
      padding: c.numbers("padding", 2) ?? [0], dilation: c.numbers("dilation", 3) ?? [1],
      ceilMode: c.bool("ceil_mode", 4))
    return try c.bool("return_indices", 5) ? [values, indices] : [values]
  },
  ops("nn.functional.max_pool2d", "x.maxPool2d(kernelSize: [2, 2], stride: [2, 2])") { c in
    let (values, indices) = try c.x.maxPool2dWithIndices(
      kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
      padding: c.numbers("padding", 2) ?? [0], dilation: c.numbers("dilation", 3) ?? [1],
      ceilMode: c.bool("ceil_mode", 4))
    return try c.bool("return_indices", 5) ? [values, indices] : [values]
  },
  op("nn.functional.avg_pool1d", "x.avgPool1d(kernelSize: [2], stride: [2])") { c in
    try c.x.avgPool1d(
      kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
      padding: c.numbers("padding", 2) ?? [0], ceilMode: c.bool("ceil_mode", 3),
      countIncludePad: c.flag("count_include_pad", 4, true))
  },
  op("nn.functional.avg_pool2d", "x.avgPool2d(kernelSize: [2, 2], stride: [2, 2])") { c in
    try c.x.avgPool2d(
      kernelSize: c.numbers("kernel_size", 0) ?? [], stride: c.numbers("stride", 1),
      padding: c.numbers("padding", 2) ?? [0], ceilMode: c.bool("ceil_mode", 3),
      countIncludePad: c.flag("count_include_pad", 4, true),
      divisorOverride: c.int("divisor_override", 5))
  },
  op("nn.functional.adaptive_avg_pool1d", "x.adaptiveAvgPool1d(outputSize: 5)") { c in
    try c.x.adaptiveAvgPool1d(outputSize: c.outputSize(0)[0] ?? 0)
  },
  op("nn.functional.adaptive_avg_pool2d", "x.adaptiveAvgPool2d(outputSize: [5, 5])") { c in
    try c.x.adaptiveAvgPool2d(outputSize: c.outputSize(0))
  },
  ops("nn.functional.adaptive_max_pool1d", "x.adaptiveMaxPool1d(outputSize: 5)") { c in
    let (values, indices) = try c.x.adaptiveMaxPool1d(outputSize: c.outputSize(0)[0] ?? 0)
    return try c.bool("return_indices", 1) ? [values, indices] : [values]
  },
  ops("nn.functional.adaptive_max_pool2d", "x.adaptiveMaxPool2d(outputSize: [5, 5])") { c in
    let (values, indices) = try c.x.adaptiveMaxPool2d(outputSize: c.outputSize(0))
    return try c.bool("return_indices", 1) ? [values, indices] : [values]
  },
]

extension Case {
  /// Sizes, some of which may be None.
  fileprivate func outputSize(_ place: Int) throws -> [Int?] {
    switch value("output_size", place) {
    case .list(let items), .tuple(let items):
      return items.map { if case .int(let size) = $0 { size } else { nil } }
    case .int(let size): return [size]
    default: return [nil]
    }
  }
}
