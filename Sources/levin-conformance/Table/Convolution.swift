import LevinTensor

let convolutions: [Operation] = [
  op("nn.functional.conv1d", "x.conv1d(weight: weight, bias: bias)") { c in
    try c.x.conv1d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
      dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
  },
  op("nn.functional.conv2d", "x.conv2d(weight: weight, bias: bias)") { c in
    try c.x.conv2d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
      dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
  },
  op("nn.functional.conv3d", "x.conv3d(weight: weight, bias: bias)") { c in
    try c.x.conv3d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.padding("padding", 3),
      dilation: c.numbers("dilation", 4) ?? [1], groups: c.int("groups", 5) ?? 1)
  },
  op("nn.functional.conv_transpose1d", "x.convTranspose1d(weight: weight, bias: bias)") { c in
    try c.x.convTranspose1d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
      outputPadding: c.numbers("output_padding", 4) ?? [0],
      groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
  },
  op("nn.functional.conv_transpose2d", "x.convTranspose2d(weight: weight, bias: bias)") { c in
    try c.x.convTranspose2d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
      outputPadding: c.numbers("output_padding", 4) ?? [0],
      groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
  },
  op("nn.functional.conv_transpose3d", "x.convTranspose3d(weight: weight, bias: bias)") { c in
    try c.x.convTranspose3d(
      weight: c.tensor("weight", 0), bias: c.optional("bias", 1),
      stride: c.numbers("stride", 2) ?? [1], padding: c.numbers("padding", 3) ?? [0],
      outputPadding: c.numbers("output_padding", 4) ?? [0],
      groups: c.int("groups", 5) ?? 1, dilation: c.numbers("dilation", 6) ?? [1])
  },
]

extension Case {
  /// Integers, or nil if they are absent.
  func numbers(_ name: String, _ place: Int) throws -> [Int]? {
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
}
