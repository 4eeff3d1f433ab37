internal import LevinSystem

extension Tensor {
  /// How ``interpolated(to:mode:alignCorners:antialias:)`` computes values between the elements of `[batch, channels,
  /// …]`.
  public enum InterpolationMode: String, Sendable {
    /// The element whose index is the integer part of the scaled index; for any number of dimensions and any dtype.
    case nearest
    /// The nearest element.
    case nearestExact = "nearest-exact"
    /// Linearly, in one dimension.
    case linear
    /// Linearly, in two dimensions.
    case bilinear
    /// Linearly, in three dimensions.
    case trilinear
    /// Along cubic curves (Keys 1981, a = −0.75, or −0.5 with antialias), in two dimensions.
    case bicubic
    /// The mean of the elements that an element of the result covers; for any number of dimensions.
    case area

    fileprivate var spatialRank: Int? {
      switch self {
      case .nearest, .nearestExact, .area: nil
      case .linear: 1
      case .bilinear, .bicubic: 2
      case .trilinear: 3
      }
    }
  }

  /// This tensor `[batch, channels, …]` with its last dimensions resized to `size` (PyTorch's `interpolate`).
  ///
  /// With `alignCorners` the centres of the outermost elements stay at the borders, otherwise their edges do.
  /// `antialias` widens the kernels if the result is smaller, for `bilinear` and `bicubic`. Traps if the mode does
  /// not match the number of dimensions.
  public func interpolated(
    to size: [Int], mode: InterpolationMode = .nearest, alignCorners: Bool = false,
    antialias: Bool = false
  ) -> Tensor {
    composed(
      "interpolated(to:)", [self],
      [
        .init("size", .ints(size)), .init("mode", .string(mode.rawValue)),
        .init("alignCorners", .bool(alignCorners)),
        .init("antialias", .bool(antialias)),
      ]
    ) {
      resized(size, factors: nil, mode, alignCorners, antialias, "interpolated(to:)")
    }
  }

