public import LevinData
internal import LevinSystem

/// The middle of images, as `torchvision.transforms.CenterCrop`.
///
/// A side that is too short is padded with zeros.
public struct CenterCrop: ImageTransform {
  /// The size; one number is that of a square.
  public let size: ImageSize

  /// Traps unless all sizes are positive.
  public init(_ size: ImageSize) {
    _ = size.square("CenterCrop")
    self.size = size
  }

  /// Crops `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let (height, width) = size.square("CenterCrop")
    let (missingRows, missingColumns) = (max(height - image.height, 0), max(width - image.width, 0))
    // Python's round, to even.
    func start(_ size: Int, _ count: Int, _ missing: Int) -> Int {
      missing > 0
        ? -(missing / 2)
        : Int((Double(size - count) / 2).rounded(.toNearestOrEven))
    }
    image.crop(
      top: start(image.height, height, missingRows),
      left: start(image.width, width, missingColumns), height: height, width: width)
  }
}

/// A part of images of one size at a random place, as `torchvision.transforms.RandomCrop`.
public struct RandomCrop: ImageTransform {
  /// The size; one number is that of a square.
  public let size: ImageSize
  /// Pixels added around the image before.
  public let padding: ImagePadding?
  /// Whether smaller images are padded on both sides.
  public let padIfNeeded: Bool
  /// The value that is added: one number or one for each channel, 0…255 for bytes.
  public let fill: [Float]
  /// What is added.
  public let paddingMode: ImagePaddingMode

  /// Traps unless all sizes are positive.
  public init(
    _ size: ImageSize, padding: ImagePadding? = nil, padIfNeeded: Bool = false,
    fill: [Float] = [0], paddingMode: ImagePaddingMode = .constant
  ) {
    _ = size.square("RandomCrop")
    self.size = size
    self.padding = padding
    self.padIfNeeded = padIfNeeded
    self.fill = fill
    self.paddingMode = paddingMode
  }

  /// Crops `image`; traps if it is too small.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let (height, width) = size.square("RandomCrop")
    if let padding { image.pad(padding, fill: fill, paddingMode) }
    if padIfNeeded {
      if image.width < width {
        image.pad(
          ImagePadding(horizontal: width - image.width, vertical: 0), fill: fill, paddingMode)
      }
      if image.height < height {
        image.pad(
          ImagePadding(horizontal: 0, vertical: height - image.height), fill: fill, paddingMode)
      }
    }
    guard height <= image.height, width <= image.width else {
      fail(
        "RandomCrop", "an image of \(image.height)×\(image.width) pixels",
        expected: "at least \(height)×\(width)", hint: "padIfNeeded: true pads it")
    }
    guard height < image.height || width < image.width else { return }
    let top = random.integer(in: 0..<image.height - height + 1)
    let left = random.integer(in: 0..<image.width - width + 1)
    image.crop(top: top, left: left, height: height, width: width)
  }
}

/// A part of images of random size and shape, resized to one size, as `torchvision.transforms.RandomResizedCrop`.
public struct RandomResizedCrop: ImageTransform {
  /// The size of the result; one number is that of a square.
  public let size: ImageSize
  /// The part's share of the area.
  public let scale: ClosedRange<Float>
  /// The part's width divided by its height.
  public let ratio: ClosedRange<Float>
  /// How pixels are computed.
  public let interpolation: Interpolation
  /// Whether images of floats are smoothed when they get smaller; pictures always are.
  public let antialias: Bool

  /// Traps unless all sizes, shares and ratios are positive.
  public init(
    _ size: ImageSize, scale: ClosedRange<Float> = 0.08...1,
    ratio: ClosedRange<Float> = 3.0 / 4...4.0 / 3, interpolation: Interpolation = .bilinear,
    antialias: Bool = true
  ) {
    _ = size.square("RandomResizedCrop")
    guard scale.lowerBound > 0, ratio.lowerBound > 0 else {
      fail("RandomResizedCrop", "scale \(scale) and ratio \(ratio)", expected: "positive numbers")
    }
    self.size = size
    self.scale = scale
    self.ratio = ratio
    self.interpolation = interpolation
    self.antialias = antialias
  }

  /// Crops and resizes `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let part = draw(height: image.height, width: image.width, using: &random)
    let (height, width) = size.square("RandomResizedCrop")
    image.crop(top: part.top, left: part.left, height: part.height, width: part.width)
    image.resize(height: height, width: width, interpolation, antialias: antialias)
  }

  /// The part of an image of this size.
  func draw(
    height: Int, width: Int, using random: inout SampleGenerator
  ) -> (top: Int, left: Int, height: Int, width: Int) {
    if let part = drawArea(
      height: height, width: width, scale: scale, ratio: ratio, attempts: 10, using: &random,
      sides: { area, ratio in ((area / ratio).squareRoot(), (area * ratio).squareRoot()) },
      fits: { $0 > 0 && $0 <= height && $1 > 0 && $1 <= width })
    {
      return part
    }
    // The whole image, as far as the ratio allows.
    let own = Double(width) / Double(height)
    let (low, high) = (Double(ratio.lowerBound), Double(ratio.upperBound))
    var size = (height: height, width: width)
    if own < low {
      size.height = Int((Double(width) / low).rounded(.toNearestOrEven))
    } else if own > high {
      size.width = Int((Double(height) * high).rounded(.toNearestOrEven))
    }
    return ((height - size.height) / 2, (width - size.width) / 2, size.height, size.width)
  }
}

/// Draws an area of random share and ratio and its place, as torchvision does; nil if none of the attempts fits.
func drawArea(
  height: Int, width: Int, scale: ClosedRange<Float>, ratio: ClosedRange<Float>, attempts: Int,
  using random: inout SampleGenerator,
  sides: (_ area: Double, _ ratio: Double) -> (height: Double, width: Double),
  fits: (_ height: Int, _ width: Int) -> Bool,
  onFit: (_ height: Int, _ width: Int, inout SampleGenerator) -> Void = { _, _, _ in }
) -> (top: Int, left: Int, height: Int, width: Int)? {
  let (low, high) = (ratio.lowerBound.logarithm, ratio.upperBound.logarithm)
  for _ in 0..<attempts {
    let share = random.uniform(from: scale.lowerBound, to: scale.upperBound)
    let area = Double(height * width) * Double(share)
    let ratio = Double(random.uniform(from: low, to: high).exponential)
    let exact = sides(area, ratio)
    let size = (
      height: Int(exact.height.rounded(.toNearestOrEven)),
      width: Int(exact.width.rounded(.toNearestOrEven))
    )
    guard fits(size.height, size.width) else { continue }
    onFit(size.height, size.width, &random)
    let top = random.integer(in: 0..<height - size.height + 1)
    let left = random.integer(in: 0..<width - size.width + 1)
    return (top, left, size.height, size.width)
  }
  return nil
}

extension ImageSample {
  /// The part from row `top` and column `left` on; places outside of the image are 0.
  mutating func crop(top: Int, left: Int, height: Int, width: Int) {
    guard top != 0 || left != 0 || height != self.height || width != self.width else { return }
    remap(
      rows: AxisMap(top, height, of: self.height), columns: AxisMap(left, width, of: self.width))
    moveBoxes { ($0 - Double(left), $1 - Double(top)) }
  }
}
