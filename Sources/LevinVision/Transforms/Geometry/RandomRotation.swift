public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Turns images by a random angle, as `torchvision.transforms.RandomRotation`.
///
/// On pictures of bytes as Pillow computes, on floats as torchvision computes tensors.
public struct RandomRotation: ImageTransform {
  /// The angles in degrees, counter-clockwise.
  public let degrees: ClosedRange<Float>
  /// How pixels are computed: nearest or bilinear, or bicubic for pictures of bytes.
  public let interpolation: Interpolation
  /// Whether the image grows so that nothing is cut off.
  public let expand: Bool
  /// The value of what comes from outside: one number or one for each channel, 0…255 for bytes.
  public let fill: [Float]

  /// Angles from `-degrees...degrees`; traps for negative numbers.
  public init(
    _ degrees: Float, interpolation: Interpolation = .nearest, expand: Bool = false,
    fill: [Float] = [0]
  ) {
    guard degrees >= 0 else {
      fail("RandomRotation", "\(degrees) degrees", expected: "0 or more, or a range")
    }
    self.init(-degrees...degrees, interpolation: interpolation, expand: expand, fill: fill)
  }

  /// Angles from a range.
  public init(
    _ degrees: ClosedRange<Float>, interpolation: Interpolation = .nearest, expand: Bool = false,
    fill: [Float] = [0]
  ) {
    self.degrees = degrees
    self.interpolation = interpolation
    self.expand = expand
    self.fill = fill
  }

  /// Turns `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let angle = random.uniform(from: degrees.lowerBound, to: degrees.upperBound)
    let (width, height) = (image.width, image.height)
    image.replace { picture in
      picture.rotated(Double(angle), interpolation, expand: expand, fill: fill)
    } floats: { floats in
      floats.rotated(Double(angle), interpolation, expand: expand, fill: fill)
    }
    image.mask = image.mask?.rotated(Double(angle), .nearest, expand: expand)
    let turn = Affine(angle: -Double(angle)).map(height: height, width: width)
    // Where the old image's sides come to lie, as torchvision computes it.
    let corners = [(0, 0), (width, 0), (width, height), (0, height)].map {
      turn.inverse(Double($0.0), Double($0.1))
    }
    let start = expand ? (corners.map(\.x).min() ?? 0, corners.map(\.y).min() ?? 0) : (0, 0)
    image.moveBoxes {
      let place = turn.inverse($0, $1)
      return (place.x - start.0, place.y - start.1)
    }
  }
}

/// Turns, moves, scales and shears images at random, as `torchvision.transforms.RandomAffine`.
///
/// On pictures of bytes as Pillow computes, on floats as torchvision computes tensors.
public struct RandomAffine: ImageTransform {
  /// The angles in degrees, counter-clockwise.
  public let degrees: ClosedRange<Float>
  /// The greatest shift, as parts of the width and the height; nil for none.
  public let translate: (horizontal: Float, vertical: Float)?
  /// The factors of the size; nil for none.
  public let scale: ClosedRange<Float>?
  /// The angles in degrees by which vertical and horizontal lines lean; nil for none.
  public let shear: (horizontal: ClosedRange<Float>, vertical: ClosedRange<Float>?)?
  /// How pixels are computed: nearest or bilinear, or bicubic for pictures of bytes.
  public let interpolation: Interpolation
  /// The value of what comes from outside: one number or one for each channel, 0…255 for bytes.
  public let fill: [Float]

  /// Traps for shifts outside of 0…1 and for factors that are not positive.
  public init(
    degrees: ClosedRange<Float>, translate: (horizontal: Float, vertical: Float)? = nil,
    scale: ClosedRange<Float>? = nil,
    shear: (horizontal: ClosedRange<Float>, vertical: ClosedRange<Float>?)? = nil,
    interpolation: Interpolation = .nearest, fill: [Float] = [0]
  ) {
    if let translate {
      guard (0...1).contains(translate.horizontal), (0...1).contains(translate.vertical) else {
        fail("RandomAffine", "shifts of \(translate)", expected: "0 to 1")
      }
    }
    guard scale.map({ $0.lowerBound > 0 }) ?? true else {
      fail("RandomAffine", "factors \(scale!)", expected: "positive numbers")
    }
    self.degrees = degrees
    self.translate = translate
    self.scale = scale
    self.shear = shear
    self.interpolation = interpolation
    self.fill = fill
  }