  /// This tensor `[batch, channels, …]` with its last dimensions scaled by `factors`, rounded down (PyTorch's
  /// `interpolate` with `scale_factor`).
  ///
  /// Positions are computed with the factors themselves; with `recomputesFactors`, with the ratio of the sizes, as by
  /// ``interpolated(to:mode:alignCorners:antialias:)``.
  public func interpolated(
    by factors: [Double], mode: InterpolationMode = .nearest, alignCorners: Bool = false,
    antialias: Bool = false, recomputesFactors: Bool = false
  ) -> Tensor {
    composed(
      "interpolated(by:)", [self],
      [
        .init("factors", .string("\(factors)")), .init("mode", .string(mode.rawValue)),
        .init("alignCorners", .bool(alignCorners)), .init("antialias", .bool(antialias)),
        .init("recomputesFactors", .bool(recomputesFactors)),
      ]
    ) {
      guard factors.count == rank - 2, factors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        fail(
          "interpolated(by:)", "factors \(factors) for input \(shape)",
          expected: "input [batch, channels, …] and a factor above 0 for each further dimension")
      }
      let size = zip(shape.dropFirst(2), factors).map { Int((Double($0) * $1).rounded(.down)) }
      return resized(
        size, factors: recomputesFactors || mode == .area ? nil : factors, mode, alignCorners,
        antialias, "interpolated(by:)")
    }
  }

  private func resized(
    _ size: [Int], factors: [Double]?, _ mode: InterpolationMode, _ alignCorners: Bool,
    _ antialias: Bool, _ operation: String
  ) -> Tensor {
    guard rank > 2, size.count == rank - 2, elementCount > 0, size.allSatisfy({ $0 > 0 }) else {
      fail(
        operation, "size \(size) for input \(shape)",
        expected:
          "input [batch, channels, …], not empty, and a size of 1 or more for each further dimension"
      )
    }
    guard mode.spatialRank ?? (rank - 2) == rank - 2 else {
      fail(
        operation, "input \(shape) for mode \(mode.rawValue)",
        expected: "\((mode.spatialRank ?? 0) + 2) dimensions",
        hint: "the modes of straight lines are linear, bilinear and trilinear, for 3, 4 and 5")
    }
    guard !antialias || mode == .bilinear || mode == .bicubic else {
      fail(
        operation, "antialias for mode \(mode.rawValue)", expected: "mode bilinear or bicubic")
    }
    let isBytes = dtype == .uint8 && (mode == .bilinear || mode == .bicubic)
    if mode != .nearest, mode != .nearestExact, !isBytes {
      ShapeChecks.isFloatingPoint(self, for: operation)
    }
    return size.enumerated().reversed().reduce(self) { result, next in
      let axis = next.offset + 2
      let taps = ResizingTaps(
        from: shape[axis], to: next.element, factor: factors?[next.offset], mode, alignCorners,
        antialias, isDouble: dtype == .float64)
      if isBytes { return shape[axis] == next.element ? result : result.resizedBytes(axis, taps) }
      return result.resized(axis, taps)
    }
  }

  /// Resizes in integers, with weights of 15 bits, as PyTorch and Pillow resize images of bytes.
  private func resizedBytes(_ axis: Int, _ taps: ResizingTaps) -> Tensor {
    let (weights, most) = taps.joinedAtEdges()
    var bits = 0
    while bits < 22, Int(0.5 + most * Double(1 << (bits + 1))) < 1 << 15 { bits += 1 }
    var each = [Int](repeating: 1, count: rank)
    each[axis] = -1
    let one = Double(1 << bits)
    let half = Tensor(.int(Int64(1 << bits) / 2), dtype: .int64)
    let sum = zip(taps.places, weights).reduce(half) { sum, tap in
      let factors = Tensor(tap.1.map { Int64(($0 * one).rounded()) }, device: device)
        .reshaped(to: Shape(each))
      return sum + indexSelected(axis, Tensor(tap.0, device: device)).to(.int64) * factors
    }
    return sum.divided(by: Tensor(.int(Int64(1 << bits)), dtype: .int64), rounding: .floor)
      .clamped(0, 255).to(.uint8)
  }

  private func resized(_ axis: Int, _ taps: ResizingTaps) -> Tensor {
    if taps.isIdentity(of: shape[axis]) { return self }
    var each = [Int](repeating: 1, count: rank)
    each[axis] = -1
    let parts = zip(taps.places, taps.weights).map { places, weights in
      let part = indexSelected(axis, Tensor(places, device: device))
      return weights.map {
        part * Tensor($0, device: device).to(dtype).reshaped(to: Shape(each))
      } ?? part
    }
    return parts.dropFirst().reduce(parts[0], +)
  }

  /// Turns `[batch, channels · factor², height, width]` into `[batch, channels, height · factor, width · factor]`
  /// (Shi and others 2016).
  public func pixelShuffled(_ factor: Int) -> Tensor {
    composed("pixelShuffled(_:)", [self], [.init("factor", .int(factor))]) {
      guard rank >= 3, factor > 0, shape[rank - 3] % (factor * factor) == 0 else {
        fail(
          "pixelShuffled(_:)", "input \(shape), factor \(factor)",
          expected: "[…, channels, height, width], channels a multiple of factor²")
      }
      let (leading, c, h, w) = pictureSizes
      let channels = c / (factor * factor)
      return reshaped(to: [leading.reduce(1, *), channels, factor, factor, h, w]).permuted(
        0, 1, 4, 2, 5, 3
      )
      .reshaped(to: Shape(leading + [channels, h * factor, w * factor]))
    }
  }

  /// The inverse of ``pixelShuffled(_:)``.
  public func pixelUnshuffled(_ factor: Int) -> Tensor {
    composed("pixelUnshuffled(_:)", [self], [.init("factor", .int(factor))]) {
      guard rank >= 3, factor > 0, shape[rank - 2] % factor == 0, shape[rank - 1] % factor == 0
      else {
        fail(
          "pixelUnshuffled(_:)", "input \(shape), factor \(factor)",
          expected: "[…, channels, height, width], height and width multiples of the factor")
      }
      let (leading, c, h, w) = pictureSizes
      let (rows, columns) = (h / factor, w / factor)
      return reshaped(to: [leading.reduce(1, *), c, rows, factor, columns, factor]).permuted(
        0, 1, 3, 5, 2, 4
      )
      .reshaped(to: Shape(leading + [c * factor * factor, rows, columns]))
    }
  }

  private var pictureSizes: (leading: [Int], c: Int, h: Int, w: Int) {
    (Array(shape.dropLast(3)), shape[rank - 3], shape[rank - 2], shape[rank - 1])
  }

  /// The channels of `[batch, channels, …]`, which are `groups` groups one after another, interleaved: the first of
  /// each group, then the second of each (Zhang and others 2018).
  public func channelShuffled(_ groups: Int) -> Tensor {
    composed("channelShuffled(_:)", [self], [.init("groups", .int(groups))]) {
      guard rank >= 3, groups > 0, shape[1] % groups == 0 else {
        fail(
          "channelShuffled(_:)", "input \(shape), \(groups) groups",
          expected: "[batch, channels, places, …], channels a multiple of the groups")
      }
      return unflattened(1, into: [groups, shape[1] / groups]).transposed(1, 2).reshaped(to: shape)
    }
  }
}
