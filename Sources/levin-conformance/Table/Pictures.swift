import LevinTensor

let pictures: [Operation] = [
  op("nn.functional.pad", "x.padded([1, 1], mode: .reflect)") { c in
    let name = try c.text("mode", 1) ?? "constant"
    guard let mode = Tensor.PaddingMode(rawValue: name) else { throw CaseError("mode \(name)") }
    return try c.x.padded(
      c.ints("pad", 0), mode: mode, value: c.anyNumber("value", 2, .int(0)))
  },
  op("constant_pad_nd", "x.padded([1, 1], value: 0)") { c in
    try c.x.padded(c.ints("pad", 0), value: c.anyNumber("value", 1, .int(0)))
  },
  op("nn.functional.interpolate", "x.interpolated(to: [8, 8], mode: .bilinear)") { c in
    let name = try c.text("mode", 2) ?? "nearest"
    guard let mode = Tensor.InterpolationMode(rawValue: name) else {
      throw CaseError("mode \(name)")
    }
    let (x, corners) = (try c.x, try c.bool("align_corners", 3))
    let antialias = try c.bool("antialias", 5)
    if let factors = try c.doubles("scale_factor", 1, x.rank - 2) {
      return x.interpolated(
        by: factors, mode: mode, alignCorners: corners, antialias: antialias,
        recomputesFactors: try c.bool("recompute_scale_factor", 4))
    }
    var size = try c.ints("size", 0)
    if size.count == 1 { size = [Int](repeating: size[0], count: x.rank - 2) }
    return x.interpolated(to: size, mode: mode, alignCorners: corners, antialias: antialias)
  },
  op("nn.functional.pixel_shuffle", "x.pixelShuffled(2)") { c in
    try c.x.pixelShuffled(c.int("upscale_factor", 0) ?? 1)
  },
  op("nn.functional.pixel_unshuffle", "x.pixelUnshuffled(2)") { c in
    try c.x.pixelUnshuffled(c.int("downscale_factor", 0) ?? 1)
  },
  op("nn.functional.channel_shuffle", "x.channelShuffled(2)") { c in
    try c.x.channelShuffled(c.int("groups", 0) ?? 1)
  },
  op("nn.functional.unfold", "x.unfolded(kernelSize: 3)") { c in
    func sizes(_ name: String, _ place: Int, _ standard: Int) throws -> [Int] {
      let numbers = try c.ints(name, place)
      return numbers.isEmpty ? [standard] : numbers
    }
    return try c.x.unfolded(
      kernelSize: sizes("kernel_size", 0, 1), dilation: sizes("dilation", 1, 1),
      padding: sizes("padding", 2, 0), stride: sizes("stride", 3, 1))
  },
]

extension Case {
  fileprivate func doubles(_ name: String, _ place: Int, _ count: Int) throws -> [Double]? {
    switch value(name, place) {
    case nil: return nil
    case .list(let items), .tuple(let items):
      return try items.map {
        switch $0 {
        case .int(let number): return Double(number)
        case .double(let number): return number
        default: throw CaseError("\(name) is no list of numbers")
        }
      }
    default:
      return try double(name, place).map { [Double](repeating: $0, count: count) }
    }
  }
}
