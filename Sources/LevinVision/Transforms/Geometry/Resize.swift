public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Resizes images, as `torchvision.transforms.Resize`.
///
/// Pictures of bytes are computed as Pillow 13 computes them, bit for bit; images of floats as torchvision computes
/// tensors.
public struct Resize: ImageTransform {
  /// The size: one number is that of the shorter side.
  public let size: ImageSize
  /// How pixels are computed.
  public let interpolation: Interpolation
  /// The greatest size of the longer side, for a size of one number.
  public let maximumSize: Int?
  /// Whether images of floats are smoothed when they get smaller; pictures always are.
  public let antialias: Bool

  /// Traps unless all sizes are positive, and the greatest size is larger than the size, which must be one number.
  public init(
    _ size: ImageSize, interpolation: Interpolation = .bilinear, maximumSize: Int? = nil,
    antialias: Bool = true
  ) {
    let (height, width) = size.square("Resize")
    if let maximumSize {
      guard case .side = size, maximumSize > max(height, width) else {
        fail(
          "Resize", "a greatest size of \(maximumSize) for a size of \(height)×\(width)",
          expected: "more than a size of one number")
      }
    }
    self.size = size
    self.interpolation = interpolation
    self.maximumSize = maximumSize
    self.antialias = antialias
  }

  /// Resizes `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let (height, width) = target(height: image.height, width: image.width)
    image.resize(height: height, width: width, interpolation, antialias: antialias)
  }

  /// The new size of an image.
  func target(height: Int, width: Int) -> (height: Int, width: Int) {
    guard case .side(let side) = size else { return size.square("Resize") }
    let (short, long) = (min(height, width), max(height, width))
    guard short > 0 else { fail("Resize", "an image without pixels", expected: "at least one") }
    var (newShort, newLong) = (side, Int(Double(side) * Double(long) / Double(short)))
    if let maximumSize, newLong > maximumSize {
      (newShort, newLong) = (
        Int(Double(maximumSize) * Double(newShort) / Double(newLong)), maximumSize
      )
    }
    return height <= width ? (newShort, newLong) : (newLong, newShort)
  }
}

extension ImageSample {
  mutating func resize(
    height: Int, width: Int, _ interpolation: Interpolation, antialias: Bool = true
  ) {
    guard height != self.height || width != self.width else { return }
    let (scaleX, scaleY) = (
      Double(width) / Double(self.width), Double(height) / Double(self.height)
    )
    defer { moveBoxes { ($0 * scaleX, $1 * scaleY) } }
    if interpolation == .nearest {
      let isPicture = if case .picture = content { true } else { false }
      return remap(
        rows: isPicture
          ? .nearestOfPillow(self.height, height) : .nearestOfTorch(self.height, height),
        columns: isPicture
          ? .nearestOfPillow(self.width, width) : .nearestOfTorch(self.width, width))
    }
    mask = mask.map {
      $0.remapped(
        rows: .nearestOfPillow($0.height, height), columns: .nearestOfPillow($0.width, width),
        fill: [0])
    }
    replace { picture in
      picture.resized(width: width, height: height, interpolation)
    } floats: { image in
      guard interpolation == .bilinear || interpolation == .bicubic else {
        fail(
          "Resize", "\(interpolation.rawValue) interpolation of floats",
          expected: "nearest, bilinear or bicubic")
      }
      return Kernels.resize(
        image,
        rows: width == image.width
          ? nil : Resampling(interpolation, from: image.width, to: width, antialias: antialias),
        columns: height == image.height
          ? nil : Resampling(interpolation, from: image.height, to: height, antialias: antialias))
    }
  }
}

extension Picture {
  /// The picture in another size, with the bytes of Pillow 13's `resize`.
  func resized(width: Int, height: Int, _ interpolation: Interpolation) -> Picture {
    let rows =
      width == self.width ? nil : Resampling(interpolation, from: self.width, to: width)
    let columns =
      height == self.height ? nil : Resampling(interpolation, from: self.height, to: height)
    var result = self
    // Bytes are rounded after each pass. Since version 13 Pillow begins with the one that saves more of the other.
    let less = self.height - height
    if let columns, less > 0, less > 2 * (self.width - width) {
      result = Kernels.resizeColumns(result, columns)
      return rows.map { Kernels.resizeRows(result, $0) } ?? result
    }
    if let rows { result = Kernels.resizeRows(result, rows) }
    return columns.map { Kernels.resizeColumns(result, $0) } ?? result
  }
}

extension AxisMap {
  /// Pillow adds the scale in double precision, with its rounding errors.
  static func nearestOfPillow(_ size: Int, _ count: Int) -> AxisMap {
    let scale = Double(size) / Double(count)
    var place = scale * 0.5
    return AxisMap(
      (0..<count).map { _ in
        defer { place += scale }
        return min(Int(place), size - 1)
      })
  }

  /// torch multiplies in single precision.
  static func nearestOfTorch(_ size: Int, _ count: Int) -> AxisMap {
    let scale = Float(size) / Float(count)
    return AxisMap((0..<count).map { min(Int(Float($0) * scale), size - 1) })
  }
}
