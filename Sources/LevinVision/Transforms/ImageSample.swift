internal import LevinData
public import LevinFormats
internal import LevinSystem

/// An image on its way from stored bytes to the numbers that a model sees.
///
/// It is a picture of bytes until ``ToTensor``, on which transforms compute as Pillow does, and an image of floats from
/// then on, on which they compute as torchvision does with tensors.
public struct ImageSample: Sendable {
  /// The bytes or floats of an image.
  public enum Content: Sendable {
    /// Bytes, the channels of a pixel side by side.
    case picture(Picture)
    /// Floats, one plane for each channel.
    case floats(FloatImage)
  }
  /// The image.
  public var content: Content
  /// The class of each pixel, a picture of one channel and of the image's size.
  ///
  /// What changes places in the image changes it, too, by the nearest pixel; what comes from outside is 0.
  public var mask: Picture?
  /// Boxes around things in the image, which move with its pixels.
  public var boxes: [BoundingBox] = []

  /// An image of bytes, with what is known about its places.
  ///
  /// Traps unless the mask has one channel and the image's size.
  public init(_ picture: Picture, mask: Picture? = nil, boxes: [BoundingBox] = []) {
    content = .picture(picture)
    if let mask, mask.channels != 1 || mask.width != picture.width || mask.height != picture.height
    {
      fail(
        "ImageSample",
        "a mask of \(mask.width)×\(mask.height) pixels and \(mask.channels) channels",
        expected: "\(picture.width)×\(picture.height) pixels and 1 channel, as the image")
    }
    (self.mask, self.boxes) = (mask, boxes)
  }
  /// An image of floats.
  public init(_ image: FloatImage) { content = .floats(image) }

  /// Creates an image of floats; traps unless there are `channels * height * width` pixels.
  public init(channels: Int, height: Int, width: Int, pixels: [Float]) {
    content = .floats(
      FloatImage(channels: channels, height: height, width: width, values: pixels))
  }

  /// The number of channels.
  public var channels: Int {
    switch content {
    case .picture(let picture): picture.channels
    case .floats(let image): image.channels
    }
  }
  /// The height in pixels.
  public var height: Int {
    switch content {
    case .picture(let picture): picture.height
    case .floats(let image): image.height
    }
  }
  /// The width in pixels.
  public var width: Int {
    switch content {
    case .picture(let picture): picture.width
    case .floats(let image): image.width
    }
  }

  /// `[channels, height, width]` as floats; bytes are 0…255.
  ///
  /// Changing them makes floats of bytes.
  public var pixels: [Float] {
    get { floats.values }
    _modify {
      var image = floats
      // So that there is one reference, and nothing is copied.
      content = .floats(FloatImage(channels: 0, height: 0, width: 0, values: []))
      defer { content = .floats(image) }
      yield &image.values
    }
  }

  /// The image as floats; bytes are 0…255.
  var floats: FloatImage {
    switch content {
    case .floats(let image): image
    case .picture(let picture):
      FloatImage(
        channels: picture.channels, height: picture.height, width: picture.width,
        values: Kernels.planes(
          of: picture, table: (0..<picture.channels).flatMap { _ in (0...255).map { Float($0) } }))
    }
  }

  /// Calls the closure for bytes or that for floats, and keeps the result.
  mutating func replace(
    picture: (Picture) -> Picture, floats: (FloatImage) -> FloatImage
  ) {
    switch content {
    case .picture(let bytes): content = .picture(picture(bytes))
    case .floats(let image): content = .floats(floats(image))
    }
  }

  /// Calls the closure for a picture of bytes; traps for floats.
  mutating func replacePicture(_ operation: String, _ body: (Picture) -> Picture) {
    guard case .picture(let picture) = content else {
      fail(
        operation, "an image of floats", expected: "bytes",
        hint: "put it before ToTensor, as in torchvision for PIL images")
    }
    content = .picture(body(picture))
  }

  /// Traps if there are a mask or boxes, for operations that cannot move them.
  func checkHasNoPlaces(_ operation: String) {
    guard mask == nil, boxes.isEmpty else {
      fail(
        operation, "an image with a mask or boxes", expected: "an image alone, as in torchvision",
        hint: "RandomAffine and the transforms of colours keep them right")
    }
  }
}