  /// Changes `image`.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let affine = draw(height: image.height, width: image.width, using: &random)
    image.transform("RandomAffine", interpolation, fill: fill) { width, height in
      (affine.map(height: height, width: width), width, height)
    }
  }

  func draw(height: Int, width: Int, using random: inout SampleGenerator) -> Affine {
    var affine = Affine()
    affine.angle = Double(random.uniform(from: degrees.lowerBound, to: degrees.upperBound))
    if let translate {
      func shift(_ part: Float, _ size: Int, _ random: inout SampleGenerator) -> Double {
        let most = Float(Double(part) * Double(size))
        return Double(random.uniform(from: -most, to: most)).rounded(.toNearestOrEven)
      }
      affine.shift.x = shift(translate.horizontal, width, &random)
      affine.shift.y = shift(translate.vertical, height, &random)
    }
    if let scale {
      affine.scale = Double(random.uniform(from: scale.lowerBound, to: scale.upperBound))
    }
    if let shear {
      affine.shear.x = Double(
        random.uniform(from: shear.horizontal.lowerBound, to: shear.horizontal.upperBound))
      if let vertical = shear.vertical {
        affine.shear.y = Double(
          random.uniform(from: vertical.lowerBound, to: vertical.upperBound))
      }
    }
    return affine
  }
}

/// The parameters of an affine map, in degrees and pixels.
struct Affine: Hashable {
  struct Pair: Hashable {
    var x = 0.0
    var y = 0.0
  }
  var angle = 0.0
  var shift = Pair()
  var scale = 1.0
  var shear = Pair()

  /// From places of the new image to those of the old one, around the middle or another place.
  func map(height: Int, width: Int, center: Pair? = nil) -> PixelMap {
    let center = center ?? Pair(x: Double(width) * 0.5, y: Double(height) * 0.5)
    let rotation = angle.radians
    let (sx, sy) = (shear.x.radians, shear.y.radians)
    let a = (rotation - sy).cosine / sy.cosine
    let b = -(rotation - sy).cosine * (sx.sine / sx.cosine) / sy.cosine - rotation.sine
    let c = (rotation - sy).sine / sy.cosine
    let d = -(rotation - sy).sine * (sx.sine / sx.cosine) / sy.cosine + rotation.cosine
    var m = [d, -b, 0, -c, a, 0].map { $0 / scale }
    m[2] += m[0] * (-center.x - shift.x) + m[1] * (-center.y - shift.y)
    m[5] += m[3] * (-center.x - shift.x) + m[4] * (-center.y - shift.y)
    m[2] += center.x
    m[5] += center.y
    return .affine(m)
  }
}

extension Double {
  fileprivate var radians: Double { self * .pi / 180 }
}

extension Picture {
  /// The picture turned counter-clockwise, with the bytes of Pillow's `rotate`.
  func rotated(
    _ degrees: Double, _ interpolation: Interpolation, expand: Bool = false, fill: [Float] = [0]
  ) -> Picture {
    var degrees = degrees.truncatingRemainder(dividingBy: 360)
    if degrees < 0 { degrees += 360 }
    switch degrees {
    case 0: return self
    case 180: return oriented(3)
    case 90 where expand || width == height: return oriented(8)
    case 270 where expand || width == height: return oriented(6)
    default: break
    }
    let angle = -degrees.radians
    func rounded(_ x: Double) -> Double { (x * 1e15).rounded(.toNearestOrEven) / 1e15 }
    var m = [
      rounded(angle.cosine), rounded(angle.sine), 0, rounded(-angle.sine), rounded(angle.cosine), 0,
    ]
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5])
    }
    let (w, h) = (Double(width), Double(height))
    let start = place(-w / 2, -h / 2)
    (m[2], m[5]) = (start.x + w / 2, start.y + h / 2)
    guard expand else {
      return transformed(.affine(m), width: width, height: height, interpolation, fill: fill)
    }
    let corners = [place(0, 0), place(w, 0), place(w, h), place(0, h)]
    func size(_ places: [Double]) -> Int {
      Int((places.max() ?? 0).rounded(.up) - (places.min() ?? 0).rounded(.down))
    }
    let (newWidth, newHeight) = (size(corners.map(\.x)), size(corners.map(\.y)))
    let origin = place(-(Double(newWidth) - w) / 2, -(Double(newHeight) - h) / 2)
    (m[2], m[5]) = (origin.x, origin.y)
    return transformed(
      .affine(m), width: newWidth, height: newHeight, interpolation, fill: fill)
  }
}
