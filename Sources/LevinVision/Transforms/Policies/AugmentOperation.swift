internal import LevinFormats
internal import LevinSystem

/// The operations that automatic augmentation is made of, under torchvision's names.
enum AugmentOperation: String, Sendable, CaseIterable {
  // The order is the one in which RandAugment counts them.
  case identity = "Identity"
  case shearX = "ShearX"
  case shearY = "ShearY"
  case translateX = "TranslateX"
  case translateY = "TranslateY"
  case rotate = "Rotate"
  case brightness = "Brightness"
  case color = "Color"
  case contrast = "Contrast"
  case sharpness = "Sharpness"
  case posterize = "Posterize"
  case solarize = "Solarize"
  case autoContrast = "AutoContrast"
  case equalize = "Equalize"
  case invert = "Invert"

  /// Those of RandAugment and TrivialAugment.
  static let common = Array(allCases.dropLast())

  /// Whether a strength may be negated.
  var isSigned: Bool {
    switch self {
    case .shearX, .shearY, .translateX, .translateY, .rotate, .brightness, .color, .contrast,
      .sharpness:
      true
    default: false
    }
  }

  /// Whether it has strengths.
  var hasStrength: Bool { isSigned || self == .posterize || self == .solarize }

  /// The greatest strengths.
  struct Limits: Sendable {
    var shear: Float = 0.3
    /// As parts of the width and the height, or in pixels.
    var translation: (x: Float, y: Float)
    var rotation: Float = 30
    var enhancement: Float = 0.9
    var lostBits: Double = 4
  }

  /// Strength `bin` of `bins` from 0 to the limit.
  func strength(_ bin: Int, of bins: Int, _ limits: Limits) -> Double {
    switch self {
    case .shearX, .shearY: Self.linear(0, limits.shear, bin, bins)
    case .translateX: Self.linear(0, limits.translation.x, bin, bins)
    case .translateY: Self.linear(0, limits.translation.y, bin, bins)
    case .rotate: Self.linear(0, limits.rotation, bin, bins)
    case .brightness, .color, .contrast, .sharpness: Self.linear(0, limits.enhancement, bin, bins)
    case .posterize:
      8
        - Double(Float(bin) / Float(Double(bins - 1) / limits.lostBits))
        .rounded(.toNearestOrEven)
    case .solarize: Self.linear(255, 0, bin, bins)
    default: 0
    }
  }

  /// Entry `bin` of `torch.linspace`, which counts the second half from its end, in single precision.
  private static func linear(_ start: Float, _ end: Float, _ bin: Int, _ bins: Int) -> Double {
    let step = (end - start) / Float(bins - 1)
    return Double(
      bin < bins / 2
        ? start.addingProduct(step, Float(bin)) : end.addingProduct(-step, Float(bins - 1 - bin)))
  }

  func apply(
    to picture: Picture, _ strength: Double, _ interpolation: Interpolation, fill: [Float]
  ) -> Picture {
    func affine(_ affine: Affine, center: Affine.Pair? = nil) -> Picture {
      picture.transformed(
        affine.map(height: picture.height, width: picture.width, center: center),
        width: picture.width, height: picture.height, interpolation, fill: fill)
    }
    let factor = Float(1 + strength)
    switch self {
    case .identity: return picture
    case .shearX:
      return affine(
        Affine(shear: .init(x: strength.arcTangent * 180 / .pi)), center: Affine.Pair())
    case .shearY:
      return affine(
        Affine(shear: .init(y: strength.arcTangent * 180 / .pi)), center: Affine.Pair())
    case .translateX: return affine(Affine(shift: .init(x: strength.rounded(.towardZero))))
    case .translateY: return affine(Affine(shift: .init(y: strength.rounded(.towardZero))))
    case .rotate: return picture.rotated(strength, interpolation, fill: fill)
    case .brightness: return picture.brightened(factor)
    case .color: return picture.saturated(factor)
    case .contrast: return picture.contrasted(factor)
    case .sharpness: return picture.sharpened(factor)
    case .posterize: return picture.posterized(Int(strength))
    case .solarize: return picture.solarized(Float(strength))
    case .autoContrast: return picture.autocontrasted
    case .equalize: return picture.equalized
    case .invert: return picture.mapped((0...255).map { 255 - $0 })
    }
  }
}
