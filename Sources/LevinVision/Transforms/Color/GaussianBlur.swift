public import LevinData
internal import LevinFormats
internal import LevinSystem

/// Blurs images with a Gaussian kernel of random width, as `torchvision.transforms.GaussianBlur`.
public struct GaussianBlur: ImageTransform {
  /// The pixels that a kernel covers, odd numbers.
  public let width, height: Int
  /// The standard deviation in pixels.
  public let sigma: ClosedRange<Float>

  /// Traps unless the sizes are odd and the deviations are positive.
  public init(width: Int, height: Int, sigma: ClosedRange<Float> = 0.1...2) {
    guard width > 0, height > 0, width % 2 == 1, height % 2 == 1 else {
      fail(
        "GaussianBlur", "a kernel of \(height)×\(width) pixels",
        expected: "odd and positive numbers")
    }
    guard sigma.lowerBound > 0 else {
      fail("GaussianBlur", "deviations \(sigma)", expected: "positive numbers")
    }
    self.width = width
    self.height = height
    self.sigma = sigma
  }

  /// A square kernel; traps unless its size is odd and the deviations are positive.
  public init(_ size: Int, sigma: ClosedRange<Float> = 0.1...2) {
    self.init(width: size, height: size, sigma: sigma)
  }

  /// Blurs `image`; traps if it is not larger than half the kernel.
  public func apply(to image: inout ImageSample, using random: inout SampleGenerator) {
    let sigma = random.uniform(from: sigma.lowerBound, to: sigma.upperBound)
    guard image.width > width / 2, image.height > height / 2 else {
      fail(
        "GaussianBlur", "an image of \(image.height)×\(image.width) pixels",
        expected: "more than half of the kernel, \(height / 2)×\(width / 2)")
    }
    let isPicture = if case .picture = image.content { true } else { false }
    var floats = ImageSample(image.floats)
    floats.pad(ImagePadding(horizontal: width / 2, vertical: height / 2), fill: [0], .reflect)
    let blurred = Kernels.resize(
      floats.floats, rows: Self.kernel(width, sigma, outputs: image.width),
      columns: Self.kernel(height, sigma, outputs: image.height))
    guard isPicture else { return image.content = .floats(blurred) }
    image.content = .picture(Picture(rounding: blurred))
  }

  private static func kernel(_ size: Int, _ sigma: Float, outputs: Int) -> Resampling {
    let half = Float(size - 1) * 0.5
    let weights = (0..<size).map { i -> Float in
      let x = (Float(i) - half) / sigma
      return (-0.5 * x * x).exponential
    }
    let sum = weights.reduce(0, +)
    return Resampling(sliding: weights.map { Double($0 / sum) }, outputs: outputs)
  }
}

extension Picture {
  /// The bytes nearest to floats of 0…255, with ties to even numbers.
  init(rounding image: FloatImage) {
    let area = image.width * image.height
    let channels = image.channels
    let bytes = [UInt8](unsafeUninitializedCapacity: area * channels) { output, count in
      for channel in 0..<channels {
        for i in 0..<area {
          let value = image.values[channel * area + i].rounded(.toNearestOrEven)
          output[i * channels + channel] = UInt8(min(max(value, 0), 255))
        }
      }
      count = area * channels
    }
    self.init(width: image.width, height: image.height, channels: channels, bytes: bytes)
  }
}
