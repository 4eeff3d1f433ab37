internal import LevinTensor

extension Conversion {
  func resizing() throws -> [String]? {
    switch step.name {
    case "interpolated(to:)": return try resized()
    case "interpolated(by:)": return try resized()
    default: return nil
    }
  }

  /// One operator for what every runtime computes in the same way; the rest are sums of gathered elements.
  private func resized() throws -> [String]? {
    let (x, mode) = (inputs[0], try string("mode"))
    let source = x.first.shape.dropFirst(2).map { $0 }
    let target = self.output.first.shape.dropFirst(2).map { $0 }
    guard x.dtype == .float32, try !bool("antialias") else { return nil }
    let isWhole = zip(source, target).allSatisfy { $1 % $0 == 0 }
    var attributes: [(String, ONNXModel.Attribute.Value)]
    switch mode {
    case "nearest" where isWhole:
      attributes = [
        ("coordinate_transformation_mode", .string("asymmetric")), ("mode", .string("nearest")),
        ("nearest_mode", .string("floor")),
      ]
    case "linear", "bilinear", "trilinear", "bicubic":
      // With factors that the sizes do not follow exactly, positions are others.
      let factors = (try? string("factors")) != nil
      let alignsCorners = try bool("alignCorners")
      guard alignsCorners || !factors || isWhole else { return nil }
      attributes = [
        (
          "coordinate_transformation_mode",
          .string(alignsCorners ? "align_corners" : "half_pixel")
        ),
        ("mode", .string(mode == "bicubic" ? "cubic" : "linear")),
      ]
      if mode == "bicubic" { attributes.append(("cubic_coeff_a", .float(-0.75))) }
    default: return nil
    }
    // The sizes of batch and channels are the input's, whatever they are.
    let scales = zip(source, target).map { Float(Double($1) / Double($0)) }
    if isWhole, !(try bool("alignCorners")) {
      let all = Tensor([1, 1] + scales, shape: [scales.count + 2])
      return [node("Resize", [try input(0), "", constant(all)], attributes)]
    }
    let sizes = try builder.shape(output.sizes, in: step.scopes)
    return [node("Resize", [try input(0), "", "", sizes], attributes)]
  }
}
