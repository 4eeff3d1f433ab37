internal import LevinSystem
public import LevinTensor

/// Mixes each image of a batch with the one before it, and their labels in the same proportion, as
/// `torchvision.transforms.v2.MixUp` (Zhang and others 2017).
///
///     let (images, targets) = MixUp(classCount: 10)(batch.images, batch.labels)
///     let loss = crossEntropy(model(images), targets)
public struct MixUp: Sendable {
  /// The parameter of the Beta distribution of the proportion.
  public let alpha: Double
  /// The number of classes, for labels that are numbers of classes.
  public let classCount: Int?

  /// Traps unless `alpha` is positive.
  public init(alpha: Double = 1, classCount: Int? = nil) {
    checkMixing("MixUp", alpha)
    self.alpha = alpha
    self.classCount = classCount
  }

  /// The mixed images, and targets `[batch, classes]`.
  ///
  /// - Parameters:
  ///   - images: `[batch, channels, height, width]`, floating-point.
  ///   - labels: Numbers of classes `[batch]`, or targets `[batch, classes]` of floats.
  public func callAsFunction(
    _ images: Tensor, _ labels: Tensor, generator: Generator = .default
  ) -> (images: Tensor, targets: Tensor) {
    let part = Double(generator.beta(alpha))
    let targets = mixable("MixUp", labels, classCount)
    return (mixed(images, part), mixed(targets, part))
  }
}

/// Puts a rectangle of the image before into each image of a batch, and mixes their labels by its area, as
/// `torchvision.transforms.v2.CutMix` (Yun and others 2019).
public struct CutMix: Sendable {
  /// The parameter of the Beta distribution of the proportion.
  public let alpha: Double
  /// The number of classes, for labels that are numbers of classes.
  public let classCount: Int?

  /// Traps unless `alpha` is positive.
  public init(alpha: Double = 1, classCount: Int? = nil) {
    checkMixing("CutMix", alpha)
    self.alpha = alpha
    self.classCount = classCount
  }

  /// The images with their rectangles, and targets `[batch, classes]`.
  ///
  /// - Parameters:
  ///   - images: `[batch, channels, height, width]`, floating-point.
  ///   - labels: Numbers of classes `[batch]`, or targets `[batch, classes]` of floats.
  public func callAsFunction(
    _ images: Tensor, _ labels: Tensor, generator: Generator = .default
  ) -> (images: Tensor, targets: Tensor) {
    guard images.rank == 4 else {
      fail(
        "CutMix", "images of shape \(images.shape)", expected: "[batch, channels, height, width]")
    }
    let (height, width) = (images.shape[2], images.shape[3])
    let part = Double(generator.beta(alpha))
    let (x, y) = (generator.integer(below: width), generator.integer(below: height))
    let half = 0.5 * (1 - part).squareRoot()
    let (halfWidth, halfHeight) = (Int(half * Double(width)), Int(half * Double(height)))
    let columns = max(x - halfWidth, 0)..<min(x + halfWidth, width)
    let rows = max(y - halfHeight, 0)..<min(y + halfHeight, height)
    let kept = 1 - Double(columns.count * rows.count) / Double(width * height)
    var result = images
    if !columns.isEmpty, !rows.isEmpty {
      let before = images.rolled([1], dimensions: [0])
      result[.all, .all, rows, columns] =
        before[.all, .all, rows, columns]
    }
    return (result, mixed(mixable("CutMix", labels, classCount), kept))
  }
}

private func checkMixing(_ transform: String, _ alpha: Double) {
  guard alpha > 0, alpha.isFinite else {
    fail(transform, "alpha \(alpha)", expected: "a positive number")
  }
}

/// Targets of floats, one-hot if they were numbers of classes.
private func mixable(_ transform: String, _ labels: Tensor, _ classCount: Int?) -> Tensor {
  guard !labels.dtype.isFloatingPoint else { return labels }
  guard let classCount, labels.rank == 1 else {
    fail(
      transform, "labels \(labels.shape) of dtype \(labels.dtype.name)",
      expected: "numbers of classes [batch] with a classCount, or floats [batch, classes]")
  }
  return labels.to(.int64).oneHot(classCount).to(.float32)
}

private func mixed(_ tensor: Tensor, _ part: Double) -> Tensor {
  tensor * part + tensor.rolled([1], dimensions: [0]) * (1 - part)
}
