public import LevinTensor

/// The MNIST handwritten digits: 60,000 to train and 10,000 to test, 28×28, one byte a pixel.
public struct MNIST: Dataset {
  public var count: Int { fatalError("skeleton") }
  /// Opens the training or the test files below `root`.
  public init(root: String, train: Bool, transform: Compose) throws { fatalError("skeleton") }
  public func batch(at indices: ArraySlice<Int>) throws -> LabeledImages { fatalError("skeleton") }
}
/// A step that turns stored pixels into the numbers a model sees.
public protocol ImageTransform {}
/// Bytes 0…255 to floats 0…1.
public struct ToTensor: ImageTransform { public init() {} }
/// `(x - mean) / standardDeviation`, a channel each.
public struct Normalize: ImageTransform {
  public init(mean: [Float], standardDeviation: [Float]) {}
}
/// Transforms one after the other.
public struct Compose: ImageTransform {
  public init(_ transforms: any ImageTransform...) {}
}
