public import LevinData
internal import LevinFormats
internal import LevinSystem
public import LevinTensor

/// Bytes to floats or floats to bytes, as `torchvision.transforms.v2.ToDtype`.
///
/// With `scale`, bytes 0…255 become floats 0…1, `byte * (1 / 255)` in single precision, and floats 0…1 become the bytes
/// `float * 255.999`, cut to whole numbers. Without it, numbers stay what they are; floats are cut to whole numbers. Floats
/// that no byte can hold become 0 or 255. An image that has the dtype already is not changed.
public struct ToDtype: ImageTransform {
  /// Float32 or uint8.
  public let dtype: DType
  /// Whether 1 in floats stands for 255 in bytes.
  public let scale: Bool

  /// Traps unless `dtype` is float32 or uint8.
  public init(_ dtype: DType, scale: Bool = false) {
    checkImageDtype("ToDtype", dtype)
    (self.dtype, self.scale) = (dtype, scale)
  }

  /// Converts `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    if let step = step { return step.apply(to: &image, using: &random) }
    image.makeBytes(scale: scale)
  }
}

/// Bytes to floats or floats to bytes, as `torchvision.transforms.ConvertImageDtype`.
///
/// The same as ``ToDtype`` with `scale`, but bytes are divided by 255, as by ``ToTensor``; 126 of the 256 results differ
/// in their last bit.
public struct ConvertImageDtype: ImageTransform {
  /// Float32 or uint8.
  public let dtype: DType

  /// Traps unless `dtype` is float32 or uint8.
  public init(_ dtype: DType) {
    checkImageDtype("ConvertImageDtype", dtype)
    self.dtype = dtype
  }

  /// Converts `image`; draws nothing.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    if let step = step { return step.apply(to: &image, using: &random) }
    image.makeBytes(scale: true)
  }
}

private func checkImageDtype(_ transform: String, _ dtype: DType) {
  guard dtype == .float32 || dtype == .uint8 else {
    fail(transform, "dtype \(dtype.name)", expected: "float32 or uint8, which images have")
  }
}

/// Bytes to floats; floats stay as they are.
struct FloatsOfBytes: PointwiseTransform {
  enum Scale { case none, division, product }
  let scale: Scale

  func apply(to value: Float, channel: Int) -> Float {
    switch scale {
    case .none: value
    case .division: value / 255
    case .product: value * Float(1.0 / 255)
    }
  }

  func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    guard case .picture(let picture) = image.content else { return }
    let table = ByteTable([self], channels: picture.channels)
    image.content = .floats(
      FloatImage(
        channels: picture.channels, height: picture.height, width: picture.width,
        values: Kernels.planes(of: picture, table: table.values)))
  }
}

extension ToDtype {
  fileprivate var step: FloatsOfBytes? {
    dtype == .float32 ? FloatsOfBytes(scale: scale ? .product : .none) : nil
  }
}

extension ConvertImageDtype {
  fileprivate var step: FloatsOfBytes? {
    dtype == .float32 ? FloatsOfBytes(scale: .division) : nil
  }
}

extension ImageTransform {
  /// The transform as one of single pixels; nil if it is none.
  var pointwise: (any PointwiseTransform)? {
    switch self {
    case let conversion as ToDtype: conversion.step
    case let conversion as ConvertImageDtype: conversion.step
    default: self as? any PointwiseTransform
    }
  }
}

extension ImageSample {
  fileprivate mutating func makeBytes(scale: Bool) {
    guard case .floats(let image) = content else { return }
    let (area, channels) = (image.width * image.height, image.channels)
    let factor: Float = scale ? 255 + 1 - 1e-3 : 1
    let bytes = [UInt8](unsafeUninitializedCapacity: area * channels) { output, count in
      for channel in 0..<channels {
        for i in 0..<area {
          let value = image.values[channel * area + i] * factor
          // A NaN becomes 0.
          output[i * channels + channel] = value > 0 ? UInt8(min(value, 255)) : 0
        }
      }
      count = area * channels
    }
    content = .picture(
      Picture(width: image.width, height: image.height, channels: channels, bytes: bytes))
  }
}
